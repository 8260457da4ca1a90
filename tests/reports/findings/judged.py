"""Polls that cross a threshold, and what they are told to have crossed."""

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from reports import findings
from reports.results.poll import results_of
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_member,
    make_organization,
    make_sealed_poll,
)


def crossings(poll):
    return findings.crossings_of([results_of(poll)])


def judged(dissatisfied, total=120, **overrides):
    marks = {"11": total - dissatisfied, "13": dissatisfied}
    return make_sealed_poll(marks, thresholds=["org-dissatisfied-third"], **overrides)


def make_cadre_poll(marks):
    """A sealed poll about one cadre on 满意、基本满意、一般、不满意."""
    branch = make_organization()
    make_member(branch, "王某", post="cadre")
    thresholds = ["cadre-fair-or-worse-half"]
    campaign = make_campaign(branch, indicators=("总体评价",), scale="fair-4", thresholds=thresholds)
    campaign.questionnaires.update(target_kind="cadre", target_rule="its_cadres")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll
