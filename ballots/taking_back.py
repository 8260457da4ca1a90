"""Taking back to preparation what was opened, as long as no ballot came in; and opening a single poll again."""

from dataclasses import dataclass

from django.db import transaction

from campaigns import readiness
from campaigns.actions import NotReady, compose_form, lock_trees
from campaigns.actions.in_turn import SECONDS_AT_ONCE, TurnOutcome, do_in_turn
from campaigns.documents.reading import freeze_documents, thaw_documents
from campaigns.long_deeds import queue_deed
from campaigns.models import Campaign, LongDeed, Poll, PollQuerySet, TakenBack
from campaigns.models.reach import within_paths
from campaigns.models.states import StateError
from campaigns.polls_for_deed import keys_of, mark_of, polls_in_turn
from campaigns.ways import way_to

from .counting.sealing import have_taken
from .voting.casting import drop_batches

# The same whatever came in, how much of it and, of a campaign, in which poll: turnout is told in steps alone until the seal.
TAKEN = "已收到选票，不能退回筹备。"
# Of so many polls batches, codes and documents are looked at together.
POLLS_AT_ONCE = 1000


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
        code_count = _void(Poll.objects.filter(pk=locked.pk))
        Poll.objects.filter(pk=locked.pk).take_back()
        facts = {"poll": locked, "unit_name": locked.unit_name, "code_count": code_count}
        return TakenBack.objects.create(campaign=campaign, reason=reason, taken_back_by=by, **facts)


def take_back_campaign(campaign: Campaign, *, by, reason: str) -> TakenBack:
    """Take a campaign back with all its polls, so that everything may be changed again; raises StateError."""
    with transaction.atomic():
        lock_trees()
        locked = Campaign.objects.select_related("organizer").select_for_update(of=["self"]).get(pk=campaign.pk)
        keys = list(locked.polls.select_for_update().order_by("pk").values_list("pk", flat=True))
        _check_whole(locked)
        code_count = 0
        for start in range(0, len(keys), POLLS_AT_ONCE):
            of_lot = Poll.objects.filter(pk__in=keys[start : start + POLLS_AT_ONCE])
            code_count += _void(of_lot.filter(state=Poll.State.OPEN))
        locked.polls.take_back_whole()
        locked.take_back()
        return TakenBack.objects.create(campaign=locked, code_count=code_count, reason=reason, taken_back_by=by)


def queue_taking_back(campaign: Campaign, *, by, reason: str) -> LongDeed:
    """Let the worker take back a campaign of very many polls; raises StateError as that would now, but for ballots that came in."""
    _check_whole(campaign)
    return queue_deed(campaign, LongDeed.Kind.TAKE_BACK, by=by, arguments={"reason": reason})


def _check_whole(campaign: Campaign) -> None:
    """Raise StateError where the campaign is not open as a whole, or its units have left the organizer since."""
    if not campaign.is_frozen:
        raise StateError("评议活动还在筹备，不用退回。")
    polls = campaign.polls.select_related("organization").defer("form").order_by("pk")
    if done := polls.exclude(state__in=(Poll.State.OPEN, Poll.State.PREPARING)).first():
        raise StateError(
            f"“{done.unit_name}”的评议点{done.get_state_display()}，整个活动不能再退回筹备。",
            way=way_to("评议点", "ballots:poll_detail", done.pk),
        )
    if left := polls.exclude(within_paths([campaign.organizer.path], "organization__path")).first():
        raise StateError(f"“{left.unit_name}”在开启以后已经调出“{campaign.organizer}”，整个活动不能再退回筹备。")


def _void(polls: PollQuerySet) -> int:
    """Void the codes of locked open polls, at most a lot of them, and thaw their documents; returns how many codes there were."""
    keys = list(polls.values_list("pk", flat=True))
    if have_taken(keys):
        raise StateError(TAKEN)
    code_count = drop_batches(keys)
    thaw_documents(Poll.objects.filter(pk__in=keys))
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


def reopen_planned(plan: ReopeningPlan) -> TurnOutcome[int]:
    """Open what the plan says, each poll in its own transaction; whatever is left after a while waits for the next press."""

    def open_one(key: int) -> None:
        open_again(polls_in_turn([key]).get())

    return do_in_turn(plan.ready, open_one, refusals=(NotReady, StateError), seconds=SECONDS_AT_ONCE)
