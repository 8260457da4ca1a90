"""Deleting what is still in preparation, and what goes with it."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CASCADE, PROTECT, Count, Field, Max, Min, Model, ProtectedError, Q
from django.db.models.deletion import get_candidate_relations_to_delete

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


@dataclass(frozen=True)
class _Going:
    """Some rows of a model that would go: the way along the keys from them to the row that is deleted, their first and last."""

    model: type[Model]
    way: str
    first: int
    last: int

    def held_by(self, field: Field) -> Q:
        """The condition on rows that refer to these by a key; by its range an index leads to them past those of others."""
        return Q(**{f"{field.name}__gte": self.first, f"{field.name}__lte": self.last})

    def way_from(self, field: Field) -> str:
        """The way of the rows that refer to these by a key."""
        return "__".join(filter(None, (field.name, self.way)))


def _going_with(row: Model) -> list[tuple[str, int]]:
    """The numbers of the rows that the database would delete along with one, itself among them, in queries that no row adds to.

    Nothing but numbers is read: a province has a hundred thousand polls. Raises ProtectedError where something holds a row,
    with one row of each kind that does.
    """
    counts: Counter[type[Model]] = Counter({type(row): 1})
    counted: dict[type[Model], Q] = defaultdict(lambda: Q(pk__in=[]))
    holding: set[Model] = set()
    waiting = deque([_Going(type(row), "", row.pk, row.pk)])
    while waiting:
        going = waiting.popleft()
        relations: Iterable[Any] = get_candidate_relations_to_delete(going.model._meta)
        for relation in relations:
            model, way = relation.related_model, going.way_from(relation.field)
            below = Q(going.held_by(relation.field), **{way: row})
            if relation.on_delete is PROTECT:
                holding.update(model._base_manager.filter(below).order_by()[:1])
            elif relation.on_delete is CASCADE:
                # Rows to which two ways lead are counted once.
                rows = model._base_manager.filter(below).exclude(counted[model])
                numbers = rows.aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"))
                counts[model] += numbers["count"]
                counted[model] |= below
                if numbers["count"]:
                    waiting.append(_Going(model, way, numbers["first"], numbers["last"]))
    if holding:
        raise ProtectedError(f"other rows hold what would go with {row!r}", holding)
    return [(str(model._meta.verbose_name), count) for model, count in counts.items() if count]
