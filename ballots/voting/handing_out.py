"""Batches and slips for all units of a campaign together: what each unit gets, what it does not get and why, and the deeds.

The database finds that for each unit, so that a page reads its own units alone; a deed asks it anew: what stands on the page
is what would be done now.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from django.db import models, transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Expression,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from campaigns.actions.in_turn import SECONDS_AT_ONCE
from campaigns.models import Category, Channel, Member, Poll, PollQuerySet

from ..models import Batch
from .codes import MAX_PRINTED

# The batches of so many units are made in a transaction.
POLLS_AT_ONCE = 1000


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


@dataclass(frozen=True)
class _Kind:
    """Polls, or batches of them, of one channel and category, each with the number of slips and why it is left out.

    `poll` is the way from a row to its poll.
    """

    channel: str
    category: Category
    rows: QuerySet
    poll: str

    @property
    def made(self) -> QuerySet:
        return self.rows.filter(left_out="")

    def items(self, polls: dict[int, Poll]) -> Iterator[PlannedBatch]:
        """The rows of some polls."""
        rows = self.rows.filter(**{f"{self.poll}__in": list(polls)}).order_by("pk")
        if self.poll == "pk":
            for key, slips, reason in rows.values_list("pk", "slip_count", "left_out"):
                yield PlannedBatch(polls[key], self.channel, self.category, slips, reason)
            return
        for batch in rows:
            # Read with the page already: drawing asks for them.
            batch.poll, batch.category = polls[batch.poll_id], self.category
            yield PlannedBatch(batch.poll, self.channel, self.category, batch.slip_count, batch.left_out, batch)


@dataclass(frozen=True)
class PlanSums:
    """The units and batches that get something, the slips, and the batches that are left out."""

    unit_count: int
    made_count: int
    slip_count: int
    left_out_count: int


@dataclass(frozen=True)
class HandingOutPlan:
    """The batches or the slips that the units of some polls get, those left out among them; in so many queries for each kind,
    whatever the number of units.
    """

    polls: PollQuerySet
    kinds: tuple[_Kind, ...]

    @property
    def getting(self) -> PollQuerySet:
        """The polls that get something."""
        some = Q(pk__in=[])
        for kind in self.kinds:
            some |= Q(pk__in=kind.made.order_by().values(kind.poll))
        return self.polls.filter(some)

    def sums(self) -> PlanSums:
        made = [row for kind in self.kinds for row in kind.made.order_by().values_list(kind.poll, "slip_count")]
        return PlanSums(
            unit_count=len({key for key, _ in made}),
            made_count=len(made),
            slip_count=sum(count for _, count in made),
            left_out_count=sum(kind.rows.count() for kind in self.kinds) - len(made),
        )

    def of(self, polls: Collection[Poll]) -> list[PlannedBatch]:
        """The batches of some of the polls, in their order."""
        by_key = {poll.pk: poll for poll in polls}
        items = defaultdict(list)
        for kind in self.kinds:
            for item in kind.items(by_key):
                items[item.poll.pk].append(item)
        return [item for key in by_key for item in items[key]]


def plan_batches(polls: PollQuerySet, pattern: BatchPattern) -> HandingOutPlan:
    """The batches that the units get: a unit that has such a batch, not voided, keeps it and gets no second one."""
    kinds = []
    for channel, category in pattern.kinds:
        own = Batch.objects.counting().filter(poll=OuterRef("pk"), method=pattern.method)
        reasons = [
            When(Exists(own.filter(channel=channel, category=category)), then=Value("已经有这个票批。")),
            *_refusals(category),
        ]
        rows = polls.annotate(slip_count=_slip_count(pattern, category), left_out=_first_of(reasons))
        kinds.append(_Kind(channel, category, rows, "pk"))
    return HandingOutPlan(polls, tuple(kinds))


@dataclass(frozen=True)
class BatchesMade:
    """How many batches were made, for how many units, and how many units the deed did not come to."""

    unit_count: int = 0
    batch_count: int = 0
    waiting_count: int = 0


def add_batches(polls: PollQuerySet, pattern: BatchPattern) -> BatchesMade:
    """Make what the plan says; done again it makes nothing, or goes on where it stopped.

    So many units are done together, all or nothing; after so many seconds no more are begun.
    """
    keys = list(plan_batches(polls, pattern).getting.order_by("path", "pk").values_list("pk", flat=True))
    ends_at = time.monotonic() + SECONDS_AT_ONCE
    unit_count = batch_count = 0
    for start in range(0, len(keys), POLLS_AT_ONCE):
        if time.monotonic() > ends_at:
            return BatchesMade(unit_count, batch_count, len(keys) - start)
        batches = _add_lot(keys[start : start + POLLS_AT_ONCE], pattern)
        batch_count += len(batches)
        unit_count += len({batch.poll_id for batch in batches})
    return BatchesMade(unit_count, batch_count)


@transaction.atomic
def _add_lot(keys: list[int], pattern: BatchPattern) -> list[Batch]:
    """Make the batches that some polls, held until it is done, get now."""
    polls = Poll.objects.filter(pk__in=keys)
    list(polls.select_for_update().order_by("pk").values_list("pk", flat=True))
    made: dict[int, list[Batch]] = defaultdict(list)
    for kind in plan_batches(polls, pattern).kinds:
        for key in kind.made.order_by().values_list("pk", flat=True):
            made[key].append(Batch(poll_id=key, channel=kind.channel, category=kind.category, method=pattern.method))
    return Batch.objects.bulk_create(batch for key in keys for batch in made[key])


def plan_slips(polls: PollQuerySet, pattern: BatchPattern, *, again: bool = False) -> HandingOutPlan:
    """The slips of the units' batches: a batch for which slips were made gets more only where they are wanted `again`."""
    kinds = []
    of_slips = Batch.objects.filter(method=Batch.Method.SLIPS, state=Batch.State.OPEN)
    for channel, category in pattern.kinds:
        own = of_slips.filter(channel=channel, category=category)
        without = polls.exclude(Exists(own.filter(poll=OuterRef("pk")))).annotate(
            slip_count=_slip_count(pattern, category),
            left_out=_first_of(_refusals(category), default="还没有设这个票批。"),
        )
        of_polls = own.filter(poll__in=polls.order_by().values("pk"))
        batches = of_polls.annotate(slip_count=_slip_count(pattern, category, "poll__")).annotate(
            left_out=_first_of([*_refusals(category, "poll__"), *_no_slips(pattern, category, again=again)])
        )
        kinds += [_Kind(channel, category, without, "pk"), _Kind(channel, category, batches, "poll")]
    return HandingOutPlan(polls, tuple(kinds))


