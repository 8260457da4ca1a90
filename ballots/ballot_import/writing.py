"""Writes all ballots of a checked table, or none."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from campaigns.models import Campaign, Category, Poll
from campaigns.models.states import StateError

from ..actions import add_batch
from ..counting.closing import void_batch
from ..models import BallotImport, Batch, VoidSheets
from ..paper.comparing import distribute
from ..voting import casting
from .earlier import EarlierBatch, earlier_batches
from .plan import BallotGroup, Plan

ADD, REPLACE = "add", "replace"
REPLACED = "由后来导入的文件代替"
VOID_REASON = "汇总表所列，没有写原因"


class AlreadyImported(Exception):
    """The same ballots were imported before, and nobody confirmed that they come in again; nothing was written."""


class NotTaken(Exception):
    """A poll stopped taking ballots after the table was checked; nothing was written. The message is for the user."""


class Undecided(Exception):
    """Earlier files brought ballots for the same places, and nobody said whether these are more; nothing was written."""

    def __init__(self, earlier: list[EarlierBatch]):
        super().__init__("；".join(batch.sentence for batch in earlier))
        self.earlier = earlier


class ShortOfValid(Exception):
    """Totals fall short of the valid ballots, and nobody agreed that the rest abstained; nothing was written."""

    def __init__(self, shortfalls: list[str]):
        super().__init__("".join(shortfalls))
        self.shortfalls = shortfalls


@dataclass(frozen=True)
class Imported:
    """The numbers of what an import wrote."""

    row_count: int
    unit_count: int
    batch_count: int
    replaced_count: int = 0

    def __str__(self):
        replaced = f"原有的{self.replaced_count}个票批已作废。" if self.replaced_count else ""
        return f"已导入评议票{self.row_count}张：{self.unit_count}个单位，{self.batch_count}个票批。{replaced}"


def previous_import(campaign: Campaign, plan: Plan) -> BallotImport | None:
    """The last import of the same ballots."""
    return campaign.ballot_imports.filter(digest__in=plan.digests).select_related("imported_by").last()


def write_plan(
    campaign: Campaign, plan: Plan, *, by, again: bool = False, earlier: str = "", is_rest_abstained: bool = False
) -> Imported:
    """Write a plan in one transaction, each group as a batch of its own that counts as agreed.

    `again` confirms that ballots which were imported before are others that look the same. `earlier` says what the
    ballots are to batches of earlier files at the same places: ADD are more ballots, REPLACE voids those batches.
    `is_rest_abstained` says that totals which fall a little short lack the abstentions.
    Raises AlreadyImported, Undecided, ShortOfValid or NotTaken.
    """
    if plan.shortfalls and not is_rest_abstained:
        raise ShortOfValid(plan.shortfalls)
    with transaction.atomic():
        file = _remember(campaign, plan, by=by, again=again)
        _lock(plan)
        before = [] if again or earlier == ADD else earlier_batches(plan.groups)
        if before and earlier != REPLACE:
            raise Undecided(before)
        categories = campaign.categories.in_bulk()
        try:
            for batch in before:
                void_batch(batch.batch, by=by, reason=REPLACED)
            for group in plan.groups:
                _write_group(group, categories, file, by=by)
        except (StateError, casting.Refused) as error:
            raise NotTaken(str(error)) from error
    return Imported(plan.row_count, plan.unit_count, len(plan.groups), len(before))


def _remember(campaign: Campaign, plan: Plan, *, by, again: bool) -> BallotImport:
    """Note the import; the constraint, not a look before, says whether these ballots are in already."""
    last = previous_import(campaign, plan) if again else None
    try:
        return BallotImport.objects.create(
            campaign=campaign,
            digest=plan.digest,
            ordinal=last.ordinal + 1 if last else 1,
            row_count=plan.row_count,
            imported_by=by,
        )
    except IntegrityError as error:
        # The whole transaction is given up with this exception, so no savepoint is needed.
        raise AlreadyImported from error


def _lock(plan: Plan) -> None:
    """Lock the polls in the order of their keys, so that two imports never wait for each other."""
    polls = sorted({group.poll_id for group in plan.groups})
    for start in range(0, len(polls), 500):
        locked = Poll.objects.select_for_update().filter(pk__in=polls[start : start + 500]).order_by("pk")
        for poll in locked.only("state", "organization"):
            if poll.state != Poll.State.OPEN:
                raise NotTaken(f"“{poll.organization}”的评议点现为“{poll.get_state_display()}”，不能导入。")


def _write_group(group: BallotGroup, categories: Mapping[int, Category], file: BallotImport, *, by) -> None:
    batch = add_batch(
        Poll(pk=group.poll_id),
        channel=group.channel,
        category=categories[group.category_id],
        method=Batch.Method.ENTERED,
    )
    opinions = [casting.OpinionText(target_id, text) for target_id, text in group.opinions]
    marks = group.marks
    if group.totals:
        form = Poll.objects.only("form").get(pk=group.poll_id).ballot_form
        marks = Counter(distribute(form, group.totals, group.row_count))
    count = casting.record_ballots(batch=batch, marks=marks.items(), opinions=opinions, by=by)
    if group.void_count:
        VoidSheets.objects.create(batch=batch, reason=VOID_REASON, count=group.void_count)
    # Kept for the closing, where they can be corrected.
    Batch.objects.filter(pk=batch.pk).update(
        issued_count=count if group.issued_count is None else group.issued_count,
        returned_count=group.returned_count,
        void_count=group.void_count,
        is_aggregated=bool(group.totals),
        ballot_import=file,
    )
