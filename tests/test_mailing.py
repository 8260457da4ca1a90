"""The address of a mail server is read whole, and a password never travels in the open."""

import os
import subprocess
import sys

import pytest

from pingyi.mailing import mail_settings
from pingyi.settings import BASE_DIR


@pytest.mark.parametrize(
    ("url", "port", "lock"),
    [
        ("smtps://clerk:a%40b@mail.example.cn", 465, {"EMAIL_USE_SSL": True}),
        ("smtp+tls://clerk:a%40b@mail.example.cn", 587, {"EMAIL_USE_TLS": True}),
        ("smtps://clerk:a%40b@mail.example.cn:994", 994, {"EMAIL_USE_SSL": True}),
    ],
)
def test_a_server_is_read_with_its_port_its_lock_and_its_password(url, port, lock):
    assert mail_settings(url) == {
        "EMAIL_HOST": "mail.example.cn",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "clerk",
        "EMAIL_HOST_PASSWORD": "a@b",
        **lock,
    }


def test_a_server_on_this_machine_may_be_plain():
    assert mail_settings("smtp://127.0.0.1:2525")["EMAIL_PORT"] == 2525
    assert mail_settings("smtp://clerk:secret@localhost")["EMAIL_HOST_PASSWORD"] == "secret"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.cn",
        "http://mail.example.cn",
        "smtps://",
        "smtps://mail.example.cn/inbox",
        "smtp://clerk:secret@mail.example.cn",
        "smtp://clerk:secret@10.0.0.5",
    ],
)
def test_anything_else_is_refused_without_telling_the_password(url):
    with pytest.raises(ValueError, match="wants") as refusal:
        mail_settings(url)

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PINGYI_EMAIL_URL": "smtps://clerk:secret@mail.example.cn"}, "set PINGYI_EMAIL_FROM"),
        (
            {"PINGYI_EMAIL_URL": "clerk:secret@mail.example.cn", "PINGYI_EMAIL_FROM": "a@example.cn"},
            "PINGYI_EMAIL_URL wants",
        ),
        ({"PINGYI_WEBHOOK_NETWORKS": "intranet"}, "PINGYI_WEBHOOK_NETWORKS wants networks"),
        ({"PINGYI_SITE": "pingyi.example.cn"}, "PINGYI_SITE wants an address"),
    ],
)
def test_settings_that_cannot_be_stop_with_what_to_do_and_without_the_password(environment, words, tmp_path):
    known = {name: value for name, value in os.environ.items() if not name.startswith("PINGYI_")}
    stopped = subprocess.run(
        [sys.executable, "-c", "import pingyi.settings"],
        cwd=BASE_DIR,
        env=known | {"PINGYI_VAR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
    )

    assert stopped.returncode == 1
    assert words in stopped.stderr.splitlines()[-1]
    assert "secret" not in stopped.stderr


def test_the_demo_sends_nothing(tmp_path):
    mail = {"PINGYI_EMAIL_URL": "smtp://127.0.0.1", "PINGYI_EMAIL_FROM": "a@example.cn"}
    shown = subprocess.run(
        [sys.executable, "-c", "from pingyi import settings as s; print(s.HAS_MAIL, s.HAS_WEBHOOKS)"],
        cwd=BASE_DIR,
        env=os.environ | mail | {"PINGYI_VAR": str(tmp_path), "PINGYI_DEMO": "1"},
        capture_output=True,
        text=True,
    )

    assert shown.stdout.split() == ["False", "False"]
