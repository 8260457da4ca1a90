"""Scores of a unit and the ranking, from sheets, adjustments and sealed polls."""

from datetime import date
from fractions import Fraction

import pytest

from campaigns.units import organizer_of
from reports.models import ScoreScheme
from reports.scoring.actions import withdraw_adjustment
from reports.scoring.content import score_ranking
from tests.factories import make_user
from tests.reports.scoring.rated import (
    FULL,
    adjust,
    finish,
    key_scores,
    make_scored_campaign,
    poll_named,
    seal_poll,
    units_of,
)

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "第一社区党委", "第二社区党委", "第三社区党委"


def score(campaign, name, *, above=(FULL,) * 5, people=(FULL,) * 5, answer="", marks=None):
    """Key a unit's sheets, seal its poll and finish."""
    poll = poll_named(campaign, name)
    key_scores(poll, "上级考核组", *above)
    key_scores(poll, "群众代表", *people)
    seal_poll(poll, marks)
    finish(poll, answer=answer)
    return poll


def ranking(campaign):
    scheme = ScoreScheme.objects.select_related("campaign", "questionnaire__scale").get()
    return score_ranking(scheme, organizer_of(campaign), list(units_of(campaign).values()), today=date(2026, 11, 29))


def test_a_unit_is_shown_indicator_by_indicator():
    campaign = make_scored_campaign()
    # 860 above, 6 of 1000 and 1 of 300 below.
    score(campaign, FIRST, above=[(240, 180, 440)] * 5, people=[FULL] * 6 + [(100, 50, 150)])

    unit = units_of(campaign)[FIRST]

    assert [(part.label, part.weight, part.sheet_count, part.score.text) for part in unit.parts] == [
        ("上级考核组", "40", 5, "860.00"),
        ("群众代表", "60", 7, "900.00"),
    ]
    assert [(line.indicator.text, *(mean.text for mean in line.means), line.mean.text) for line in unit.lines] == [
        ("组织建设", "240.00", "271.43", "258.86"),
        ("公开承诺", "180.00", "178.57", "179.14"),
        ("为民办实事", "440.00", "450.00", "446.00"),
    ]
    assert unit.rated.value == Fraction(40 * 860 + 60 * 900, 100)
    assert unit.composite.value == Fraction(884, 1000) * 60 + Fraction(9, 10) * 40
    assert ranking(campaign).sentences[2:] == (
        "第一社区党委考核得分884.00分，满意率90.0%，综合得分89.04分。",
        "没有综合得分、不排名的单位1个：第二社区党委（评议点尚未封存）。",
    )
    assert (unit.reason, unit.notes) == ("", ())


def test_bonus_and_deductions_count_until_they_are_withdrawn():
    campaign = make_scored_campaign()
    poll = score(campaign, FIRST, people=[(100, 50, 150)] * 5)
    by = make_user(first_name="王干事")
    adjust(poll, 10)
    adjust(poll, "-2.5", by=by)
    wrong = adjust(poll, -20)
    withdraw_adjustment(wrong, reason="核查不属实", by=by)

    unit = units_of(campaign)[FIRST]

    # 40 % of 1000 and 60 % of 300.
    assert (unit.rated.text, unit.adjustment, unit.score.text) == ("580.00", "+7.5", "587.50")
    assert [(entry.points, entry.is_bonus, entry.is_withdrawn) for entry in unit.adjustments] == [
        ("+10", True, False),
        ("−2.5", False, False),
        ("−20", False, True),
    ]
    assert unit.adjustments[1].recorded_by == "王干事"
    assert unit.adjustments[2].withdrawn.endswith("王干事撤销：核查不属实")


def test_the_score_stops_at_its_total():
    campaign = make_scored_campaign()
    adjust(score(campaign, FIRST), 30)

    unit = units_of(campaign)[FIRST]

    assert (unit.adjustment, unit.score.text, unit.composite.text) == ("+30", "1000.00", "96.00")


@pytest.mark.parametrize(("is_sealed", "reason"), [(False, "评议点尚未封存"), (True, "打分表尚未录入完毕")])
def test_there_is_no_figure_before_the_seal_and_the_end_of_keying(is_sealed, reason):
    campaign = make_scored_campaign()
    poll = poll_named(campaign, FIRST)
    key_scores(poll, "上级考核组", *[FULL] * 5)
    key_scores(poll, "群众代表", *[FULL] * 5)
    if is_sealed:
        seal_poll(poll)
    else:
        finish(poll)

    unit = units_of(campaign)[FIRST]

    assert (unit.reason, unit.is_shown) == (reason, False)
    assert (unit.parts, unit.lines, unit.sheet_count, unit.score.value, unit.satisfaction.value) == (
        (),
        (),
        0,
        None,
        None,
    )


