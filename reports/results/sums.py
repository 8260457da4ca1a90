"""The sums of sealed polls without the tree: the database adds, by campaign and by part of the tree (DESIGN 9).

For pages that want a few sums of many units; the same figures as `rollup.roll_up`, ballots added and never rates (C20).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import partial

from django.db.models import Q, Value
from django.db.models.functions import Substr

from ballots.counting import tally
from ballots.models import TallyRow
from campaigns.models import Campaign, Poll, Target
from campaigns.models.place import DEEPEST, STEP
from campaigns.models.reach import outermost, within_paths

from .adding import CELL_SUMS, NO_COUNTS, PEOPLE, PapersOfParts, UnitSum, own_blanks_of_parts, papers_of_parts
from .hidden import hidden_among
from .kept import by_size, kept_answer, sealed_so_far
from .parts import added_up, sum_of_json
from .poll import rules_of
from .rollup import Question, RolledLine, questions_of
from .subtrees import SubtreeQuestion, answer_about, answers_of_parts

# Past the deepest level each poll is a part by itself.
EVERY_LEVEL = DEEPEST * STEP

# Of which campaign, and the path of the part; the path is empty where nothing is parted.
Part = tuple[int, str]


@dataclass
class _Added:
    """The numbers of some campaigns: counts by indicator and part, papers by questionnaire and part."""

    parts: set[Part] = field(default_factory=set)
    cells: dict[tuple[int, str], Sequence[int]] = field(default_factory=dict)
    papers: PapersOfParts = field(default_factory=PapersOfParts)
    own: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def as_json(self) -> dict:
        """The same in lists, for a database's column."""
        return {
            "parts": sorted(self.parts),
            "cells": [[*key, *numbers] for key, numbers in self.cells.items()],
            "polls": [[*key, count] for key, count in self.papers.polls.items()],
            "sheets": [[*key, *astuple(sheets)] for key, sheets in self.papers.sheets.items()],
            "own": [[*key, count] for key, count in self.own.items()],
        }

    def take_in(self, kept: Mapping[str, Sequence]) -> None:
        """Add the numbers of another campaign, from lists: no key of theirs is among those that are here."""
        self.parts |= {(campaign, path) for campaign, path in kept["parts"]}
        self.cells |= {(indicator, path): numbers for indicator, path, *numbers in kept["cells"]}
        self.papers.polls |= {(key, path): count for key, path, count in kept["polls"]}
        self.papers.sheets |= {(key, path): tally.Sheets(*numbers) for key, path, *numbers in kept["sheets"]}
        self.own = {**self.own, **{(key, path): count for key, path, count in kept["own"]}}


@dataclass(frozen=True)
class Sums:
    """The lines of each part that has a sealed poll, and why those of some are not shown; a part is in one of the two."""

    lines: Mapping[Part, tuple[RolledLine, ...]]
    hidden: Mapping[Part, str]

    def of(self, campaign: Campaign, path: str = "") -> tuple[RolledLine, ...]:
        """The lines of a part; none where it has no sealed poll or is not shown."""
        return self.lines.get((campaign.pk, path), ())

    def hidden_reason(self, campaign: Campaign, path: str = "") -> str:
        return self.hidden.get((campaign.pk, path), "")


def sums_of(campaigns: Sequence[Campaign], paths: Iterable[str], *, level: int | None = None) -> Sums:
    """The lines of each campaign over its sealed polls within some subtrees; a number of queries that no row adds to.

    `level` parts them by that many digits of their path: each unit of one level with all below it, or, past the
    deepest, each poll by itself. A part without a sealed poll is not there.
    """
    paths = tuple(paths)
    questions = questions_of(campaigns)
    added = _added(campaigns, paths, level, questions)
    rules = {campaign.pk: rules_of(campaign) for campaign in campaigns}
    hidden = _hidden_parts(campaigns, added.parts, paths, level)
    lines = {
        (campaign, path): tuple(
            question.line(
                added.cells.get((question.indicator.pk, path), NO_COUNTS),
                added.papers.sheets.get((question.questionnaire.pk, path), tally.Sheets()),
                rules[campaign],
                polls=added.papers.polls.get((question.questionnaire.pk, path), 0),
                own=added.own.get((question.indicator.pk, path), 0),
            )
            for question in questions[campaign]
            if question.adds_up
        )
        for campaign, path in sorted(added.parts)
        if (campaign, path) not in hidden
    }
    return Sums(lines, hidden)


