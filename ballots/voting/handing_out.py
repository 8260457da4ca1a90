"""Batches and slips for all units of a campaign together: what each unit gets, what it does not get and why, and the deeds.

A plan is computed anew by the deed: what stands on the page is what would be done now.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from django.db import models, transaction
from django.db.models import Count

from campaigns.models import Category, Channel, Member, Poll

from ..models import Batch
from .codes import MAX_PRINTED


class HowMany(models.TextChoices):
    """How the number of slips of a unit comes about."""

    ROSTER = "roster", "按名册：单位有几名在册党员，就做几张"
    SAME = "same", "每个单位同样多"
    NONE = "none", "先不做选票码"


@dataclass(frozen=True)
class BatchPattern:
    """The batches of every unit, one for each channel and category, and the number of slips in each."""

    channels: Sequence[str]
    categories: Sequence[Category]
    method: str = Batch.Method.SLIPS
    how_many: str = HowMany.NONE
    same: int = 0

    @property
    def kinds(self) -> Iterator[tuple[str, Category]]:
        return product(self.channels, self.categories)


@dataclass(frozen=True)
class PlannedBatch:
    """A unit's batch of one channel and category: with so many slips to be made, or left out for a reason."""

    poll: Poll
    channel: str
    category: Category
    slip_count: int = 0
    left_out: str = ""
    # There where slips are to be made for it.
    batch: Batch | None = None

    def __str__(self):
        return f"{Channel(self.channel).label}·{self.category}"


def plan_batches(polls: Sequence[Poll], pattern: BatchPattern) -> list[PlannedBatch]:
    """The batches that the units get, those left out among them; as many queries for one unit as for all.

    A unit that has such a batch, not voided, keeps it and gets no second one. The polls bring campaign and partner.
    """
    standing = set(
        Batch.objects.counting()
        .filter(poll__in=polls, method=pattern.method)
        .order_by()
        .values_list("poll", "channel", "category")
    )
    counts = _slip_counts(polls, pattern)
    plan = []
    for poll in polls:
        for channel, category in pattern.kinds:
            reason = "已经有这个票批。" if (poll.pk, channel, category.pk) in standing else _refusal(poll, category)
            plan.append(PlannedBatch(poll, channel, category, counts[poll.pk, category.pk], reason))
    return plan


def add_batches(polls: Sequence[Poll], pattern: BatchPattern) -> list[PlannedBatch]:
    """Make what the plan says, all or nothing, and return the plan; done again it makes nothing."""
    with transaction.atomic():
        plan = plan_batches(_locked(polls), pattern)
        Batch.objects.bulk_create(
            Batch(poll=item.poll, channel=item.channel, category=item.category, method=pattern.method)
            for item in plan
            if not item.left_out
        )
    return plan


def plan_slips(polls: Sequence[Poll], pattern: BatchPattern, *, again: bool = False) -> list[PlannedBatch]:
    """The slips of the units' batches, those left out among them; in two queries.

    A batch for which slips were made gets more only where they are wanted `again`.
    """
    batches = defaultdict(list)
    slips = Batch.objects.filter(poll__in=polls, method=Batch.Method.SLIPS, state=Batch.State.OPEN).order_by("pk")
    for batch in slips:
        batches[batch.poll_id, batch.channel, batch.category_id].append(batch)
    counts = _slip_counts(polls, pattern)
    plan = []
    for poll in polls:
        for channel, category in pattern.kinds:
            number = counts[poll.pk, category.pk]
            if not (own := batches[poll.pk, channel, category.pk]):
                reason = _refusal(poll, category) or "还没有设这个票批。"
                plan.append(PlannedBatch(poll, channel, category, number, reason))
            for batch in own:
                # Read with the page already: drawing asks for them.
                batch.poll, batch.category = poll, category
                reason = _no_slips(batch, number, again=again)
                plan.append(PlannedBatch(poll, channel, category, number, reason, batch))
    return plan


def _no_slips(batch: Batch, number: int, *, again: bool) -> str:
    """The reason why a batch gets no slips with the others; empty where it does."""
    if refusal := _refusal(batch.poll, batch.category):
        return refusal
    if batch.shared_slip_id is not None:
        return "与别的评议表同票，请在这个票批里单独制作。"
    if batch.printed_count and not again:
        return f"已经制作过{batch.printed_count}张。"
    if not number:
        return "名册上没有在册党员，请改填张数。"
    if number > MAX_PRINTED:
        return f"要{number}张，一次至多{MAX_PRINTED}张，请在这个票批里分几次制作。"
    return ""


def _locked(polls: Iterable[Poll]) -> list[Poll]:
    """The polls as they are now, held until the transaction ends."""
    keys = [poll.pk for poll in polls]
    rows = Poll.objects.select_related("campaign", "organization", "partner").defer("form")
    return list(rows.select_for_update(of=["self"]).filter(pk__in=keys).order_by("pk"))


def _refusal(poll: Poll, category: Category) -> str:
    """The reason why a poll gets no batch of a category now; empty where it may."""
    if not poll.is_accepting:
        return f"评议点现为“{poll.get_state_display()}”，不能发票。"
    if category.name == poll.campaign.partner_category and poll.partner is None:
        return "本单位没有结对，不能发这一类票。"
    return ""


def _slip_counts(polls: Sequence[Poll], pattern: BatchPattern) -> dict[tuple[int, int], int]:
    """The number of slips for each poll and category, by their keys."""
    members: dict[int, int] = defaultdict(int)
    if pattern.how_many == HowMany.ROSTER:
        units = {key for poll in polls for category in pattern.categories if (key := _unit_of(poll, category))}
        rows = Member.objects.active().filter(organization__in=units).order_by().values_list("organization")
        members.update(rows.annotate(number=Count("pk")))
    same = pattern.same if pattern.how_many == HowMany.SAME else 0
    return {
        (poll.pk, category.pk): same or members[_unit_of(poll, category) or 0]
        for poll, category in product(polls, pattern.categories)
    }


def _unit_of(poll: Poll, category: Category) -> int | None:
    """The key of the unit whose members fill in the ballots of a category; None where they come from a pair that is not there."""
    if category.name != poll.campaign.partner_category:
        return poll.organization_id
    return poll.partner.organization_id if poll.partner else None
