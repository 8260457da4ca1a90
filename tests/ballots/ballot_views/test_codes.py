"""Codes, cookies and keys that let in, and those that are refused kindly."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.models import Ballot
from ballots.voting import casting, codes
from tests.factories import (
    close_poll,
    make_batch,
    make_open_poll,
    make_organization,
)

from .walking import ANSWER, CAST, FILL, RECEIPT, count, hidden, review, scan, seen

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_typed_code_leads_to_the_same_ballot(client, poll, slip):
    typed = client.post(reverse("ballots:code_enter"), {"code": f"{slip[:5].lower()} {slip[5:]}"})

    assert (typed.status_code, typed.url) == (302, FILL)
    assert client.get(FILL).status_code == 200


@pytest.mark.parametrize(
    ("typed", "complaint", "kept"),
    [
        ("", "请输入选票码", ""),
        ("  ", "请输入选票码", "  "),
        ("abcd-e", "您输入了5位，少了：小条上的码是10位", "abcd-e"),
        ("A" * 200, "您输入了60位，多了", "A" * 60),
        ("ABCD0-FGHIO", "码里从来没有“0、I、O”", "ABCD0-FGHIO"),
        ("我的码ABCDE", "码里从来没有“我、的、码”", "我的码ABCDE"),
    ],
)
def test_a_text_that_cannot_be_a_code_is_told_in_place_with_what_was_typed(client, typed, complaint, kept):
    page = seen(client, reverse("ballots:code_enter"), {"code": typed})

    assert page.status_code == 200
    assert re.search(r'role="alert"[^>]*>([^<]*)<', page.content.decode())[1].startswith(complaint)
    assert (f'value="{kept}"' in page.content.decode()) == bool(kept)
    assert typed.strip() == "" or typed not in client.cookies["ballot_typed"].value
    assert client.cookies["ballot_typed"]["path"] == "/v/"


def test_a_code_with_a_wrong_letter_is_kept_to_be_mended_and_forgotten_with_the_right_one(client, slip):
    wrong = slip[:-1] + ("2" if slip[-1] != "2" else "3")
    entry = reverse("ballots:code_enter")

    refused = seen(client, entry, {"code": wrong})
    again = client.get(entry).content.decode()
    client.post(entry, {"code": slip})

    assert refused.status_code == 404
    assert f'value="{wrong}"' in again and 'role="alert"' not in again
    assert client.cookies["ballot_typed"].value == ""
    assert slip not in client.get(entry).content.decode()


def test_what_no_page_of_ours_kept_as_typed_is_not_shown(client):
    client.cookies["ballot_typed"] = "forged"

    page = client.get(reverse("ballots:code_enter"))

    assert page.status_code == 200 and "forged" not in page.content.decode()


def test_an_old_code_and_a_shut_door_say_kindly_what_to_do(client, screen):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        shown = codes.screen_code(screen)
        clock.shift(600)
        old = scan(client, shown)
        screen.shut_door()
        shut = scan(client, codes.screen_code(screen))

    assert (old.status_code, shut.status_code) == (410, 409)
    assert "请扫大屏幕上现在的码" in old.content.decode()
    assert "请等主持人打开" in shut.content.decode()


def test_after_too_many_wrong_codes_comes_a_word_to_wait_and_a_right_code_still_lets_in(
    client, slip, screen, few_wrong_codes
):
    guesses = [scan(client, f"2222222{letter}22") for letter in "23456"]
    typed = client.post(reverse("ballots:code_enter"), {"code": "2222222999"}, follow=True)

    assert [page.status_code for page in guesses] == [404] * 3 + [429] * 2
    assert guesses[-1]["Retry-After"] == "60"
    for page in (guesses[-1], typed):
        assert "请等一分钟再试" in page.content.decode()
    assert [scan(client, code).status_code for code in (slip, codes.screen_code(screen))] == [302, 302]


def test_a_full_room_is_said_before_the_ballot_is_filled_in(client, poll, screen):
    for number in range(3):
        casting.cast(ticket=codes.exchange(codes.screen_code(screen), browser=str(number)), key=str(number), marks="12")

    scan(client, codes.screen_code(screen))
    page = client.get(FILL)

    assert page.status_code == 409
    assert "会场人数" in page.content.decode()


def test_a_closed_poll_says_so(client, poll, screen):
    scan(client, codes.screen_code(screen))
    late = hidden(review(client, poll))
    close_poll(poll)

    newcomer = Client()
    pages = [seen(client, CAST, late), client.get(FILL), newcomer.get(scan(newcomer, codes.screen_code(screen)).url)]

    for page in pages:
        assert page.status_code == 409
        assert "不收票" in page.content.decode()
    assert count() == {"Ballot": 0, "Code": 0, "Receipt": 0, "Opinion": 0}


@pytest.mark.parametrize("code", ["ABCDEABCDE", "ABC", "AAAAAA", "我的码", "%00", "a b"])
def test_an_unknown_code_is_refused_kindly_and_not_repeated_on_the_page(client, code):
    page = scan(client, code)

    assert page.status_code == 404
    assert "<h1>选票码不能用</h1>" in page.content.decode()
    assert code not in page.content.decode()


def test_without_a_code_there_is_no_ballot(client):
    for response in (client.get(FILL), seen(client, ANSWER, {}), seen(client, CAST, {})):
        assert response.status_code == 403
        assert "请先扫选票码" in response.content.decode()


def test_a_forged_cookie_is_no_right(client, poll, slip):
    scan(client, slip)
    for name in ("ballot_ticket", "ballot_stub"):
        client.cookies[name] = "forged:" + client.cookies["ballot_ticket"].value

    assert client.get(FILL).status_code == 403
    assert client.get(RECEIPT).status_code == 404


def test_a_page_of_one_code_is_not_taken_with_another(client, poll, slip):
    other = make_open_poll(make_organization("另一局党委"))
    (other_slip,) = codes.make_slips(make_batch(other), 1)
    scan(client, slip)
    reviewed = hidden(review(client, poll))
    scan(client, other_slip)

    again, sent = seen(client, ANSWER, reviewed), seen(client, CAST, reviewed)

    assert (again.status_code, sent.status_code) == (409, 409)
    assert "别的码" in sent.content.decode()
    assert Ballot.objects.count() == 0


def test_a_key_that_no_review_page_gave_is_refused(client, poll, slip):
    scan(client, slip)
    fields = hidden(review(client, poll))

    for key in ("", "x", fields["key"] + "x", "12345678:" + fields["key"].split(":")[1]):
        assert seen(client, CAST, {**fields, "key": key}).status_code == 409
    assert Ballot.objects.count() == 0
