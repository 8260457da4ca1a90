"""Nothing tells afterwards who voted, and a shared device keeps nothing."""

import logging
import sys

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from ballots.voting import codes, cookies

from .walking import CAST, FILL, RECEIPT, hidden, review, scan

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_ballot_pages_are_kept_nowhere_and_tell_nobody_where_their_reader_came_from(client, poll, slip):
    pages = [client.get(reverse("ballots:code_enter")), scan(client, slip), client.get(FILL)]
    reviewed = review(client, poll)
    pages += [reviewed, client.post(CAST, hidden(reviewed)), client.get(RECEIPT), scan(client, "ABCDEABCDE")]

    for page in pages:
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]


def test_a_participant_gets_signed_cookies_that_scripts_cannot_read_and_no_session(
    client, poll, slip, screen, settings
):
    settings.HTTPS = True
    scan(client, slip)
    client.post(CAST, hidden(review(client, poll)))
    scan(client, codes.screen_code(screen))

    own = {"__Host-ballot_ticket", "__Host-ballot_stub", "__Host-ballot_browser", "__Secure-ballot_draft"}
    assert set(client.cookies) == own
    assert client.cookies.pop("__Secure-ballot_draft").value == ""
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
        assert slip not in cookie.value
    assert Session.objects.count() == 0


def test_no_page_shows_a_code(client, poll, slip):
    pages = [scan(client, slip), client.get(FILL)]
    reviewed = review(client, poll)
    pages += [reviewed, client.post(CAST, hidden(reviewed)), client.get(RECEIPT), scan(Client(), slip)]
    pages += [Client().post(reverse("ballots:code_enter"), {"code": slip})]

    for page in pages:
        assert slip not in page.content.decode()
        assert slip not in page.get("Location", "")


def test_logs_carry_no_code(client, poll, slip, capfd, monkeypatch):
    (handler,) = (handler_ for handler_ in logging.getLogger("django").handlers if handler_.get_name() == "console")
    # pytest puts something else in the place of standard error for each test.
    monkeypatch.setattr(handler, "stream", sys.stderr)
    used = slip
    scan(client, used)
    client.post(CAST, hidden(review(client, poll)))

    scan(Client(), used)

    logged = capfd.readouterr().err
    assert "Not Found: /v/******/" in logged
    assert used not in logged


def test_a_shared_device_is_handed_over_with_nothing_of_the_last_person_on_it(client, poll, slip):
    scan(client, slip)
    client.post(CAST, hidden(review(client, poll)))

    handed = client.post(reverse("ballots:hand_over"))

    assert (handed.status_code, handed.url) == (302, reverse("ballots:code_enter"))
    assert {name for name, cookie in client.cookies.items() if cookie.value} <= {"ballot_browser"}
    assert client.get(RECEIPT).status_code == 404
    next_slip = codes.make_slips(poll.batches.get(), 1)[0]
    scan(client, next_slip)
    assert client.get(FILL).status_code == 200


def test_a_device_that_voted_in_a_room_stays_known_to_it_when_it_is_handed_over(client, poll):
    """Else a person with the room's code could vote again and again."""
    client.cookies[cookies.BROWSER] = "kept"

    client.post(reverse("ballots:hand_over"))

    assert client.cookies[cookies.BROWSER].value == "kept"
