"""A committee of two branches whose campaigns of last year and this one are sealed."""

from collections import Counter

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from tests import factories

from .figures import DISSATISFIED, FAIRLY, GRADES, SATISFIED

COMMITTEE, BRANCH, OTHER_BRANCH = "某局党委", "第一党支部", "第二党支部"
LAST_YEAR, THIS_YEAR = "2025年度党支部群众评议", "2026年度党支部群众评议"
# Two lines a ballot, the second one the 总体评价; the other branch's dissatisfied are more than a third.
CAST = [[SATISFIED, SATISFIED]] * 7 + [[SATISFIED, FAIRLY]] * 2 + [[FAIRLY, DISSATISFIED]]
CAST_ELSEWHERE = [[SATISFIED, SATISFIED]] * 6 + [[SATISFIED, DISSATISFIED]] * 4
CAST_LAST_YEAR = [[SATISFIED, SATISFIED]] * 5 + [[SATISFIED, FAIRLY]] * 5


def make_committee():
    """With a secretary and an officer."""
    root = factories.make_organization(COMMITTEE)
    for kind in ("secretary", "officer"):
        factories.make_user(kind, kind=kind, organization=root)
    branches = [factories.make_organization(name, parent=root, kind="branch") for name in (BRANCH, OTHER_BRANCH)]
    _hold(root, LAST_YEAR, dict.fromkeys(branches, CAST_LAST_YEAR))
    casts = dict(zip(branches, (CAST, CAST_ELSEWHERE), strict=True))
    _hold(root, THIS_YEAR, casts, thresholds=["org-dissatisfied-third"])
    return root


def _hold(root, title, casts, **facts):
    year = title[:4]
    days = {"starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}
    campaign = factories.make_campaign(root, title=title, period=f"{year}年度", **days, **facts)
    actions.make_polls(campaign, list(casts))
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        batch = factories.make_batch(poll, method="entered")
        factories.enter_ballots(batch, Counter(map(_written, casts[poll.organization])))
        factories.close_poll(poll)
        sealing.seal(poll, by=None)


def _written(marks):
    """A ballot as it is kept."""
    return "".join(str(GRADES.index(mark) + 1) for mark in marks)
