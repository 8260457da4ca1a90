"""Opinions that came beside the ballots: the database keeps how each came."""

from datetime import date

import pytest

from ballots.models import Consultation, Forum, OpinionOrigin
from tests.ballots.models.breaking import change, violates
from tests.factories import (
    make_forum,
    make_gathered,
    make_open_poll,
    make_organization,
    make_sheets,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def poll():
    return make_open_poll()


def test_a_forum_without_anybody_there_is_refused_by_the_database(poll):
    forum = make_forum(poll)

    with violates("forum_attended"):
        change(Forum.objects.filter(pk=forum.pk), attended_count=0)


def test_more_sheets_back_than_out_are_refused_by_the_database(poll):
    make_sheets(poll, issued=41, returned=41)
    sheets = Consultation.objects.get()

    assert str(sheets) == "发出41份，收回41份"
    with violates("consultation_returned_at_most_issued"):
        change(Consultation.objects.filter(pk=sheets.pk), returned_count=42)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"source": "rumour"}, "opinion_origin_source_known"),
        ({"received_on": None}, "opinion_origin_dated"),
        ({"source": "forum"}, "opinion_origin_dated"),
        ({"source": "sheet"}, "opinion_origin_sheet_kind_known"),
        ({"sheet_kind": "amendment"}, "opinion_origin_sheet_kind_known"),
        ({"source": "draft", "sheet_kind": "remark", "given_by": "机关各科室"}, "opinion_origin_of_a_draft"),
        ({"given_by": "机关各科室"}, "opinion_origin_of_a_draft"),
    ],
)
def test_an_origin_whose_facts_do_not_fit_is_refused_by_the_database(poll, facts, name):
    origin = make_gathered(poll)

    with violates(name):
        change(OpinionOrigin.objects.filter(pk=origin.pk), **facts)


def test_an_opinion_of_a_forum_has_its_day_and_place(poll):
    origin = make_forum(poll, "停车难", held_on=date(2026, 3, 8), place="居委会").origins.get()
    letter = make_gathered(poll)

    assert (origin.came_on, origin.came_at) == (date(2026, 3, 8), "居委会")
    assert (letter.came_on, letter.came_at) == (date(2026, 3, 5), "镇政府门口")
    assert (str(letter), str(origin.forum)) == ("信箱：路灯坏了没人修", "2026-03-08座谈会")


def test_what_was_recorded_for_others_is_not_visible(poll):
    make_gathered(poll)
    make_forum(poll, "停车难")
    outsider = make_user(kind="secretary", organization=make_organization("外单位党委"))
    own = make_user("own", kind="secretary", organization=poll.organization)

    seen = [model.objects.visible_to(user).count() for model in (OpinionOrigin, Forum) for user in (outsider, own)]

    assert seen == [0, 2, 0, 1]