def test_a_kind_of_few_raters_is_shown_with_the_other_alone():
    campaign = make_scored_campaign()
    score(campaign, FIRST, above=[(240, 180, 440)] * 2, people=[FULL] * 6)

    unit = units_of(campaign)[FIRST]

    assert [(part.label, part.weight, part.sheet_count, part.score.text) for part in unit.parts] == [
        ("上级考核组、群众代表", "100", 8, "944.00")
    ]
    assert unit.score.text == "944.00"
    assert unit.notes == ("上级考核组的打分表少于5份，上级考核组、群众代表合并列示，以免看得出个人打的分。",)


def test_without_a_minimum_every_kind_is_shown_with_a_warning():
    campaign = make_scored_campaign(min_group=0)
    score(campaign, FIRST, above=[(240, 180, 440)], people=[FULL] * 6)

    unit = units_of(campaign)[FIRST]

    assert [part.score.text for part in unit.parts] == ["860.00", "1000.00"]
    assert unit.notes[0].startswith("本次活动没有限制最小分组人数")


def test_a_unit_with_few_sheets_altogether_shows_no_score():
    campaign = make_scored_campaign()
    score(campaign, FIRST, above=[FULL] * 2, people=[FULL] * 2)

    unit = units_of(campaign)[FIRST]

    assert unit.reason == "打分表少于5份，不列示考核得分"
    assert (unit.parts, unit.lines, unit.score.value, unit.composite.value) == ((), (), None, None)


def test_a_kind_without_sheets_stops_the_score_unless_its_weight_is_spread():
    campaign = make_scored_campaign()
    score(campaign, FIRST, above=(), answer="withhold")
    score(campaign, SECOND, above=(), answer="spread")

    units = units_of(campaign)

    assert (units[FIRST].reason, units[FIRST].score.value) == ("上级考核组没有打分表，不计算考核得分", None)
    assert (units[SECOND].reason, units[SECOND].score.text) == ("", "1000.00")
    assert units[SECOND].notes == ("上级考核组没有打分表，按其余考核组的权重折算。",)


def test_units_are_ranked_by_their_exact_composite_and_ties_share_a_place():
    campaign = make_scored_campaign(names=(FIRST, SECOND, THIRD, "第四社区党委"))
    score(campaign, FIRST, people=[(290, 190, 490)] * 5)
    score(campaign, SECOND)
    # Another way to the same score as the first.
    score(campaign, THIRD, above=[(285, 185, 485)] * 5)
    poll_named(campaign, "第四社区党委")

    content = ranking(campaign)

    assert [(entry.place, entry.unit.name) for entry in content.ranked] == [(1, SECOND), (2, FIRST), (2, THIRD)]
    assert [(unit.name, unit.reason) for unit in content.unranked] == [("第四社区党委", "评议点尚未封存")]
    assert content.has_places
    assert content.sentences == (
        *content.scheme.formula[:2],
        "有综合得分的单位3个，名次依次为：第1名第二社区党委96.00分；第2名第一社区党委94.92分；第2名第三社区党委94.92分。",
        "没有综合得分、不排名的单位1个：第四社区党委（评议点尚未封存）。",
    )
    assert (content.unit, content.period, content.day.text) == ("街道党工委", "2026年度", "2026年11月29日")


def test_scores_that_print_alike_may_differ_in_place():
    campaign = make_scored_campaign(names=(FIRST, SECOND))
    score(campaign, FIRST, people=[FULL] * 60)
    score(campaign, SECOND, people=[FULL] * 60 + [(299, 200, 500)])

    content = ranking(campaign)

    assert [entry.unit.composite.text for entry in content.ranked] == ["96.00", "96.00"]
    assert [(entry.place, entry.unit.name) for entry in content.ranked] == [(1, FIRST), (2, SECOND)]


def test_a_unit_by_itself_has_no_place():
    campaign = make_scored_campaign(names=(FIRST,))
    score(campaign, FIRST)

    assert not ranking(campaign).has_places


def test_more_units_take_no_more_queries(django_assert_num_queries, django_assert_max_num_queries):
    campaign = make_scored_campaign(names=(FIRST, SECOND, THIRD))
    score(campaign, FIRST)
    with django_assert_max_num_queries(30) as first:
        units_of(campaign)
    score(campaign, SECOND)
    score(campaign, THIRD)

    with django_assert_num_queries(len(first)):
        units_of(campaign)
