"""Readings of opinions: whose stands, and what says nothing is set aside."""

import pytest

from reports.models import OpinionReading
from reports.opinions import desk
from reports.opinions.readings import says_nothing
from tests.factories import (
    make_opinion,
)
from tests.reports.opinions.reading import merge, read

pytestmark = pytest.mark.django_db


# --- what is counted and shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "无。",
        "暂无",
        "没有",
        "没有意见",
        "无意见",
        "没有什么意见和建议！",
        "无意见、建议",
        "目前没有",
        "——",
        "无其他意见",
    ],
)
def test_a_text_that_says_nothing_is_recognized(text):
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["无公害蔬菜太少", "没有停车位", "没有什么意见，希望保持", "无障碍通道", "好", "不满意"]
)
def test_a_text_that_says_something_is_not_taken_for_nothing(text):
    assert not says_nothing(text)


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_reading_says_who_read_it(poll, reader):
    opinion = make_opinion(poll)

    desk.read_opinion(opinion, by=reader, answers=desk.Answers({"category": "其他"}))

    reading = OpinionReading.objects.get()
    assert (reading.opinion, reading.category, reading.read_by) == (opinion, "其他", reader)


def test_another_reader_s_entry_is_not_overwritten_silently(poll):
    opinion = make_opinion(poll)
    seen = read(opinion, category="其他").revision
    read(opinion, category="工作作风")

    with pytest.raises(desk.CannotSort, match="刚刚由别人阅办过"):
        desk.read_opinion(opinion, by=None, answers=desk.Answers({"category": "服务群众"}, seen=seen))

    assert OpinionReading.objects.get().category == "工作作风"


def test_an_opinion_in_the_ledger_or_standing_for_others_is_not_set_aside(poll):
    sent, standing, merged = (make_opinion(poll, text) for text in "甲乙丙")
    desk.send_to_ledger(sent, by=None)
    merge(standing, merged)

    for opinion in (sent, standing, merged):
        with pytest.raises(desk.CannotSort, match=r"不能再作为|请先分开"):
            read(opinion, is_set_aside=True)

    assert not OpinionReading.objects.filter(is_set_aside=True).exists()


def test_all_that_say_nothing_are_set_aside_at_once_but_what_was_read_stays(poll, reader):
    for text in ("无", "没有意见。", "少开会"):
        make_opinion(poll, text)
    kept = make_opinion(poll, "暂无")
    read(kept, category="其他")

    count = desk.set_aside_empty(poll, by=reader)

    aside = OpinionReading.objects.filter(is_set_aside=True, read_by=reader)
    assert count == 2
    assert sorted(reading.opinion.text for reading in aside) == ["无", "没有意见。"]
    assert OpinionReading.objects.count() == 3
