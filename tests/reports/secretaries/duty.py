"""Branches whose secretaries are marked, by the library's own appraisal."""

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from tests.factories import (
    around_today,
    close_poll,
    enter_ballots,
    make_batch,
    make_document,
    make_draft,
    make_member,
    make_organization,
)


def make_duty_polls(ballots, *, root=None, **facts):
    """An open poll of a branch for each name, whose secretary has a report; then sealed with the ballots given for it."""
    root = root or make_organization("某镇党委")
    units = [make_organization(name, parent=root, kind="branch") for name in ballots]
    for unit in units:
        make_member(unit, f"{unit.name[0]}书记", post="secretary")
    facts = {"title": "书记述职评议", "period": "2026年度", **around_today(), **facts}
    campaign = actions.create_campaign(organizer=root, appraisal="secretary-both-ways", by=None, **facts)
    actions.make_polls(campaign, units)
    for place, poll in enumerate(campaign.polls.order_by("path"), start=1):
        make_draft(make_document(poll, title=f"第{place}份述职报告", speaking_order=1))
    ballot_actions.open_campaign(campaign, by=None)
    polls = {poll.unit_name: poll for poll in campaign.polls.select_related("campaign", "organization")}
    for name, marks in ballots.items():
        if marks is not None:
            enter_ballots(make_batch(polls[name], method="entered"), marks)
            close_poll(polls[name])
            sealing.seal(polls[name], by=None)
    return polls
