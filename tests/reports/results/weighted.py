"""Sealed polls whose categories have weights."""

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from tests.factories import close_poll, enter_ballots, make_batch, make_campaign, make_organization


def make_poll_by_category(marks, *, indicators=("总体评价",), weights=("40", "60"), scores=(100, 80, 0), **rules):
    """A sealed poll with ballots by category."""
    unit = make_organization()
    campaign = make_campaign(unit, indicators=indicators, **rules)
    campaign.questionnaires.update(scale=actions.scale_from_library("satisfaction-3", scores=scores))
    for category, weight in zip(campaign.categories.all(), weights, strict=True):
        category.weight = weight
        category.save()
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    for category, ballots in marks.items():
        enter_ballots(make_batch(poll, category=category, method="entered"), ballots)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll
