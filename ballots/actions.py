"""Opening, rehearsing and handing out: what touches campaigns and their ballots together."""

from collections.abc import Sequence

from django.db import transaction

from campaigns import readiness
from campaigns.actions import NotReady, agreed_plan, begin_opening, compose_form, open_polls, open_ready_polls
from campaigns.long_deeds import queue_deed
from campaigns.models import Campaign, Category, Channel, LongDeed, Poll
from campaigns.models.states import StateError
from campaigns.readiness import OpeningPlan
from campaigns.ways import way_to

from .models import MOST_FORMS, Batch, SharedSlip
from .voting import casting


def start_rehearsal(poll: Poll) -> None:
    """Let a poll take trial ballots on the form as it stands; raises StateError."""
    with transaction.atomic():
        # The campaign's lock is the one that opening takes: a rehearsal cannot slip in behind the wiping.
        if Campaign.objects.select_for_update().get(pk=poll.campaign_id).is_frozen:
            raise StateError("评议活动已经开启，不能再演练。")
        # Nor behind a shared slip, whose codes the end of the rehearsal would wipe.
        if Poll.objects.select_for_update().get(pk=poll.pk).batches.exists():
            raise StateError(
                f"“{poll.unit_name}”已经与别的评议表同票发了选票码，不能再演练。",
                way=way_to("票批", "ballots:poll_detail", poll.pk),
            )
        form = compose_form(poll)
        if not form.cell_count:
            raise StateError(
                f"“{poll.unit_name}”的票上还没有评议对象和评议内容，不能演练。",
                way=way_to("评议对象", "campaigns:poll_targets", poll.pk),
            )
        poll.start_rehearsal(form=form.to_json())


def end_rehearsal(poll: Poll) -> None:
    """Wipe everything that a rehearsal left and go back to preparation; raises StateError."""
    with transaction.atomic():
        Poll.objects.select_for_update().get(pk=poll.pk)
        poll.end_rehearsal()
        casting.wipe(poll)


def open_campaign(campaign: Campaign, *, by) -> None:
    """Wipe the rehearsals, freeze every ballot and open every poll, in one transaction.

    Raises campaigns.actions.NotReady with what is missing; then nothing is changed.
    """
    with transaction.atomic():
        _end_rehearsals(campaign)
        open_polls(campaign, by=by)


def open_ready(campaign: Campaign, *, by, seen: str) -> OpeningPlan:
    """The same for the polls that are ready; the others stay in preparation and are opened later, `taking_back.open_again`.

    Raises NotReady, StateError as `open_ready_polls` does; then nothing is changed.
    """
    with transaction.atomic():
        _end_rehearsals(campaign)
        return open_ready_polls(campaign, by=by, seen=seen)


def queue_opening(campaign: Campaign, *, by, seen: str | None) -> LongDeed:
    """Let the worker open a campaign of very many polls, all of them or, where `seen` is the mark of a plan, those that are ready.

    Raises NotReady, StateError as the opening would now.
    """
    if seen is not None:
        agreed_plan(campaign, seen=seen)
    elif missing := readiness.missing(campaign):
        raise NotReady(missing)
    return queue_deed(campaign, LongDeed.Kind.OPEN, by=by, arguments={"seen": seen})


def begin_open(campaign: Campaign, *, by, seen: str | None) -> list[int]:
    """The first part of such an opening, before any poll opens: `begin_opening` without rehearsals."""
    with transaction.atomic():
        _end_rehearsals(campaign)
        return begin_opening(campaign, by=by, seen=seen)


