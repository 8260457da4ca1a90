"""Answers about many sealed polls that are kept in the database until another of these polls is sealed (DESIGN 9).

A sealed poll never changes, so that the number of sealed polls in a part of the tree says whether an answer still holds.
Nothing is written at the seal: whoever asks next adds up again. Answers about few polls are not kept.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import Count, Max

from campaigns.models import Campaign, Poll
from campaigns.models.reach import within_paths

from ..models import KeptSums

# Sealed polls from which on an answer takes longer to make than to find.
KEPT_FROM = 300


class SealedSoFar(NamedTuple):
    """How many polls are sealed, and when the last was."""

    number: int = 0
    last_at: datetime | None = None

    @property
    def is_large(self) -> bool:
        return self.number >= KEPT_FROM


def sealed_so_far(campaigns: Iterable[Campaign], paths: Sequence[str] = ()) -> dict[int, SealedSoFar]:
    """For each campaign with sealed polls within some subtrees, or anywhere, what an answer about them depends on; one query."""
    polls = Poll.objects.sealed().filter(campaign__in=campaigns)
    polls = polls.filter(within_paths(paths)) if paths else polls
    rows = polls.order_by().values_list("campaign_id").annotate(count=Count("*"), last=Max("sealed_at"))
    return {campaign: SealedSoFar(count, last) for campaign, count, last in rows}


def by_size(campaigns: Iterable[Campaign], sealed: dict[int, SealedSoFar]) -> tuple[list[Campaign], list[Campaign]]:
    """The campaigns with few sealed polls and those with many. A campaign without any is in neither: there is nothing to add, and
    its polls, of which there may be many, would only be looked through.
    """
    some = [campaign for campaign in campaigns if campaign.pk in sealed]
    few = [campaign for campaign in some if not sealed[campaign.pk].is_large]
    return few, [campaign for campaign in some if sealed[campaign.pk].is_large]


def kept_answer(
    campaign: Campaign, question: str, paths: Sequence[str], sealed: SealedSoFar, make: Callable[[], Any]
) -> Any:
    """The kept answer to a question about some subtrees, as JSON; where another poll was sealed since, a new one, which is kept.

    `sealed` was asked for before: what is sealed while the answer is made, the next reader sees.
    """
    if not sealed.is_large:
        return make()
    asked = f"{question} {_digest(paths)}"
    same = {"asked": asked, "sealed_count": sealed.number, "last_sealed_at": sealed.last_at}
    for value in KeptSums.objects.filter(campaign=campaign, **same).values_list("value", flat=True):
        return value
    value = make()
    # A page is shown though its sums cannot be kept: the database may be held by somebody else, or read-only.
    with suppress(DatabaseError), transaction.atomic():
        KeptSums.objects.update_or_create(campaign=campaign, asked=asked, defaults={**same, "value": value})
    return value


def _digest(paths: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(sorted(paths)).encode()).hexdigest()[:40]
