"""The sums of a unit's own poll and of each unit right below it, which the database adds; those of many polls are kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Substr

from ballots.counting import tally
from ballots.models import Batch, TallyRow
from campaigns.models import Campaign, Channel, Poll, Target
from campaigns.models.place import STEP
from campaigns.models.reach import within_paths
from campaigns.units import Unit

from .adding import CELL_SUMS, UnitSum, own_blanks_of_parts, papers_of_parts
from .kept import SealedSoFar, kept_answer, kept_of_units, sealed_so_far
from .subtrees import Chosen, SubtreeQuestion, answers_made_anew, answers_of_parts

# By which the sums of large units are found again.
SUMS_KEPT = "unit"

# The question whose answers are kept.
PARTS_ASKED = "parts"


def sums_of_parts(campaign: Campaign, top: Unit, *, has_lists: bool) -> dict[str, UnitSum]:
    """By path, the sums of each unit right below `top` with all below it, and of the poll of `top` by itself; a number of
    queries that no poll adds to. `has_lists` says whether some questionnaire of the campaign is a list to choose from.
    """
    sealed = sealed_so_far([campaign], [top.path]).get(campaign.pk, SealedSoFar())
    question, level = added_up(has_lists=has_lists), len(top.path) + STEP
    if sealed.is_large:
        make = partial(answers_of_parts, campaign, [top.path], level, question)
        answer = kept_answer(campaign, PARTS_ASKED, [top.path], sealed, make)
    else:
        answer = answers_made_anew(campaign, top.path, level, question)
    sums: dict[str, UnitSum] = defaultdict(UnitSum, {part: sum_of_json(kept) for part, kept in answer.items()})
    planned = campaign.polls.filter(within_paths([top.path]))
    planned = planned.annotate(part=Substr("path", 1, len(top.path) + STEP)).order_by()
    for part, state, count in planned.values_list("part", "state").annotate(count=Count("*")):
        sums[part].units += count
        sums[part].units_sealed += count if state == Poll.State.SEALED else 0
    return dict(sums)


def added_up(*, has_lists: bool) -> SubtreeQuestion:
    """The question after the sums of all sealed polls of a unit, without the numbers of units."""
    return SubtreeQuestion(
        SUMS_KEPT, partial(_sealed_sums, has_lists=has_lists), _add_parts, _as_json(UnitSum()), grows=True
    )


def kept_sums_of_units(campaign: Campaign, sealed: Mapping[str, int], *, has_lists: bool) -> dict[str, UnitSum]:
    """By path the sums that are kept of units, among those with so many sealed polls each, for a recount.

    To sums from before the last seals, these are added first: the sums of the next reader grow from them.
    """
    before: dict[int, list[str]] = defaultdict(list)
    for path, (count, _) in kept_of_units(campaign, SUMS_KEPT, sealed).items():
        if count != sealed[path]:
            before[len(path)].append(path)
    for level, paths in sorted(before.items()):
        answers_of_parts(campaign, paths, level, added_up(has_lists=has_lists))
    kept = kept_of_units(campaign, SUMS_KEPT, sealed).items()
    return {path: sum_of_json(value) for path, (count, value) in kept if count == sealed[path]}


def _sealed_sums(polls: Chosen, *, has_lists: bool) -> dict[str, dict]:
    sums: dict[str, UnitSum] = defaultdict(UnitSum)
    sealed, part = polls.condition("poll"), polls.part("poll__path")
    _add_batches(sums, Batch.objects.counting().filter(sealed).annotate(part=part).order_by(), polls)
    _add_papers(sums, Target.objects.filter(sealed).annotate(part=part).order_by(), has_lists)
    rows = TallyRow.objects.filter(sealed).annotate(part=part).order_by()
    for path, indicator, *numbers in rows.values_list("part", "indicator_id").annotate(**CELL_SUMS):
        sums[path].cells[indicator] = numbers
    if polls.campaign.is_self_excluded:
        for (indicator, path), count in own_blanks_of_parts(rows).items():
            sums[path].own[indicator] = count
    return {path: _as_json(summed) for path, summed in sums.items()}


def _add_parts(path: str, own: dict | None, below: Sequence[dict]) -> dict:
    whole = sum_of_json(own) if own else UnitSum()
    for part in below:
        whole.add(sum_of_json(part))
    return _as_json(whole)


def _add_batches(sums: dict[str, UnitSum], batches: QuerySet[Any], polls: Chosen) -> None:
    """Papers by channel, the meetings from which ballots came, and the people of the polls from which any came (C14)."""
    came = Q(returned_count__gt=0)
    numbers = batches.values_list("part", "channel").annotate(
        Sum("issued_count"), Sum("returned_count"), Sum("void_count"), filled=Count("poll", distinct=True, filter=came)
    )
    for path, channel, *counts, filled in numbers:
        sums[path].channels[channel] = tally.Sheets(*counts)
        if channel == Channel.MEETING:
            sums[path].meetings = filled
    people = _people(polls)
    for path, summed in sums.items():
        sheets = sum(summed.channels.values(), tally.Sheets())
        summed.sheets = tally.Sheets(sheets.issued, sheets.returned, sheets.void, *people.get(path, (0, 0)))


def _people(polls: Chosen) -> dict[str, tuple[int | None, int | None]]:
    """By part the people who attended and who were entitled, each poll once; None where one poll does not know it."""
    came = Batch.objects.counting().filter(poll=OuterRef("pk"), returned_count__gt=0)
    filled = Poll.objects.filter(Exists(came), polls.condition())
    numbers = filled.annotate(part=polls.part()).order_by().values("part")
    return {
        row["part"]: (
            None if row["attended_unknown"] else row["attended"],
            None if row["entitled_unknown"] else row["entitled"],
        )
        for row in numbers.annotate(
            attended=Sum("attended_count", default=0),
            attended_unknown=Count("pk", filter=Q(attended_count=None)),
            entitled=Sum("entitled_count", default=0),
            entitled_unknown=Count("pk", filter=Q(entitled_count=None)),
        )
    }


def _add_papers(sums: dict[str, UnitSum], targets: QuerySet[Any], has_lists: bool) -> None:
    """The papers once for each target; the options of a list are one form."""
    first = Target.objects.filter(poll=OuterRef("poll"), questionnaire=OuterRef("questionnaire")).order_by("pk")
    options = targets.exclude(questionnaire__most_chosen=None)
    of_lists = options.annotate(first=Subquery(first.values("pk")[:1])).filter(pk=F("first"))
    for some in (targets.filter(questionnaire__most_chosen=None), of_lists) if has_lists else (targets,):
        papers = papers_of_parts(some, needs_people=True)
        for (key, path), count in papers.polls.items():
            sums[path].polls[key] = count
        for (key, path), sheets in papers.sheets.items():
            sums[path].papers[key] = sheets


def _as_json(summed: UnitSum) -> dict:
    return {
        "meetings": summed.meetings,
        "sheets": astuple(summed.sheets),
        "channels": _pairs((channel, astuple(sheets)) for channel, sheets in summed.channels.items()),
        "polls": _pairs(summed.polls.items()),
        "papers": _pairs((key, astuple(sheets)) for key, sheets in summed.papers.items()),
        "cells": _pairs(summed.cells.items()),
        "own": _pairs(summed.own.items()),
    }


def _pairs(items: Iterable[tuple]) -> list[list]:
    """Keys and values side by side: JSON has no keys that are numbers."""
    return [[*item] for item in items]


def sum_of_json(kept: Mapping) -> UnitSum:
    """The sums of a unit as they are kept."""
    summed = UnitSum(meetings=kept["meetings"], sheets=tally.Sheets(*kept["sheets"]))
    summed.channels.update({channel: tally.Sheets(*sheets) for channel, sheets in kept["channels"]})
    summed.polls.update(dict(kept["polls"]))
    summed.papers.update({key: tally.Sheets(*sheets) for key, sheets in kept["papers"]})
    summed.cells.update({key: [*numbers] for key, numbers in kept["cells"]})
    summed.own.update(dict(kept["own"]))
    return summed
