"""Secretaries over the units of a campaign: in order, with ties, and none of a poll with few ballots."""

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Organization, Target
from reports.results.poll import all_results
from reports.scope import Scope
from reports.secretaries.ranking import RankedBy, secretaries_ranking
from tests.factories import (
    around_today,
    close_poll,
    enter_ballots,
    make_batch,
    make_member,
    make_organization,
    make_superior_mark,
)
from tests.reports.secretaries.duty import make_duty_polls

pytestmark = pytest.mark.django_db

BALLOTS = {
    "甲支部": {"111": 8, "222": 2},
    "乙支部": {"111": 16, "222": 4},
    "丙支部": {"111": 10},
    "丁支部": {"111": 4},
    "戊支部": {"111": 1},
    "己支部": None,
}


@pytest.fixture
def polls():
    polls = make_duty_polls(BALLOTS)
    for name, marks in (("甲支部", "111"), ("乙支部", "222")):
        make_superior_mark(polls[name].targets.get(), marks)
    return polls


def ranking_of(polls, by=RankedBy.BALLOTS):
    scope = Scope.of(polls["甲支部"].campaign, Organization.objects.get(name="某镇党委"))
    return secretaries_ranking(scope, all_results(scope.polls), by=by)


def places(table):
    return [(ranked.place, ranked.unit, ranked.person.name) for ranked in table.ranked]


def test_equal_rates_share_a_place_and_small_polls_have_none(polls):
    (table,) = ranking_of(polls).tables

    assert (table.title, table.rate_name) == ("基层党组织书记群众评议表", "各项合计满意率")
    assert places(table) == [(1, "丙支部", "丙书记"), (2, "甲支部", "甲书记"), (2, "乙支部", "乙书记")]
    assert [unit for unit, *_ in table.unranked] == ["丁支部", "戊支部"]
    assert table.unranked[0][2] != "" and "3" in table.unranked[1][2]


def test_by_the_superiors_and_by_both(polls):
    (above,), (both,) = (ranking_of(polls, by).tables for by in (RankedBy.SUPERIORS, RankedBy.TOGETHER))

    assert places(above) == [(1, "甲支部", "甲书记"), (2, "乙支部", "乙书记")]
    assert places(both) == [(1, "甲支部", "甲书记"), (2, "乙支部", "乙书记")]
    assert ("丙支部", "丙书记", "没有登记上级评价") in above.unranked
    # 27 of 33 and 48 of 63.
    assert [ranked.person.together.percent_text for ranked in both.ranked] == ["81.8%", "76.2%"]


def test_a_secretary_on_the_ballot_of_another_unit_stands_beside_the_own_one():
    root = make_organization("某镇党委")
    facts = {"title": "书记述职评议", "period": "2026年度", **around_today()}
    campaign = actions.create_campaign(organizer=root, appraisal="secretary-both-ways", by=None, **facts)
    (poll,) = actions.make_polls(campaign, [root])
    questionnaire = campaign.questionnaires.get()
    for name in ("甲村支部", "乙村支部"):
        village = make_organization(name, parent=root, kind="branch")
        member = make_member(village, f"{name[0]}书记", post="secretary")
        target = Target(poll=poll, kind="secretary", name=member.name, member=member, questionnaire=questionnaire)
        actions.add_target(target)
    open_campaign(campaign, by=None)
    poll.refresh_from_db()
    enter_ballots(make_batch(poll, method="entered"), {"111222": 6})
    close_poll(poll)
    sealing.seal(poll, by=None)

    scope, results = Scope.of(campaign, root), all_results(campaign.polls.all())
    (table,) = secretaries_ranking(scope, results, by=RankedBy.BALLOTS).tables
    (unmarked,) = secretaries_ranking(scope, results, by=RankedBy.SUPERIORS).tables

    assert places(table) == [(1, "甲村支部", "甲书记"), (2, "乙村支部", "乙书记")]
    assert [unit for unit, *_ in unmarked.unranked] == ["甲村支部", "乙村支部"]


def test_as_many_queries_for_six_units_as_for_one(polls, django_assert_max_num_queries):
    scope = Scope.of(polls["甲支部"].campaign, Organization.objects.get(name="某镇党委"))
    results = all_results(scope.polls)

    with django_assert_max_num_queries(1):
        secretaries_ranking(scope, results, by=RankedBy.BALLOTS)
