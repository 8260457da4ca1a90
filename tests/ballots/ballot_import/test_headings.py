"""Headings of a ballot table in one spelling, and what a ballot calls its own cells."""

import pytest

from ballots.ballot_import.headings import (
    CHANNEL_WORDS,
    column_letter,
    labels,
    listed,
    normal,
    plain_grade,
)
from campaigns.ballot_form import BallotForm, Section
from campaigns.plain_text import NotPlain

pytestmark = pytest.mark.django_db


def section(name, questionnaire="unit", title="对党组织的评议"):
    return Section(1, "organization", name, questionnaire, title, "", "suggestion", (), ())


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        (" 第一支部 | 总体评价 ", "第一支部｜总体评价"),
        ("评议表／第一支部｜ 意见建议", "评议表/第一支部｜意见建议"),
        ("'单位", "单位"),
    ],
)
def test_a_heading_has_one_spelling(written, heading):
    assert normal(written) == heading


def test_a_heading_with_a_control_character_is_refused():
    with pytest.raises(NotPlain):
        normal("单\x07位")


def test_ticks_spaces_and_full_stops_around_a_grade_go():
    assert [plain_grade(text) for text in ("满 意", "√满意", "满意。", "不满意")] == ["满意", "满意", "满意", "不满意"]


def test_a_title_names_the_only_section_of_its_questionnaire_alone():
    alone, first, second = section("甲支部"), section("张三", "member", "党员"), section("李四", "member", "党员")
    form = BallotForm((alone, first, second))

    assert labels(alone, form) == ["甲支部", "对党组织的评议/甲支部", "对党组织的评议"]
    assert labels(second, form) == ["李四", "党员/李四"]


def test_a_channel_is_known_by_its_key_its_label_and_the_short_word():
    assert {CHANNEL_WORDS[word] for word in ("paper", "书面评议", "书面")} == {"paper"}
    assert CHANNEL_WORDS["走访"] == "interview"


def test_of_very_many_words_the_first_ten_are_listed():
    assert listed(["甲", "乙"]) == "“甲”、“乙”"
    assert listed(map(str, range(12))).endswith("“9”等12个")


def test_columns_are_called_as_a_spreadsheet_calls_them():
    assert [column_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
