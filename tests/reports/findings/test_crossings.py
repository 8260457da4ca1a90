"""Thresholds at their edges (scenario C9), and what is said of them before and after a decision."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_cast,
    make_organization,
    make_sealed_poll,
)
from tests.reports.findings.judged import crossings, judged, make_cadre_poll

pytestmark = pytest.mark.django_db


def test_c9_exactly_a_third_does_not_cross():
    assert crossings(judged(40)) == []


def test_c9_one_more_than_a_third_crosses_with_its_consequences():
    (crossing,) = crossings(judged(41))

    assert (crossing.target, crossing.indicator, crossing.count, crossing.base, crossing.rate.text) == (
        "某局党委",
        "总体评价",
        41,
        120,
        "34.2",
    )
    assert crossing.state == "pending"
    assert len(crossing.consequences) == 3


def test_c9_a_share_that_prints_as_a_third_crosses_when_it_is_more():
    assert crossings(judged(1459, total=4378)) == []

    (crossing,) = crossings(judged_elsewhere(1460))

    assert crossing.rate.text == "33.3"


def judged_elsewhere(dissatisfied):
    return judged(dissatisfied, total=4378, organizer=make_organization("另一党委"))


def four_senses(dissatisfied, **overrides):
    """120 ballots on four indicators without a 总体评价; how many were 不满意 with each."""
    columns = ["3" * count + "1" * (120 - count) for count in dissatisfied]
    ballots = ["".join(marks) for marks in zip(*columns, strict=True)]
    return make_sealed_poll(
        {marks: ballots.count(marks) for marks in sorted(set(ballots))},
        indicators=("甲项", "乙项", "丙项", "丁项"),
        thresholds=["org-dissatisfied-third"],
        **overrides,
    )


def test_the_overall_line_s_own_votes_are_judged_where_there_is_one():
    poll = make_sealed_poll({"31": 50, "11": 10}, thresholds=["org-dissatisfied-third"])

    assert crossings(poll) == []


def test_where_no_overall_was_asked_all_indicators_are_judged_together():
    """A single aspect over the limit with 16.9 % over all is no finding."""
    assert crossings(four_senses((81, 0, 0, 0))) == []
    assert crossings(four_senses((40, 40, 40, 40), organizer=make_organization("另一党委"))) == []

    (crossing,) = crossings(four_senses((41, 40, 40, 40), organizer=make_organization("又一党委")))

    assert (crossing.indicator, crossing.count, crossing.base, crossing.rate.text) == ("", 161, 480, "33.5")
    assert [(line.indicator, line.count, line.base) for line in crossing.lines] == [("甲项", 41, 120)]
    assert crossing.fact == (
        "又一党委各项合计：不满意161票次，占480票次的33.5%，超过1/3；其中“甲项”34.2%（41/120）单项也超过"
    )


def test_a_target_that_is_over_the_limit_with_every_indicator_has_one_finding():
    (crossing,) = crossings(four_senses((60, 61, 62, 63)))

    assert (crossing.count, crossing.base, len(crossing.lines)) == (246, 480, 4)


def test_each_indicator_is_judged_by_itself_where_the_campaign_says_so():
    (crossing,) = crossings(four_senses((41, 81, 0, 0), judged="each"))

    assert (crossing.indicator, crossing.count, crossing.base) == ("乙项", 81, 120)
    assert crossing.fact == ("某局党委“乙项”：不满意81票，占120票的67.5%，超过1/3；另有“甲项”34.2%（41/120）单项也超过")


@pytest.mark.parametrize(("judged", "votes"), [("overall", []), ("together", [(101, 240)]), ("each", [(81, 120)])])
def test_a_campaign_that_asks_for_a_total_can_be_judged_otherwise(judged, votes):
    poll = make_sealed_poll({"31": 61, "33": 20, "11": 39}, thresholds=["org-dissatisfied-third"], judged=judged)

    assert [(crossing.count, crossing.base) for crossing in crossings(poll)] == votes


def test_c9_an_organization_s_three_consequences_are_printed(client):
    poll = judged(41)
    client.force_login(make_cast(poll.organization).officer)

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()

    assert "不满意41票，占120票的34.2%，超过1/3" in page
    for consequence in ("不得作为表彰或评先推荐对象", "对主要负责人进行诫勉谈话", "对班子进行整顿"):
        assert consequence in page


def test_c9_half_of_a_cadre_s_ballots_does_not_cross():
    assert crossings(make_cadre_poll({"1": 60, "3": 30, "4": 30})) == []
