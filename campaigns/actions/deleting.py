"""Deleting what is still in preparation, and what goes with it."""

from collections import Counter

from django.db import router
from django.db.models import Model
from django.db.models.deletion import Collector

from ..models import Campaign, Poll, Target
from .campaigns import Frozen, editing

LAST_POLL = "这是活动的最后一个评议点，不能单独删除；请把整个活动退回筹备，再改评议单位或者删除活动。"


def delete_poll(poll: Poll) -> None:
    """Delete a poll in preparation with its targets and meeting facts; raises Frozen.

    Of an opened campaign the last poll stays, for a campaign without any could be neither closed nor sealed.
    """
    with editing(poll.campaign, ballot_of=poll) as locked:
        if locked.is_frozen and not locked.polls.exclude(pk=poll.pk).exists():
            raise Frozen(LAST_POLL, locked)
        Target.objects.filter(poll=poll).delete()
        Poll.objects.filter(pk=poll.pk).delete()


def delete_campaign(campaign: Campaign) -> None:
    """Delete a campaign that is not open, with its polls and questionnaires; raises Frozen."""
    with editing(campaign) as locked:
        Target.objects.filter(poll__campaign=locked).delete()
        locked.delete()


def going_with_poll(poll: Poll) -> list[tuple[str, int]]:
    """The labels and numbers of the rows that go with a poll, itself among them; raises Frozen where it may not go."""
    with editing(poll.campaign, ballot_of=poll) as locked:
        if locked.is_frozen and not locked.polls.exclude(pk=poll.pk).exists():
            raise Frozen(LAST_POLL, locked)
        return _going_with(poll)


def going_with_campaign(campaign: Campaign) -> list[tuple[str, int]]:
    """The same of a campaign."""
    with editing(campaign) as locked:
        return _going_with(locked)


def _going_with(row: Model) -> list[tuple[str, int]]:
    """The rows that the database would delete along with one; raises ProtectedError where something holds it."""
    collector = Collector(using=router.db_for_write(type(row), instance=row), origin=row)
    collector.collect([row])
    counts: Counter[str] = Counter()
    for model, rows in collector.data.items():
        counts[str(model._meta.verbose_name)] += len(rows)
    for later in collector.fast_deletes:
        counts[str(later.model._meta.verbose_name)] += later.count()
    return [(label, count) for label, count in counts.items() if count]
