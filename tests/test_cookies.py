"""Cookies under HTTPS are this host's alone; in clear they have plain names, which browsers keep there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from ballots.voting import codes
from pingyi.cookies import cookie_name
from tests.factories import make_batch, make_letter, make_open_poll, make_organization, make_user

ROOT = Path(__file__).resolve().parent.parent
NAMES = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE"


def told_under_https(settings, folder, *, https="1") -> list[str]:
    """The words of settings in a process that is started with HTTPS or without."""
    environment = os.environ | {
        "PINGYI_HTTPS": https,
        "PINGYI_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "pingyi.settings",
    }
    words = [sys.executable, "-c", f"from django.conf import settings as s; print({settings})"]
    told = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.split()


@pytest.mark.parametrize(
    ("https", "names"), [("1", "__Host-sessionid __Host-csrftoken True"), ("0", "sessionid csrftoken False")]
)
def test_session_and_token_have_the_prefix_under_https_alone(https, names, tmp_path):
    assert told_under_https(NAMES, tmp_path, https=https) == names.split()


@pytest.mark.parametrize(
    ("https", "path", "name"),
    [(True, "/", "__Host-x"), (True, "/v/", "__Secure-x"), (False, "/", "x"), (False, "/v/", "x")],
)
def test_a_cookie_with_a_path_of_its_own_has_the_lesser_prefix(settings, https, path, name):
    settings.HTTPS = https

    assert cookie_name("x", path=path) == name


@pytest.fixture
def https(settings):
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"


def bound_to_the_host(cookie):
    return bool(cookie["secure"]) and cookie["path"] == "/" and not cookie["domain"]


@pytest.mark.django_db
def test_every_cookie_of_a_participant_has_a_prefix_that_its_attributes_allow(https):
    batch = make_batch(make_open_poll())
    (slip,) = codes.make_slips(batch, 1)
    client = Client()

    client.post(reverse("ballots:code_enter"), {"code": "wrong"})
    client.post(reverse("ballots:code_enter"), {"code": slip})

    assert client.cookies
    for name, cookie in client.cookies.items():
        assert (name.startswith("__Secure-") and cookie["secure"]) or (
            name.startswith("__Host-") and bound_to_the_host(cookie)
        )
    assert client.get(reverse("ballots:ballot_fill")).status_code == 200
    assert "__Host-ballot_ticket" in client.cookies


@pytest.mark.django_db
def test_a_ticket_under_the_plain_name_is_none_under_https(https):
    batch = make_batch(make_open_poll())
    (slip,) = codes.make_slips(batch, 1)
    client = Client()
    client.cookies["ballot_ticket"] = codes.exchange(slip).dumps()

    assert client.get(reverse("ballots:ballot_fill")).status_code != 200


@pytest.mark.django_db
def test_the_letter_s_cookies_have_it_too(https):
    box = make_letter(make_organization()).letterbox
    client = Client()

    client.get(reverse("reports:letter_write", args=[box.token]))

    assert client.cookies and all(name.startswith("__Host-") for name in client.cookies)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["csrftoken", "__Host-csrftoken"])
def test_scripts_learn_the_name_of_the_token_s_cookie_from_the_page(name, client, settings):
    settings.CSRF_COOKIE_NAME = name
    client.force_login(make_user())

    page = client.get(reverse("reports:home")).content.decode()

    assert f'data-csrf-cookie="{name}"' in page
    for script in ("words.js", "keying.js"):
        text = (ROOT / "static" / "js" / script).read_text()
        assert "dataset.csrfCookie" in text and "csrftoken=" not in text