def _added(
    campaigns: Sequence[Campaign], paths: Sequence[str], level: int | None, questions: Mapping[int, Sequence[Question]]
) -> _Added:
    """The numbers of all campaigns, those with many sealed polls here from what is kept of them."""
    sealed = sealed_so_far(campaigns, paths)
    few, large = by_size(campaigns, sealed)
    added = _add_up(few, paths, level)
    for campaign in large:
        has_lists = not all(question.adds_up for question in questions[campaign.pk])
        make = partial(_added_as_json, campaign, paths, level, has_lists)
        added.take_in(kept_answer(campaign, f"sums {level or 0}", paths, sealed[campaign.pk], make))
    return added


def _added_as_json(campaign: Campaign, paths: Sequence[str], level: int | None, has_lists: bool) -> dict:
    if level == EVERY_LEVEL:
        return _add_up([campaign], paths, level).as_json()
    added = _Added()
    for path, summed in _by_part(campaign, paths, level, added_up(has_lists=has_lists)).items():
        added.parts.add((campaign.pk, path))
        added.cells |= {(indicator, path): numbers for indicator, numbers in summed.cells.items()}
        added.papers.polls |= {(key, path): count for key, count in summed.polls.items()}
        added.papers.sheets |= {(key, path): _papers(campaign, sheets) for key, sheets in summed.papers.items()}
        added.own = {**added.own, **{(indicator, path): count for indicator, count in summed.own.items()}}
    return added.as_json()


def _by_part(
    campaign: Campaign, paths: Sequence[str], level: int | None, question: SubtreeQuestion
) -> dict[str, UnitSum]:
    """The sums of each part, or of all subtrees together, from what is kept of large units."""
    if level:
        answers = answers_of_parts(campaign, paths, level, question)
        return {path: sum_of_json(answer) for path, answer in answers.items()}
    whole = UnitSum()
    for path in outermost(paths):
        whole.add(sum_of_json(answer_about(campaign, path, question)))
    return {"": whole}


def _papers(campaign: Campaign, sheets: tally.Sheets) -> tally.Sheets:
    """People belong to the papers where the base asks for them."""
    return sheets if campaign.base in PEOPLE else replace(sheets, attended=0, entitled=0)


def _add_up(campaigns: Sequence[Campaign], paths: Sequence[str], level: int | None) -> _Added:
    if not campaigns:
        return _Added()
    sealed = Q(poll__campaign__in=campaigns, poll__state=Poll.State.SEALED)
    sealed &= within_paths(paths, "poll__path")
    part = Substr("poll__path", 1, level) if level else Value("")
    targets = Target.objects.filter(sealed).annotate(part=part).order_by()
    rows = TallyRow.objects.filter(sealed).annotate(part=part).order_by()
    return _Added(
        parts=set(targets.values_list("poll__campaign_id", "part").distinct()),
        cells={
            (indicator, path): numbers
            for indicator, path, *numbers in rows.values_list("indicator_id", "part").annotate(**CELL_SUMS)
        },
        papers=papers_of_parts(targets, needs_people=any(campaign.base in PEOPLE for campaign in campaigns)),
        own=own_blanks_of_parts(rows) if any(campaign.is_self_excluded for campaign in campaigns) else {},
    )


def _hidden_parts(
    campaigns: Sequence[Campaign], parts: Iterable[Part], paths: Sequence[str], level: int | None
) -> dict[Part, str]:
    """The reasons why parts are not shown; the sum over several subtrees is not where one of them is not."""
    hidden = hidden_among(campaigns)
    reasons = {
        (campaign, path): hidden[campaign].of_part(path, level)
        if level
        else next(filter(None, (hidden[campaign].sums.get(root, "") for root in paths)), "")
        for campaign, path in parts
    }
    return {part: reason for part, reason in reasons.items() if reason}
