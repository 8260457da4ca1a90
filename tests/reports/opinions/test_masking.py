"""Originals of masked words go when a report is filed, from the ledger and its history too."""

import pytest

from reports.ledger.actions import edit_problem, register_problem
from reports.models import OpinionReading
from reports.opinions import desk
from tests.factories import (
    make_opinion,
)
from tests.reports.opinions.reading import content, in_order, merge, read

pytestmark = pytest.mark.django_db


# --- filing ----------------------------------------------------------------------------------------------------------


def test_filing_drops_the_originals_and_shows_the_same(poll, reader):
    masked, other = make_opinion(poll, "张三迟到"), make_opinion(poll, "好")
    read(masked, masked_text="有的同志迟到", category="工作作风")
    read(other)
    before = content(poll)

    count = desk.file_opinions(poll, by=reader)

    masked.refresh_from_db()
    assert count == 1
    assert masked.text == "有的同志迟到"
    assert OpinionReading.objects.get(opinion=masked).masked_text == ""
    assert OpinionReading.objects.get(opinion=masked).read_by == reader
    assert content(poll) == before


def test_words_masked_later_go_when_opinions_are_filed_again(poll):
    opinion = make_opinion(poll, "张三和李四迟到")
    for text in ("有的同志和李四迟到", "有的同志迟到"):
        read(opinion, masked_text=text)
        desk.file_opinions(poll, by=None)

    opinion.refresh_from_db()
    assert opinion.text == "有的同志迟到"


def test_the_ledger_follows_what_is_masked_and_its_history_keeps_no_original(poll):
    opinion = make_opinion(poll, "张三迟到")
    problem, _ = desk.send_to_ledger(opinion, by=None)

    read(opinion, masked_text="有的同志迟到")

    problem.refresh_from_db()
    assert problem.content == "有的同志迟到"
    assert [change.text for change in problem.changes.all()] == ["登记", "反映问题改用公开的文字"]


def test_words_that_the_ledger_s_keeper_chose_stay_and_the_history_keeps_no_original(poll):
    opinion = make_opinion(poll, "张三迟到")
    problem, _ = desk.send_to_ledger(opinion, by=None)
    edit_problem(problem.pk, {"content": "作风问题", "category": "作风"}, seen=problem.revision, by=None)

    read(opinion, masked_text="有的同志迟到")
    desk.file_opinions(poll, by=None)

    problem.refresh_from_db()
    assert problem.content == "作风问题"
    assert [change.text for change in problem.changes.all()] == ["登记", "修改反映问题；填写类别“作风”"]


def test_a_parted_opinion_is_masked_in_the_ledger_as_well(poll):
    first, other = in_order(make_opinion(poll, "张三迟到"), make_opinion(poll, "李四迟到"))
    problem, _ = desk.send_to_ledger(other, by=None)
    merge(first, other)
    desk.part_opinion(other, by=None)

    read(other, masked_text="有的同志迟到")

    problem.refresh_from_db()
    assert problem.content == "有的同志迟到"


# --- constraints -----------------------------------------------------------------------------------------------------


def test_filing_masks_a_problem_that_was_registered_by_hand_in_the_original_words(poll, reader):
    opinion = make_opinion(poll, "窗口的老王答复拖拉。")
    desk.read_opinion(opinion, by=reader, answers=desk.Answers({"masked_text": "有的窗口答复拖拉。"}))
    problem = register_problem(poll.organization, by=reader, content=opinion.text, target=opinion.target)

    desk.file_opinions(poll, by=reader)

    problem.refresh_from_db()
    assert problem.content == "有的窗口答复拖拉。"
