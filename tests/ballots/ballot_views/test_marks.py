"""Marks and opinions as they are sent: nothing is written of those that are not on the ballot."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from ballots.models import Ballot, Opinion
from ballots.voting import codes
from pingyi.bodies import ANY_PAGE_TAKES
from tests.factories import (
    make_batch,
    make_choice_poll,
)

from .walking import ANSWER, CAST, FILL, count, hidden, names_of, review, scan, seen

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BAD_FIELDS = {
    "unknown grade": lambda groups, box: {groups[0]: "4"},
    "no digit": lambda groups, box: {groups[0]: "满意"},
    "a spoiled mark": lambda groups, box: {groups[0]: "x"},
    "empty": lambda groups, box: {groups[0]: ""},
    "two answers": lambda groups, box: {groups[0]: ["1", "2"]},
    "extra indicator": lambda groups, box: {"m1-999999": "1"},
    "extra target": lambda groups, box: {"o999999": "好"},
    "unknown field": lambda groups, box: {"weight": "5"},
    "marks too short": lambda groups, box: {"marks": "1"},
    "marks with NUL": lambda groups, box: {"marks": "1\x00"},
    "marks of 100 KB": lambda groups, box: {"marks": "1" * 100_000},
}


@pytest.mark.parametrize("make", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_marks_and_opinions_off_the_ballot_are_refused_in_chinese_and_nothing_is_written(client, poll, slip, make):
    scan(client, slip)
    good = hidden(review(client, poll))
    bad = make(*names_of(poll))

    reviewed = client.post(ANSWER, {"ballot": good["ballot"], **bad})
    sent = client.post(CAST, {**good, **bad})

    assert (reviewed.status_code, sent.status_code) == (400, 400)
    for page in (reviewed, sent):
        assert "没有收下" in page.content.decode()
    assert count() == {"Ballot": 0, "Code": 2, "Receipt": 0, "Opinion": 0}


def test_a_missing_field_is_refused(client, poll, slip):
    scan(client, slip)
    good = hidden(review(client, poll))

    without = client.post(CAST, {name: value for name, value in good.items() if name != "marks"})

    assert without.status_code == 400
    assert "不完整" in without.content.decode()
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("好" * 28_000, "至多1000字"),
        ("铃\x07", "无法显示的字符"),
        ("空\x00字", "无法显示的字符"),
        (b"\xed\xa0\x80", "无法显示的字符"),  # a lone surrogate as a careless program encodes it
        (b"\xff\xfe", "无法显示的字符"),
    ],
    ids=["84 KB", "control", "NUL", "lone surrogate", "broken bytes"],
)
def test_an_opinion_that_cannot_be_kept_comes_back_to_be_mended(client, poll, slip, text, complaint):
    groups, box = names_of(poll)
    scan(client, slip)
    good = hidden(review(client, poll))

    page, sent = (
        client.post(address, urlencode(fields), content_type="application/x-www-form-urlencoded")
        for address, fields in (
            (ANSWER, {"ballot": good["ballot"], groups[0]: "3", box: text}),
            (CAST, {**good, box: text}),
        )
    )

    assert (page.status_code, page.url, sent.status_code) == (302, FILL, 400)
    page = client.get(FILL)
    assert complaint in page.content.decode()
    assert f'name="{groups[0]}" value="3" checked' in page.content.decode()
    assert complaint in sent.content.decode()
    assert count() == {"Ballot": 0, "Code": 2, "Receipt": 0, "Opinion": 0}


def test_lines_of_an_opinion_are_kept_and_only_their_ends_are_made_alike(client, poll, slip):
    _, box = names_of(poll)
    scan(client, slip)

    client.post(CAST, hidden(review(client, poll, **{box: "  第一\r\n第二  \r\n\r\n"})))

    assert Opinion.objects.get().text == "第一\n第二"


def test_an_opinion_of_blanks_is_none(client, poll, slip):
    _, box = names_of(poll)
    scan(client, slip)

    client.post(CAST, hidden(review(client, poll, **{box: " \r\n　\t"})))

    assert count()["Opinion"] == 0


def test_a_submission_larger_than_the_limit_is_refused(client, poll, slip):
    scan(client, slip)

    page = client.post(ANSWER, {"marks": "1" * (ANY_PAGE_TAKES + 1)})

    assert page.status_code == 413
    assert "这个页面一次最多收256" in page.content.decode()


def fill_choices(client, poll, options):
    """Choose the options by name on the ballot's page and send it; returns the page that comes then."""
    (questionnaire,) = poll.campaign.questionnaires.exclude(most_chosen=None)
    asked = questionnaire.indicators.get()
    names = {target.name: f"m{target.pk}-{asked.pk}" for target in poll.targets.filter(questionnaire=questionnaire)}
    return seen(client, ANSWER, {**hidden(client.get(FILL)), **{names[option]: "1" for option in options}})


def test_a_participant_chooses_from_a_list_up_to_its_limit(client):
    poll = make_choice_poll()
    (code,) = codes.make_slips(make_batch(poll), 1)
    scan(client, code)

    page = client.get(FILL).content.decode()
    reviewed = fill_choices(client, poll, ["通水", "装路灯"])
    client.post(CAST, hidden(reviewed))

    assert page.count('type="checkbox"') == 4
    assert page.count("<textarea") == 1
    assert "至多选2项" in page and "每项选一个（清单里可以选几项），" in page
    assert re.findall(r"<li>(.*?)</li>", reviewed.content.decode()) == ["通水", "装路灯"]
    assert "共3项，<strong>还有2项没有选</strong>" in reviewed.content.decode()
    assert list(Ballot.objects.values_list("marks", flat=True)) == ["--2121"]


def test_too_many_from_a_list_come_back_with_the_marks_kept_and_nothing_is_written(client):
    poll = make_choice_poll()
    (code,) = codes.make_slips(make_batch(poll), 1)
    scan(client, code)

    page = fill_choices(client, poll, ["修路", "通水", "装路灯"]).content.decode()

    assert "“最满意的实事评选表”至多选2项，现在选了3项，请去掉1项。" in page
    assert page.count(" checked") == 3
    assert client.get(reverse("ballots:ballot_review")).url == FILL
    assert count() == {"Ballot": 0, "Code": 1, "Receipt": 0, "Opinion": 0}


def test_a_box_that_is_sent_twice_is_refused(client):
    poll = make_choice_poll()
    (code,) = codes.make_slips(make_batch(poll), 1)
    scan(client, code)
    option = poll.targets.last()
    name = f"m{option.pk}-{option.questionnaire.indicators.get().pk}"

    response = client.post(ANSWER, {**hidden(client.get(FILL)), name: ["1", "1"]})

    assert response.status_code == 400
    assert count()["Ballot"] == 0
