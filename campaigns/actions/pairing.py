"""Pairs of units whose members appraise one another (支部结对互评; DOMAIN A4, seed S2)."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import F, Q

from ..models import Campaign, Poll
from ..models.place import STEP
from .campaigns import editing

# The units of a pair in the order of the tree.
Pair = tuple[Poll, Poll]
# Of so many pairs the keys go to the database in a statement.
PAIRS_AT_ONCE = 5000
# For `bulk_update` Django would put a condition together for each poll, which takes longer than all else that pairs a province.
_WRITE_PAIRS = {
    "postgresql": """UPDATE campaigns_poll SET partner_id = (pair.value->>1)::bigint
        FROM jsonb_array_elements(%s::jsonb) AS pair WHERE campaigns_poll.id = (pair.value->>0)::bigint""",
    "sqlite": """UPDATE campaigns_poll SET partner_id = pair.value->>1
        FROM json_each(%s) AS pair WHERE campaigns_poll.id = pair.value->>0""",
}


def pair_polls(campaign: Campaign, pairs: Iterable[Pair], *, category: str) -> None:
    """Make these and no others the pairs of a campaign, and name the category of those who come from the other unit.

    Raises Frozen, ValueError for a poll that is in two pairs, in one with itself or in another campaign.
    """
    pairs = list(pairs)
    paired = [poll.pk for pair in pairs for poll in pair]
    if len(set(paired)) != len(paired):
        raise ValueError("a poll has one partner, and is not its own")
    with editing(campaign, while_rehearsing=True) as locked:
        if not set(locked.polls.values_list("pk", flat=True)) >= set(paired):
            raise ValueError("a pair is of two polls of the campaign")
        # By way of no pairs at all, so that two polls may exchange theirs.
        locked.polls.exclude(partner=None).update(partner=None)
        _write_pairs([(first.pk, second.pk) for first, second in pairs])
        locked.partner_category = category
        locked.save(update_fields=["partner_category"])


def join_pair(campaign: Campaign, first: Poll, second: Poll, *, category: str) -> bool:
    """Make two polls of a campaign a pair, beside the pairs there are; False where one of them has a partner by now.

    Raises Frozen.
    """
    keys = [first.pk, second.pk]
    with editing(campaign, while_rehearsing=True) as locked:
        free = {poll.pk: poll for poll in locked.polls.filter(pk__in=keys, partner=None)}
        if len(free) < 2:
            return False
        for key, other_key in (keys, keys[::-1]):
            free[key].partner = free[other_key]
        Poll.objects.bulk_update(free.values(), ["partner"])
        locked.partner_category = category
        locked.save(update_fields=["partner_category"])
        return True


def part_pairs(campaign: Campaign, keys: Collection[int] | None = None) -> int:
    """End the pairs that some polls are in, by their keys, or all pairs; returns how many. Raises Frozen."""
    with editing(campaign, while_rehearsing=True) as locked:
        parted = locked.polls.exclude(partner=None)
        if keys is not None:
            parted = parted.filter(Q(pk__in=keys) | Q(partner__in=keys))
        return parted.update(partner=None) // 2


def pair_neighbours(campaign: Campaign, *, category: str) -> int:
    """Pair all polls of a campaign by their order below one parent, and no others; returns how many pairs. Raises Frozen.

    Of each poll its key and its place alone are read.
    """
    with editing(campaign, while_rehearsing=True) as locked:
        places = locked.polls.order_by("path").values_list("path", "pk")
        pairs = list(_two_by_two(places))
        locked.polls.exclude(partner=None).update(partner=None)
        _write_pairs(pairs)
        locked.partner_category = category
        locked.save(update_fields=["partner_category"])
    return len(pairs)


def pairs_of(campaign: Campaign) -> list[Pair]:
    """The pairs as they are, in the order of the tree."""
    polls = campaign.polls.exclude(partner=None).select_related("organization", "partner__organization")
    return [(poll, poll.partner) for poll in polls.order_by("path") if poll.partner and poll.path < poll.partner.path]


def neighbouring_pairs(polls: Iterable[Poll]) -> list[Pair]:
    """Polls in tree order, two by two below one parent; the last of an odd number has nobody."""
    return list(_two_by_two((poll.path, poll) for poll in sorted(polls, key=lambda poll: poll.path)))


def _two_by_two(placed: Iterable[tuple[str, Any]]) -> Iterator[tuple[Any, Any]]:
    """Things with their places, in the order of the tree, two by two below one parent."""
    for _, siblings in groupby(placed, key=lambda row: row[0][:-STEP]):
        one_after_another = (thing for _, thing in siblings)
        yield from zip(one_after_another, one_after_another, strict=False)


def copy_pairs(source: Campaign, campaign: Campaign) -> None:
    """Pair the polls of a copy as those of the same units are paired in its source; call it with the copy locked."""
    paired = source.polls.exclude(partner=None).filter(path__lt=F("partner__path"))
    units = list(paired.order_by("path").values_list("organization", "partner__organization"))
    if units:
        polls = dict(campaign.polls.order_by("pk").values_list("organization", "pk"))
        _write_pairs([(polls[first], polls[second]) for first, second in units if first in polls and second in polls])


def _write_pairs(pairs: Sequence[tuple[int, int]]) -> None:
    """Make polls without partners pairs, by their keys."""
    with connection.cursor() as cursor:
        for start in range(0, len(pairs), PAIRS_AT_ONCE):
            lot = pairs[start : start + PAIRS_AT_ONCE]
            rows = [row for first, second in lot for row in ((first, second), (second, first))]
            cursor.execute(_WRITE_PAIRS[connection.vendor], [json.dumps(rows)])
