"""Marks and opinions that wait in the browser until the ballot is cast."""

import html
import re

import pytest
from django.conf import settings
from django.urls import reverse

from ballots.models import Opinion

from .walking import ANSWER, CAST, FILL, REVIEW, hidden, names_of, review, scan, seen

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_going_back_from_the_review_keeps_what_was_marked_and_written(client, poll, slip):
    _, box = names_of(poll)
    scan(client, slip)
    text = '引号"和<标签>\n第二行'
    review(client, poll, "3-", **{box: text})

    page = client.get(FILL).content.decode()

    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', page) == [(names_of(poll)[0][0], "3")]
    assert html.unescape(re.search(r"<textarea.*?>\n(.*?)</textarea>", page, re.S)[1]) == text


@pytest.mark.parametrize("address", [FILL, REVIEW])
def test_a_page_of_the_ballot_that_is_asked_for_again_is_the_same(client, poll, slip, address):
    _, box = names_of(poll)
    scan(client, slip)
    review(client, poll, "2-", **{box: "多公开。"})

    pages = [client.get(address).content for _ in range(2)]

    assert pages[0] == pages[1]
    assert "多公开。" in pages[0].decode()


def test_answers_too_long_for_a_cookie_wait_in_several_and_a_shorter_text_leaves_none_behind(
    client, poll, slip, monkeypatch
):
    groups, box = names_of(poll)
    scan(client, slip)
    monkeypatch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 700)
    long = "".join(chr(0x4E00 + 7 * number % 20_000) for number in range(1000))
    fields = {**hidden(client.get(FILL)), groups[0]: "1"}

    answer = client.post(ANSWER, {**fields, box: long})
    parts = [name for name, cookie in client.cookies.items() if name.startswith("ballot_draft") and cookie.value]
    page = client.get(REVIEW).content.decode()

    assert (answer.status_code, answer.url) == (302, REVIEW)
    assert len(parts) > 3 and {client.cookies[name]["path"] for name in parts} == {"/ballot/"}
    assert long in page and page == client.get(REVIEW).content.decode()
    client.post(ANSWER, {**fields, box: "短了"})
    assert "短了" in client.get(REVIEW).content.decode()
    assert [name for name in parts if client.cookies[name].value] == ["ballot_draft"]
    client.post(ANSWER, {**fields, box: long})
    client.post(CAST, hidden(client.get(REVIEW)))
    assert Opinion.objects.get().text == long
    assert not [name for name in client.cookies if name.startswith("ballot_draft") and client.cookies[name].value]


def test_a_device_that_is_handed_over_keeps_no_part_of_long_answers(client, poll, slip, monkeypatch):
    groups, box = names_of(poll)
    scan(client, slip)
    monkeypatch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 100)
    client.post(ANSWER, {**hidden(client.get(FILL)), groups[0]: "1", box: "很长的意见"})
    assert client.cookies["ballot_draft_1"].value

    client.post(reverse("ballots:hand_over"))

    assert not [name for name in client.cookies if name.startswith("ballot_draft") and client.cookies[name].value]


def test_answers_too_long_for_a_cookie_are_shown_as_they_came_and_cast(client, poll, slip):
    groups, box = names_of(poll)
    scan(client, slip)
    long = "".join(chr(0x4E00 + 7 * number % 20_000) for number in range(1000))
    monologue = {**hidden(client.get(FILL)), groups[0]: "1", box: long}
    # The ballot has a single box, so a cookie that takes less stands for a ballot with several.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 500)
        patch.setattr(settings, "DRAFT_COOKIES", 1)
        page = client.post(ANSWER, monologue)

    client.post(CAST, hidden(page))

    assert f'data-posted="{FILL}"' in page.content.decode()
    assert Opinion.objects.get().text == long


def test_answers_too_long_for_a_cookie_go_back_to_the_ballot_as_they_came(client, poll, slip, monkeypatch):
    groups, box = names_of(poll)
    scan(client, slip)
    monkeypatch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 100)
    monkeypatch.setattr(settings, "DRAFT_COOKIES", 1)
    reviewed = client.post(ANSWER, {**hidden(client.get(FILL)), groups[0]: "1", box: "很长的意见"})
    assert "去选" not in reviewed.content.decode()

    page = client.post(ANSWER, {**hidden(reviewed), "edit": "1"}).content.decode()

    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', page) == [(groups[0], "1")]
    assert "很长的意见</textarea>" in page


def test_large_print_on_the_ballot_keeps_its_marks(client, poll, slip):
    groups, _ = names_of(poll)
    scan(client, slip)

    page = seen(client, ANSWER, {**hidden(client.get(FILL)), groups[0]: "2", "large": "1"}).content.decode()

    assert 'class="large-print"' in page
    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', page) == [(groups[0], "2")]


def test_the_marks_that_wait_in_a_browser_cannot_be_read_there_and_go_to_the_ballot_alone(client, poll, slip):
    scan(client, slip)
    review(client, poll, "21")

    draft = client.cookies["ballot_draft"]

    assert (draft["path"], draft["httponly"], draft["max-age"]) == ("/ballot/", True, 1800)
    client.post(CAST, hidden(client.get(REVIEW)))
    assert client.cookies["ballot_draft"].value == ""
