"""Closing many polls of one campaign at once, as far as nobody has to count paper for it."""

from collections import defaultdict
from dataclasses import dataclass, field

from campaigns.actions.in_turn import do_in_turn
from campaigns.models import Campaign, Poll
from campaigns.models.states import StateError

from ..models import Batch
from . import closing


@dataclass
class ClosingPlan:
    """The open polls of a campaign by what closing them needs."""

    # By phone, or on paper that is written down and counted: the system knows every number.
    ready: list[Poll] = field(default_factory=list)
    # No batch was ever made, or all were voided: closed, they stand as nothing returned (scenario C14).
    empty: list[Poll] = field(default_factory=list)
    # Somebody must fill in numbers first; with the reason.
    alone: list[tuple[Poll, str]] = field(default_factory=list)


def plan_closing(campaign: Campaign) -> ClosingPlan:
    """Sort the open polls; a constant number of queries, none of which looks at a ballot."""
    plan = ClosingPlan()
    batches = defaultdict(list)
    for batch in Batch.objects.counting().filter(poll__campaign=campaign).order_by("pk"):
        batches[batch.poll_id].append(batch)
    for poll in campaign.polls.filter(state=Poll.State.OPEN).select_related("organization"):
        reason = _needs(campaign, poll, batches[poll.pk])
        if reason:
            plan.alone.append((poll, reason))
        else:
            (plan.ready if batches[poll.pk] else plan.empty).append(poll)
    return plan


def _needs(campaign: Campaign, poll: Poll, batches: list[Batch]) -> str:
    paper = [batch for batch in batches if batch.is_paper]
    if any(None in (batch.issued_count, batch.returned_count) for batch in paper):
        return "有纸质票，须填写发出数和收回数。"
    if not all(batch.is_agreed for batch in paper):
        return "有纸质票还没有录完、核对一致。"
    if campaign.base == Campaign.Base.ATTENDED and poll.attended_count is None:
        return "以实到人数为分母，须填写实际参评人数。"
    return ""


def _facts(batch: Batch) -> closing.BatchFacts:
    if not batch.is_paper:
        return closing.BatchFacts(issued=None)
    return closing.BatchFacts(issued=batch.issued_count, returned=batch.returned_count, void=batch.void_count)


def close_planned(plan: ClosingPlan, *, by, with_empty: bool) -> tuple[int, list[tuple[Poll, str]]]:
    """Close what the plan says, each poll in its own transaction, with as many issued as were collected by phone.

    Returns how many were closed, and those that were not with the reason.
    """

    def close_one(poll: Poll) -> None:
        facts = {batch.pk: _facts(batch) for batch in poll.batches.counting()}
        closing.close(poll, by=by, attended=poll.attended_count, facts=facts)

    polls = plan.ready + (plan.empty if with_empty else [])
    outcome = do_in_turn(polls, close_one, refusals=(closing.CannotClose, StateError))
    return len(outcome.done), outcome.refused