def _end_rehearsals(campaign: Campaign) -> None:
    """Wipe what was cast in rehearsal, with the campaign locked until the opening is done."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    for poll in campaign.polls.filter(state=Poll.State.REHEARSING):
        end_rehearsal(poll)


def add_batch(poll: Poll, *, channel: str, category: Category, method: str) -> Batch:
    """A new batch of a poll that takes ballots; raises StateError."""
    with transaction.atomic():
        locked = Poll.objects.select_for_update().get(pk=poll.pk)
        if not locked.is_accepting:
            raise StateError(
                f"“{locked.unit_name}”的评议点现为“{locked.get_state_display()}”，不能发票。",
                way=way_to("开启", "campaigns:campaign_detail", locked.campaign_id),
            )
        return Batch.objects.create(poll=locked, channel=channel, category=category, method=method)


def share_slips(polls: Sequence[Poll], *, channel: str, category: str) -> list[Batch]:
    """A batch in each of several polls of a unit, tied so that one slip admits to a ballot of each; in the order given.

    They are held at one meeting: `channel` and the name of the `category` are those of all. A batch that is there already
    and gave out no code is taken. A poll that is not open yet may be among them, and opens with its codes. Raises
    StateError with what stands in the way.
    """
    with transaction.atomic():
        keys = [poll.pk for poll in polls]
        rows = Poll.objects.select_related("campaign").select_for_update(of=["self"]).filter(pk__in=keys).order_by("pk")
        locked = {poll.pk: poll for poll in rows}
        together = [locked[key] for key in dict.fromkeys(keys)]
        _check_together(together)
        chosen = [_batch_to_share(poll, channel=channel, category=category) for poll in together]
        tie = SharedSlip.objects.create()
        for place, batch in enumerate(chosen, start=1):
            batch.shared_slip, batch.slip_place = tie, place
            batch.save()
        return chosen


def _check_together(polls: Sequence[Poll]) -> None:
    """Raise StateError where the polls cannot be held at one meeting."""
    if not 2 <= len(polls) <= MOST_FORMS:
        raise StateError(f"同票的评议表应为2至{MOST_FORMS}张，现为{len(polls)}张。")
    if len({poll.organization_id for poll in polls}) > 1:
        names = "、".join(f"“{poll.unit_name}”" for poll in polls)
        raise StateError(f"同票的几张表应当是同一个单位的，现在是{names}。")
    for poll in polls:
        if poll.state not in Poll.UNTIL_CLOSED:
            raise StateError(f"“{poll.campaign.title}”现为“{poll.get_state_display()}”，不能再发选票码，也就不能同票。")
    if not any(poll.is_accepting for poll in polls):
        raise StateError(
            "几张表都还没有开启。至少开启一张，才能发选票码。",
            way=way_to("开启", "campaigns:campaign_detail", polls[0].campaign_id),
        )
    if len({poll.state == Poll.State.REHEARSING for poll in polls}) > 1:
        raise StateError(
            "演练中的表只能与演练中的表同票：演练的选票码在演练结束时全部清除。",
            way=way_to("结束演练", "ballots:poll_detail", polls[0].pk),
        )


def _batch_to_share(poll: Poll, *, channel: str, category: str) -> Batch:
    """The poll's batch for a channel and category, not written yet where it is new; raises StateError."""
    title = poll.campaign.title
    if channel not in poll.campaign.channels:
        raise StateError(
            f"“{title}”没有“{Channel(channel).label}”这个渠道，不能同票。",
            way=way_to("评议渠道", "campaigns:campaign_rules", poll.campaign_id),
        )
    own = poll.campaign.categories.filter(name=category).first()
    if own is None:
        raise StateError(
            f"“{title}”没有“{category}”这一类参评人员，不能同票。",
            way=way_to("参评人员类别", "campaigns:category_list", poll.campaign_id),
        )
    if category == poll.campaign.partner_category and poll.partner is None:
        raise StateError(
            f"“{title}”的“{category}”由结对单位的党员填写，本单位没有结对，不能同票。",
            way=way_to("结对单位", "campaigns:campaign_pairs", poll.campaign_id),
        )
    there = poll.batches.filter(channel=channel, category=own, method=Batch.Method.SLIPS, state=Batch.State.OPEN)
    for batch in there:
        if batch.shared_slip_id is not None:
            raise StateError(
                f"“{title}”的“{batch}”已经同票，请在那个票批里接着制作选票码。",
                way=way_to("制作选票码", "ballots:batch_slips", batch.pk),
            )
        if batch.printed_count:
            raise StateError(
                f"“{title}”的“{batch}”已经发过单独的选票码，再同票，同一个人会领到两次。请先作废那个票批。",
                way=way_to("作废票批", "ballots:batch_void", batch.pk),
            )
    return there.first() or Batch(poll=poll, channel=channel, category=own, method=Batch.Method.SLIPS)
