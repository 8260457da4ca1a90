"""社会各界 of the demo: each way is there, and the 小结 tells them."""

import pytest

from ballots.counting import sealing
from ballots.models import Forum, OpinionOrigin
from reports.demo.hearing import fill_box, hand_out_sheets, hear
from reports.models import Letter
from reports.report import summary_of
from reports.scope import Scope
from tests.factories import close_poll, enter_ballots, make_batch, make_open_poll

from .staging import make_stage

pytestmark = pytest.mark.django_db


def test_each_way_is_heard_before_the_meeting_and_told_in_the_summary():
    poll, stage = make_open_poll(), make_stage()
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})

    number = hear(stage, poll, days_ago=30)

    close_poll(poll)
    sealing.seal(poll, by=None)
    ways = set(OpinionOrigin.objects.values_list("source", flat=True))
    assert (number, ways) == (7, {"letter", "phone", "visit", "web", "forum"})
    assert Forum.objects.get().held_on == stage.day(30)
    told = next(section for section in summary_of(Scope.of_poll(poll)).sections if section.key == "opinions").locked[0]
    assert told == (
        "召开座谈会1次，14人次参加，共征求到评议意见和建议7条，其中信箱1条、电话1条、走访1条、网络1条、座谈会3条。"
    )


def test_the_box_has_a_letter_for_each_way_of_dealing_with_it():
    poll = make_open_poll()

    assert fill_box(make_stage(), poll) == 3

    dealt = [(bool(letter.reply), bool(letter.problem), bool(letter.opinion)) for letter in Letter.objects.all()]
    assert sorted(dealt) == [(False, False, True), (False, True, False), (True, False, False)]
    assert OpinionOrigin.objects.get().source == "box"


def test_sheets_are_handed_out_and_told_in_a_sentence_of_their_own():
    poll = make_open_poll()
    hand_out_sheets(make_stage(), poll)
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)

    told = next(section for section in summary_of(Scope.of_poll(poll)).sections if section.key == "opinions").locked

    assert "发出征求意见表30份，收回27份，提出修改意见2条、其他意见1条。" in told
