"""A branch whose answered problems were put to the vote again, and sealed."""

from fractions import Fraction

from ballots import actions as ballot_actions
from ballots.counting import sealing
from reports.models import Problem
from reports.results.poll import all_results
from reports.revotes import outcomes_of
from reports.revotes.actions import call_revote
from tests import factories

THIRD = Fraction(1, 3)


def called(unit, problems, *, share=THIRD, is_overall_alone=True, title="2026年整改满意度再评"):
    """A revote in preparation, with all that it needs to open."""
    campaign = call_revote(
        unit, problems, title=title, period="2026年", share=share, is_overall_alone=is_overall_alone, by=None
    )
    for name, day in factories.around_today().items():
        setattr(campaign, name, day)
    campaign.save()
    return campaign


def sealed(campaign, marks):
    """Open, mark and seal the campaign's only poll; marks → how many."""
    ballot_actions.open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    category = campaign.categories.first()
    batch = ballot_actions.add_batch(poll, channel="meeting", category=category, method="entered")
    factories.enter_ballots(batch, marks)
    factories.close_poll(poll)
    sealing.seal(poll, by=None)
    return outcomes_of(all_results(campaign.polls.all()))


def voted(*marks, share=THIRD, **facts):
    """The outcome about one problem by the marks of so many ballots, "1" 满意 … "3" 不满意."""
    unit = factories.make_organization(kind="branch")
    problem = factories.make_closed_problem(unit)
    counts = {mark: marks.count(mark) for mark in marks}
    (outcome,) = sealed(called(unit, Problem.objects.filter(pk=problem.pk), share=share, **facts), counts)
    return outcome
