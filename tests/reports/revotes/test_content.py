"""The votes about a problem, and what they mean for the ledger."""

from fractions import Fraction

import pytest

from reports.models import Problem
from reports.revotes import campaigns_to_settle
from reports.revotes.actions import settle_revotes
from tests.factories import make_closed_problem, make_organization
from tests.reports.revotes.voted import called, sealed, voted

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        # Exactly a third is not more than a third.
        ("111133", "satisfied"),
        ("111333", "dissatisfied"),
        # Exactly half 满意 is not more than half.
        ("112223", "fair"),
        ("111122", "satisfied"),
        # An unmarked line stands in the base.
        ("1133--", "fair"),
    ],
)
def test_the_verdict_follows_from_the_votes_by_integers(marks, verdict):
    assert voted(*marks).verdict == verdict


@pytest.mark.parametrize(("share", "is_over"), [(Fraction(1, 3), True), (Fraction(1, 2), False), (Fraction(0), True)])
def test_the_share_from_which_a_problem_is_taken_up_again_is_chosen(share, is_over):
    assert voted(*"111333", share=share).is_over is is_over


def test_the_fact_gives_each_grade_and_the_base():
    assert voted(*"1112-").fact == "满意3票、基本满意1票、不满意0票，共5票"


def test_few_votes_give_no_verdict_and_say_why():
    outcome = voted(*"13")

    assert (outcome.verdict, outcome.is_over, outcome.counts) == (None, False, ())
    assert "少于3" in outcome.hidden_reason


def test_all_lines_count_where_the_whole_was_not_asked():
    unit = make_organization(kind="branch")
    make_closed_problem(unit)
    campaign = called(unit, Problem.objects.all(), is_overall_alone=False)
    campaign.questionnaires.get().indicators.filter(is_overall=True).delete()

    (outcome,) = sealed(campaign, {"111": 2, "133": 2})

    assert (dict(outcome.counts), outcome.base) == ({"满意": 8, "基本满意": 0, "不满意": 4}, 12)
    assert not outcome.is_over


def test_a_sealed_revote_waits_in_the_ledger_until_its_outcome_is_written():
    outcome = voted(*"1113")
    kept = [outcome.problem.organization]

    assert list(campaigns_to_settle(kept)) == [outcome.revote.target.poll.campaign]
    assert list(campaigns_to_settle([make_organization("别的单位")])) == []

    settle_revotes([outcome], by=None)

    assert list(campaigns_to_settle(kept)) == []
