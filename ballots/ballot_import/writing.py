"""Writes all ballots of a checked table, or none."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from campaigns.models import Campaign, Category, Poll
from campaigns.models.states import StateError

from ..actions import add_batch
from ..models import BallotImport, Batch
from ..voting import casting
from .plan import BallotGroup, Plan


class AlreadyImported(Exception):
    """The same ballots were imported before, and nobody confirmed that they come in again; nothing was written."""


class NotTaken(Exception):
    """A poll stopped taking ballots after the table was checked; nothing was written. The message is for the user."""


@dataclass(frozen=True)
class Imported:
    """The numbers of what an import wrote."""

    row_count: int
    unit_count: int
    batch_count: int

    def __str__(self):
        return f"已导入评议票{self.row_count}张：{self.unit_count}个单位，{self.batch_count}个票批。"


def previous_import(campaign: Campaign, plan: Plan) -> BallotImport | None:
    """The last import of the same ballots."""
    return campaign.ballot_imports.filter(digest=plan.digest).select_related("imported_by").last()


def write_plan(campaign: Campaign, plan: Plan, *, by, again: bool = False) -> Imported:
    """Write a plan in one transaction, each group as a batch of its own that counts as agreed.

    `again` confirms that ballots which were imported before are others that look the same. Raises AlreadyImported or
    NotTaken.
    """
    with transaction.atomic():
        _remember(campaign, plan, by=by, again=again)
        _lock(plan)
        categories = campaign.categories.in_bulk()
        try:
            for group in plan.groups:
                _write_group(group, categories, by=by)
        except (StateError, casting.Refused) as error:
            raise NotTaken(str(error)) from error
    return Imported(plan.row_count, plan.unit_count, len(plan.groups))


def _remember(campaign: Campaign, plan: Plan, *, by, again: bool) -> None:
    """Note the import; the constraint, not a look before, says whether these ballots are in already."""
    last = previous_import(campaign, plan) if again else None
    try:
        BallotImport.objects.create(
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


def _write_group(group: BallotGroup, categories: Mapping[int, Category], *, by) -> None:
    batch = add_batch(
        Poll(pk=group.poll_id),
        channel=group.channel,
        category=categories[group.category_id],
        method=Batch.Method.ENTERED,
    )
    opinions = [casting.OpinionText(target_id, text) for target_id, text in group.opinions]
    count = casting.record_ballots(batch=batch, marks=group.marks.items(), opinions=opinions, by=by)
    # Kept for the closing, where they can be corrected.
    Batch.objects.filter(pk=batch.pk).update(issued_count=count, returned_count=count)
