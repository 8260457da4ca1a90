"""Pairs of units whose members appraise one another (支部结对互评; DOMAIN A4, seed S2)."""

from collections.abc import Collection, Iterable
from itertools import groupby

from django.db.models import Q

from ..models import Campaign, Poll
from ..models.place import STEP
from .campaigns import editing

# The units of a pair in the order of the tree.
Pair = tuple[Poll, Poll]


def pair_polls(campaign: Campaign, pairs: Iterable[Pair], *, category: str) -> None:
    """Make these and no others the pairs of a campaign, and name the category of those who come from the other unit.

    Raises Frozen, ValueError for a poll that is in two pairs, in one with itself or in another campaign.
    """
    pairs = list(pairs)
    paired = [poll.pk for pair in pairs for poll in pair]
    if len(set(paired)) != len(paired):
        raise ValueError("a poll has one partner, and is not its own")
    with editing(campaign, while_rehearsing=True) as locked:
        polls = {poll.pk: poll for poll in locked.polls.all()}
        if not polls.keys() >= set(paired):
            raise ValueError("a pair is of two polls of the campaign")
        # By way of no pairs at all, so that two polls may exchange theirs.
        locked.polls.exclude(partner=None).update(partner=None)
        for first, second in pairs:
            polls[first.pk].partner, polls[second.pk].partner = polls[second.pk], polls[first.pk]
        Poll.objects.bulk_update([polls[key] for key in paired], ["partner"], batch_size=200)
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


def part_pairs(campaign: Campaign, keys: Collection[int]) -> int:
    """End the pairs that some polls are in; returns how many. Raises Frozen."""
    with editing(campaign, while_rehearsing=True) as locked:
        parted = locked.polls.exclude(partner=None).filter(Q(pk__in=keys) | Q(partner__in=keys))
        return parted.update(partner=None) // 2


def pairs_of(campaign: Campaign) -> list[Pair]:
    """The pairs as they are, in the order of the tree."""
    polls = campaign.polls.exclude(partner=None).select_related("organization", "partner__organization")
    return [(poll, poll.partner) for poll in polls.order_by("path") if poll.partner and poll.path < poll.partner.path]


def neighbouring_pairs(polls: Iterable[Poll]) -> list[Pair]:
    """Polls in tree order, two by two below one parent; the last of an odd number has nobody."""
    pairs: list[Pair] = []
    for _, siblings in groupby(sorted(polls, key=lambda poll: poll.path), key=lambda poll: poll.path[:-STEP]):
        one_after_another = iter(siblings)
        pairs += zip(one_after_another, one_after_another, strict=False)
    return pairs


def copy_pairs(source: Campaign, campaign: Campaign) -> None:
    """Pair the polls of a copy as those of the same units are paired in its source; call it with the copy locked."""
    polls = {poll.organization_id: poll for poll in campaign.polls.all()}
    paired = []
    for first, second in pairs_of(source):
        here, there = polls.get(first.organization_id), polls.get(second.organization_id)
        if here and there:
            here.partner, there.partner = there, here
            paired += [here, there]
    Poll.objects.bulk_update(paired, ["partner"], batch_size=200)
