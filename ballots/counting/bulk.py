"""Closing many polls of one campaign at once, as far as nobody has to count paper for it."""

from dataclasses import dataclass, field

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When

from campaigns.actions.in_turn import SECONDS_AT_ONCE, TurnOutcome, do_in_turn
from campaigns.models import Campaign, Poll, PollQuerySet
from campaigns.models.states import StateError
from campaigns.polls_for_deed import mark_of, polls_in_turn

from ..models import Batch
from . import closing

PAPER_NUMBERS = "有纸质票，须填写发出数和收回数。"
PAPER_UNAGREED = "有纸质票还没有录完、核对一致。"
ATTENDED_UNKNOWN = "以实到人数为分母，须填写实际参评人数。"


@dataclass
class ClosingPlan:
    """The open polls of a campaign by what closing them needs: their keys in the order of the tree."""

    # By phone, or on paper that is written down and counted: the system knows every number.
    ready: list[int] = field(default_factory=list)
    # No batch was ever made, or all were voided: closed, they stand as nothing returned (scenario C14).
    empty: list[int] = field(default_factory=list)
    # Somebody must fill in numbers first; with the reason.
    alone: dict[int, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """A short text that is another where other polls would be closed."""
        return mark_of(self.ready, self.empty)


def plan_closing(campaign: Campaign, polls: PollQuerySet | None = None) -> ClosingPlan:
    """Sort the open polls, or those of some polls, in one query; nothing looks at a ballot."""
    plan = ClosingPlan()
    polls = campaign.polls.all() if polls is None else polls
    batches = Batch.objects.counting().filter(poll=OuterRef("pk")).order_by()
    is_open = polls.filter(state=Poll.State.OPEN).order_by("path", "pk")
    needs = _needs(campaign, batches.filter(method=Batch.Method.ENTERED))
    for key, reason, has_batches in is_open.values_list("pk", needs, Exists(batches)):
        if reason:
            plan.alone[key] = reason
        else:
            (plan.ready if has_batches else plan.empty).append(key)
    return plan


def _needs(campaign: Campaign, paper) -> Case:
    """The sentence about the numbers that a poll lacks; empty where it lacks none."""
    unwritten = paper.filter(Q(issued_count=None) | Q(returned_count=None))
    reasons = [
        When(Exists(unwritten), then=Value(PAPER_NUMBERS)),
        When(Exists(paper.filter(agreement="")), then=Value(PAPER_UNAGREED)),
    ]
    if campaign.base == Campaign.Base.ATTENDED:
        reasons.append(When(attended_count=None, then=Value(ATTENDED_UNKNOWN)))
    return Case(*reasons, default=Value(""), output_field=CharField())


def _facts(batch: Batch) -> closing.BatchFacts:
    if not batch.is_paper:
        return closing.BatchFacts(issued=None)
    return closing.BatchFacts(issued=batch.issued_count, returned=batch.returned_count, void=batch.void_count)


def close_planned(plan: ClosingPlan, *, by, with_empty: bool) -> TurnOutcome[int]:
    """Close what the plan says, each poll in its own transaction, with as many issued as were collected by phone.

    After so many seconds no more is begun; whatever is left waits for the next press. A poll is read when its turn comes:
    to read a province's first would take all that time.
    """

    def close_one(key: int) -> None:
        poll = polls_in_turn([key]).defer("form").get()
        facts = {batch.pk: _facts(batch) for batch in poll.batches.counting()}
        closing.close(poll, by=by, attended=poll.attended_count, facts=facts)

    keys = plan.ready + (plan.empty if with_empty else [])
    return do_in_turn(keys, close_one, refusals=(closing.CannotClose, StateError), seconds=SECONDS_AT_ONCE)
