"""Taking back to preparation what was opened, as long as no ballot came in; and opening a single poll again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from campaigns import readiness
from campaigns.actions import NotReady, compose_form, lock_trees
from campaigns.actions.in_turn import SECONDS_AT_ONCE, TurnOutcome, do_in_turn
from campaigns.documents.reading import freeze_documents, thaw_documents
from campaigns.models import Campaign, Poll, PollQuerySet, TakenBack
from campaigns.models.states import StateError
from campaigns.polls_for_deed import keys_of, mark_of, polls_in_turn
from campaigns.ways import way_to

from .counting.sealing import has_taken
from .voting.casting import drop_batches

# The same whatever came in, how much of it and, of a campaign, in which poll: turnout is told in steps alone until the seal.
TAKEN = "已收到选票，不能退回筹备。"


def take_back_poll(poll: Poll, *, by, reason: str) -> TakenBack:
    """Take one open poll back; its campaign stays open, and keeps its rules and its forms. Raises StateError.

    Whether a ballot came in is asked last of all, under the lock that casting holds: a ballot that is being cast meanwhile
    either stops this or is refused. Whoever wants to know whether one came in has taken the poll back where none did.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=poll.campaign_id)
        locked = Poll.objects.select_for_update().get(pk=poll.pk)
        if locked.state != Poll.State.OPEN:
            raise StateError(
                f"“{locked.unit_name}”的评议点现为“{locked.get_state_display()}”，只有“评议中”的才能退回筹备。"
            )
        code_count = _take_back([locked])
        facts = {"poll": locked, "unit_name": locked.unit_name, "code_count": code_count}
        return TakenBack.objects.create(campaign=campaign, reason=reason, taken_back_by=by, **facts)


def take_back_campaign(campaign: Campaign, *, by, reason: str) -> TakenBack:
    """Take a campaign back with all its polls, so that everything may be changed again; raises StateError."""
    with transaction.atomic():
        lock_trees()
        locked = Campaign.objects.select_related("organizer").select_for_update(of=["self"]).get(pk=campaign.pk)
        rows = locked.polls.select_related("organization").select_for_update(of=["self"]).order_by("pk")
        polls = list(rows)
        _check_whole(locked, polls)
        code_count = _take_back([poll for poll in polls if poll.state == Poll.State.OPEN])
        for poll in polls:
            poll.leave_place()
        locked.take_back()
        return TakenBack.objects.create(campaign=locked, code_count=code_count, reason=reason, taken_back_by=by)


def _check_whole(campaign: Campaign, polls: Sequence[Poll]) -> None:
    """Raise StateError where the campaign is not open as a whole, or its units have left the organizer since."""
    if not campaign.is_frozen:
        raise StateError("评议活动还在筹备，不用退回。")
    if done := [poll for poll in polls if poll.state not in (Poll.State.OPEN, Poll.State.PREPARING)]:
        raise StateError(
            f"“{done[0].unit_name}”的评议点{done[0].get_state_display()}，整个活动不能再退回筹备。",
            way=way_to("评议点", "ballots:poll_detail", done[0].pk),
        )
    for poll in polls:
        if not campaign.organizer.contains(poll.organization):
            raise StateError(f"“{poll.unit_name}”在开启以后已经调出“{campaign.organizer}”，整个活动不能再退回筹备。")


def _take_back(polls: Sequence[Poll]) -> int:
    """Void the codes of locked open polls and put them back into preparation; returns how many codes there were."""
    if any(has_taken(poll) for poll in polls):
        raise StateError(TAKEN)
    code_count = sum(map(drop_batches, polls))
    thaw_documents(polls)
    for poll in polls:
        poll.take_back()
    return code_count


def open_again(poll: Poll) -> None:
    """Freeze the ballot of a poll that was taken back by itself and open it, under its campaign's rules.

    Raises NotReady with what its ballot lacks, StateError.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=poll.campaign_id)
        if not campaign.is_frozen:
            raise StateError(
                "评议活动还在筹备，各评议点随整个活动一起开启。",
                way=way_to("开启", "campaigns:campaign_detail", campaign.pk),
            )
        if missing := readiness.missing_of_poll(poll):
            raise NotReady(missing)
        poll.open_again(form=compose_form(poll).to_json())
        freeze_documents([poll])


@dataclass(frozen=True)
class ReopeningPlan:
    """The polls of an open campaign that were taken back by themselves: the keys of those that lack nothing, and the others
    with what, both in the order of the tree.
    """

    ready: list[int]
    lacks: dict[int, list[readiness.Missing]]

    @property
    def mark(self) -> str:
        """A short text that is another where other polls would be opened."""
        return mark_of(self.ready)


def plan_reopening(campaign: Campaign, polls: PollQuerySet | None = None) -> ReopeningPlan:
    """Sort the polls that were taken back, or those of some polls; nothing where the campaign itself is in preparation."""
    polls = campaign.polls.all() if polls is None else polls
    taken_back = polls.filter(state=Poll.State.PREPARING) if campaign.is_frozen else polls.none()
    lacks = readiness.lacks_of_polls(campaign, taken_back)
    keys = keys_of(taken_back)
    return ReopeningPlan(
        ready=[key for key in keys if key not in lacks], lacks={key: lacks[key] for key in keys if key in lacks}
    )


def reopen_planned(plan: ReopeningPlan) -> TurnOutcome[Poll]:
    """Open what the plan says, each poll in its own transaction; whatever is left after a while waits for the next press."""
    return do_in_turn(polls_in_turn(plan.ready), open_again, refusals=(NotReady, StateError), seconds=SECONDS_AT_ONCE)
