"""The pattern of a set in words."""

from datetime import date

import pytest

from campaigns.form_sets.contents import HandedPattern
from campaigns.form_sets.patterns import pattern_lines, step_words


def test_a_pattern_says_all_that_it_has_in_words():
    scoring = {"total": 1000, "indicators": [{}, {}], "raters": [{"name": "上级", "weight": 100}]}
    pattern = HandedPattern(
        channels=("meeting", "phone"),
        categories=(("党员", 60.0), ("群众", 40.0)),
        rules={"judgement": "score", "is_self_excluded": True},
        steps=(("self", date(2026, 3, 1), date(2026, 3, 5)), ("grade", None, None)),
        scoring=scoring,
    )

    assert pattern_lines(pattern) == [
        ("评议渠道", "集中评议、电话评议"),
        ("参评人员类别", "党员（60%）、群众（40%）"),
        ("结果判定", "按得分定等次"),
        ("不评自己", "是"),
        ("评议步骤", "党员自评（2026年3月1日至2026年3月5日）；综合定格"),
        ("考核指标表", "1000分，2项指标；考核组：上级100%"),
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((None, None), "综合定格"),
        ((date(2026, 3, 1), None), "综合定格（2026年3月1日起）"),
        ((None, date(2026, 3, 5)), "综合定格（至2026年3月5日）"),
    ],
)
def test_open_days_of_a_step_are_said(days, words):
    assert step_words(("grade", *days)) == words
