"""Thresholds of one's own: how a share is read, the sentence that says one, and the rules that it keeps."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import library
from campaigns.library import AskedGrades, kept_threshold, share_of, threshold_faults, threshold_kept
from tests.factories import own_limit

ASKED = [AskedGrades("organization", ("满意", "基本满意", "不满意")), AskedGrades("cadre", ("满意", "一般", "不满意"))]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1/3", (1, 3)),
        ("2/6", (1, 3)),
        ("三分之一", (1, 3)),
        ("半数", (1, 2)),
        ("40%", (40, 100)),
        ("４０．０％", (40, 100)),
        (" 33.5 % ", (335, 1000)),
        ("33.25%", (3325, 10000)),
        ("0/3", None),
        ("3/3", None),
        ("4/3", None),
        ("100%", None),
        ("0%", None),
        ("1/0", None),
        ("33.333%", None),
        ("0.4", None),
        ("三分之四", None),
        ("很多", None),
    ],
)
def test_a_share_is_read_exactly_or_not_at_all(text, share):
    assert share_of(text) == share


@given(st.integers(1, 9999))
def test_a_percentage_is_read_and_printed_without_loss(hundredths):
    whole, rest = divmod(hundredths, 100)

    limit = own_limit(share=share_of(f"{whole}.{rest:02d}%"))

    assert Fraction(limit.numerator, limit.denominator) == Fraction(hundredths, 10_000)
    assert share_of(limit.share_text) == (limit.numerator, limit.denominator)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"share": (1, 3), "is_at_least": False, "consequences": ["不得作为表彰对象"]},
            "不满意率超过三分之一的党组织：不得作为表彰对象。",
        ),
        ({}, "不满意率达到40%的党组织：限期整改；取消评先资格。"),
        (
            {
                "labels": ["基本满意", "一般", "不满意"],
                "target_kinds": ["cadre", "secretary"],
                "review_state": "待复核",
            },
            "基本满意、一般和不满意率达到40%的党组织书记、干部：限期整改；取消评先资格（先复核，复核以前是“待复核”）。",
        ),
        ({"share": (11, 12)}, "不满意率达到11/12的党组织：限期整改；取消评先资格。"),
    ],
)
def test_a_threshold_is_one_plain_sentence(facts, sentence):
    assert own_limit(**facts).sentence == sentence


def test_the_titles_of_the_library_are_made_alike():
    for limit in library.thresholds().values():
        made = own_limit(
            target_kinds=limit.target_kinds,
            labels=limit.labels,
            share=(limit.numerator, limit.denominator),
            is_at_least=False,
        )
        assert made.title == limit.title


def test_other_contents_are_another_threshold_and_alike_ones_are_one():
    assert own_limit().key == own_limit().key
    others = [own_limit(share=(2, 5)), own_limit(is_at_least=False), own_limit(consequences=["限期整改"])]
    assert len({own_limit().key, *(other.key for other in others)}) == 4
    assert threshold_kept(kept_threshold(own_limit())) == own_limit()


def test_sound_thresholds_keep_the_rules():
    assert threshold_faults(own_limit(), ASKED) == []
    for limit in library.thresholds().values():
        assert threshold_faults(limit, ASKED) == [], limit.key


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"target_kinds": []}, "target_kinds", "请选定对哪类对象判断"),
        ({"labels": []}, "labels", "请选定计哪几档"),
        ({"labels": ["不满意", "不满意"]}, "labels", "写了两次"),
        ({"labels": ["差"]}, "labels", "没有同时有“差”的量表；计入分母的等次有：满意、基本满意、不满意。"),
        ({"target_kinds": ["document"]}, "target_kinds", "没有评议文件稿的评议表"),
        ({"share": (0, 3)}, "share", "大于0、小于1"),
        ({"share": (3, 3)}, "share", "大于0、小于1"),
        ({"consequences": []}, "consequences", "现在有0句"),
        ({"consequences": [f"第{number}句" for number in range(11)]}, "consequences", "现在有11句"),
        ({"consequences": ["长" * 101]}, "consequences", "有101字"),
        ({"consequences": ["同", "同"]}, "consequences", "写了两次"),
        ({"target_kinds": ["cadre"]}, "review", "须先复核"),
        ({"review_state": "待" * 31}, "review", "至多30字"),
    ],
)
def test_a_broken_rule_is_told_at_its_field(facts, field, words):
    (fault,) = threshold_faults(own_limit(**facts), ASKED)

    assert fault.field == field
    assert words in fault.message


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [
        ({"consequences": ["别的后果"]}, True),
        ({"share": (2, 5)}, True),
        ({"labels": ["不满意"], "target_kinds": ["organization", "cadre"], "review_state": "待复核"}, True),
        ({"is_at_least": False}, False),
        ({"share": (41, 100)}, False),
        ({"target_kinds": ["cadre"], "review_state": "待复核"}, False),
        ({"labels": ["基本满意", "不满意"]}, False),
    ],
)
def test_two_of_the_same_sense_are_refused(facts, is_told):
    faults = threshold_faults(own_limit(**facts), ASKED, [own_limit()])

    assert [fault.field for fault in faults] == ([""] if is_told else [])
