"""Answers about many sealed polls that are kept in the database until another of these polls is sealed (DESIGN 9).

`subtrees` keeps those about single units along the tree, from which answers about many units are made.

A sealed poll never changes, so that the number of sealed polls in a part of the tree says whether an answer still holds.
Nothing is written at the seal: whoever asks next adds up again. Answers about few polls are not kept.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from operator import itemgetter
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

    @property
    def columns(self) -> dict[str, Any]:
        """The same as it stands beside a kept answer."""
        return {"sealed_count": self.number, "last_sealed_at": self.last_at}

    def is_before(self, at: datetime) -> bool:
        """Whether the last was sealed before then."""
        return self.last_at is not None and self.last_at < at


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
    asked = _asked(question, paths)
    rows = KeptSums.objects.filter(campaign=campaign, asked=asked, **sealed.columns)
    if kept := list(rows.values_list("value", flat=True)):
        return kept[0]
    value = make()
    _keep(campaign, {asked: (sealed, value)})
    return value


def kept_before(campaign: Campaign, question: str, paths: Iterable[str]) -> dict[str, tuple[SealedSoFar, Any]]:
    """The kept answers to a question about each of some subtrees by its path, each with the polls that it was made from,
    whether or not another seal gave it up.
    """
    asked = {_asked(question, [path]): path for path in paths}
    rows = KeptSums.objects.filter(campaign=campaign, asked__in=asked) if asked else KeptSums.objects.none()
    return {
        asked[key]: (SealedSoFar(count, last), value)
        for key, count, last, value in rows.values_list("asked", "sealed_count", "last_sealed_at", "value")
    }


def keep_answers(campaign: Campaign, question: str, answers: Mapping[str, tuple[SealedSoFar, Any]]) -> None:
    """Keep answers to a question about subtrees, by path, with the sealed polls that each was made from."""
    if answers:
        _keep(campaign, {_asked(question, [path]): answer for path, answer in answers.items()})


def kept_of_units(campaign: Campaign, question: str, units: Iterable[str]) -> dict[str, tuple[int, Any]]:
    """The kept answers to a question about single subtrees by path, each with the number of sealed polls that it was made from."""
    paths = {_asked(question, [path]): path for path in units}
    rows = KeptSums.objects.filter(campaign=campaign, asked__startswith=f"{question} ").order_by("asked")
    return {
        paths[asked]: (count, value)
        for asked, count, value in rows.values_list("asked", "sealed_count", "value")
        if asked in paths
    }


def _keep(campaign: Campaign, answers: Mapping[str, tuple[SealedSoFar, Any]]) -> None:
    """Rows in one statement, always in the same order: who waits for a row of another reader holds none that they wait for."""
    rows = []
    for asked, (sealed, value) in sorted(answers.items(), key=itemgetter(0)):
        rows.append(KeptSums(campaign=campaign, asked=asked, value=value, **sealed.columns))
    # A page is shown though its sums cannot be kept: the database may be held by somebody else, or read-only.
    with suppress(DatabaseError), transaction.atomic():
        KeptSums.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["campaign", "asked"],
            update_fields=["sealed_count", "last_sealed_at", "value"],
        )


def _asked(question: str, paths: Sequence[str]) -> str:
    return f"{question} {hashlib.sha256(' '.join(sorted(paths)).encode()).hexdigest()[:40]}"
