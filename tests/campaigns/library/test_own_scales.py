"""The rules that a scale of one's own has to keep."""

from dataclasses import replace

import pytest

from campaigns import library
from campaigns.library import LibraryGrade, scale_faults


def grades(*rows):
    """Grades of (label, is_positive, score); 不了解 stays outside the base."""
    return [
        LibraryGrade(label=label, is_positive=is_positive, score=score, is_in_base=label != "不了解")
        for label, is_positive, score in rows
    ]


FIVE = grades(
    ("很满意", True, 100), ("满意", True, 80), ("一般", False, 60), ("不满意", False, 30), ("很不满意", False, 0)
)

CONSENT = grades(("同意", True, None), ("不同意", False, None), ("弃权", False, None))
OUTSIDE = replace(library.UNKNOWN_GRADE, label="没有接触")


def test_scales_in_use_keep_the_rules():
    assert scale_faults(CONSENT) == []
    assert scale_faults([replace(CONSENT[0], score=100), replace(CONSENT[1], score=0), CONSENT[2]]) == []
    assert scale_faults([*CONSENT, library.UNKNOWN_GRADE, OUTSIDE]) == []
    assert scale_faults(FIVE) == []
    assert scale_faults(grades(("满意", True, None), ("不满意", False, None))) == []
    assert scale_faults([*FIVE, library.UNKNOWN_GRADE]) == []
    for scale in library.scales().values():
        assert scale_faults(scale.grades) == [], scale.key


@pytest.mark.parametrize(
    ("broken", "place", "field", "words"),
    [
        (FIVE[:1], None, "", "一个量表有2至7档，现在有1档"),
        ([*FIVE, *(replace(FIVE[4], label=f"第{number}档") for number in (6, 7, 8))], None, "", "现在有8档"),
        ([*FIVE[:4], FIVE[3]], 4, "label", "等次“不满意”写了两次"),
        ([*FIVE[:4], replace(FIVE[4], label="未选")], 4, "label", "“未选”是计票时的名称"),
        ([FIVE[0], library.UNKNOWN_GRADE, *FIVE[2:]], 1, "is_in_base", "应排在计入分母的各档后面"),
        ([*FIVE[:4], replace(library.UNKNOWN_GRADE, is_in_base=True)], 4, "is_in_base", "“不了解”总是不计入分母"),
        ([FIVE[0], library.UNKNOWN_GRADE], None, "", "“弃权”以外至少要有2档"),
        ([*CONSENT[:1], CONSENT[2]], None, "", "“弃权”以外至少要有2档"),
        ([CONSENT[0], CONSENT[2], CONSENT[1]], 1, "label", "“弃权”应排在计入分母的各档后面"),
        ([*CONSENT[:2], replace(CONSENT[2], is_in_base=False)], 2, "is_in_base", "“弃权”是一种表示，总是计入分母"),
        ([*CONSENT[:2], replace(CONSENT[2], is_positive=True)], 2, "is_positive", "“弃权”不属满意范围"),
        ([*CONSENT[:2], replace(CONSENT[2], score=50)], 2, "score", "“弃权”不填分值"),
        ([replace(CONSENT[0]), replace(CONSENT[1], is_positive=True), CONSENT[2]], None, "", "各档都属满意范围"),
        ([replace(FIVE[0], is_positive=False), *FIVE[2:]], 0, "is_positive", "第一档是最好的一档"),
        ([*FIVE[:3], replace(FIVE[3], is_positive=True), FIVE[4]], 3, "is_positive", "“一般”不属满意范围"),
        ([replace(grade, is_positive=True) for grade in FIVE], None, "", "各档都属满意范围"),
        ([*FIVE[:4], replace(FIVE[4], score=None)], 4, "score", "各档要么都有分值，要么都没有"),
        ([*FIVE[:4], replace(FIVE[4], score=31)], 4, "score", "不能比前一档“不满意”的30分还高"),
        ([replace(FIVE[0], score=101), *FIVE[1:]], 0, "score", "分值应为0至100的整数"),
        ([*FIVE, replace(library.UNKNOWN_GRADE, score=0)], 5, "score", "“不了解”不计入分母，没有分值"),
    ],
)
def test_a_broken_rule_is_named_at_its_grade(broken, place, field, words):
    faults = scale_faults(broken)

    assert [(fault.place, fault.field) for fault in faults if words in fault.message] == [(place, field)], faults