def _no_slips(pattern: BatchPattern, category: Category, *, again: bool) -> list[When]:
    """Why a batch of a poll that takes ballots gets no slips with the others."""
    reasons = [When(shared_slip__isnull=False, then=Value("与别的评议表同票，请在这个票批里单独制作。"))]
    if not again:
        reasons.append(When(printed_count__gt=0, then=_told("已经制作过", "printed_count", "张。")))
    if pattern.how_many == HowMany.ROSTER:
        # Not by the count of each: the database would count the members of a province for every reason again.
        unit = _unit_of(category, "poll__")
        units = Member.objects.active().order_by().values("organization")
        large = units.annotate(number=Count("*")).filter(number__gt=MAX_PRINTED).values("organization")
        too_many = f"张，一次至多{MAX_PRINTED}张，请在这个票批里分几次制作。"
        reasons += [
            When(~Exists(_members_of(unit)), then=Value("名册上没有在册党员，请改填张数。")),
            When(**{f"{unit}__in": large}, then=_told("要", "slip_count", too_many)),
        ]
    return reasons


def _told(before: str, column: str, after: str) -> Expression:
    return Concat(Value(before), Cast(column, CharField()), Value(after), output_field=CharField())


def _first_of(reasons: list[When], *, default: str = "") -> Case:
    return Case(*reasons, default=Value(default), output_field=CharField())


def _refusals(category: Category, way: str = "") -> list[When]:
    """Why a poll gets no batch of a category now; `way` leads to the poll."""
    reasons = [
        When(**{f"{way}state": state}, then=Value(f"评议点现为“{label}”，不能发票。"))
        for state, label in Poll.State.choices
        if state not in Poll.ACCEPTING
    ]
    if _comes_from_partners(category):
        reasons.append(When(**{f"{way}partner": None}, then=Value("本单位没有结对，不能发这一类票。")))
    return reasons


def _slip_count(pattern: BatchPattern, category: Category, way: str = "") -> Expression:
    """The number of slips: as many as the unit whose members fill in the ballots of the category has, or the same everywhere."""
    if pattern.how_many != HowMany.ROSTER:
        return Value(pattern.same if pattern.how_many == HowMany.SAME else 0)
    members = _members_of(_unit_of(category, way)).order_by().values("organization")
    return Coalesce(Subquery(members.annotate(number=Count("*")).values("number")), 0)


def _unit_of(category: Category, way: str) -> str:
    """The way from a row to the unit whose members fill in the ballots of a category."""
    return f"{way}partner__organization" if _comes_from_partners(category) else f"{way}organization"


def _members_of(unit: str) -> QuerySet[Member]:
    return Member.objects.active().filter(organization=OuterRef(unit))


def _comes_from_partners(category: Category) -> bool:
    return category.name == category.campaign.partner_category
