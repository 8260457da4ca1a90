"""Persons as the ballots and the superiors marked them: apart, side by side, and together.

Superiors mark openly, each known by name, so no rule about small groups is about them; a poll with too few ballots shows
none of its ballots here either, nor a sum that would give them away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ballots.counting import tally
from ballots.counting.boxes import section_grades
from campaigns.ballot_form import Section
from campaigns.models import TargetKind

from ..models import SuperiorMark
from ..results.poll import PollResults, TargetResults
from ..tables.rows import Row, row_of

BY_BALLOTS, BY_SUPERIORS, TOGETHER = "党员群众测评", "上级评价", "合计（各计一票）"


@dataclass(frozen=True)
class MarkedLine:
    """An indicator: the row of the ballots, that of the superiors, and that of both, as far as there are any."""

    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class MarkedPerson:
    """A person on the ballot with everything that was marked."""

    target_id: int
    name: str
    title: str
    lines: tuple[MarkedLine, ...]
    marks: tuple[SuperiorMark, ...]
    ballots: tally.Rate
    ballots_base: int | None
    superiors: tally.Rate
    together: tally.Rate
    # Of all lines by which a person is judged, where these are several.
    is_sum_of_lines: bool


def marks_by_target(marks: Iterable[SuperiorMark]) -> dict[int, list[SuperiorMark]]:
    """Superiors' marks by the key of the target."""
    by_target: dict[int, list[SuperiorMark]] = {}
    for mark in marks:
        by_target.setdefault(mark.target_id, []).append(mark)
    return by_target


def marked_persons(results: PollResults, marks: dict[int, list[SuperiorMark]]) -> list[MarkedPerson]:
    """The single persons on a sealed poll's ballot, in its order."""
    shown = {target.id: target for target in results.targets}
    persons = [section for section in results.poll.ballot_form.sections if _is_person(section)]
    return [_person(results, section, shown.get(section.id), marks.get(section.id, [])) for section in persons]


def _is_person(section: Section) -> bool:
    return section.kind in TargetKind.persons() and bool(section.indicators)


def superior_results(section: Section, marks: Sequence[SuperiorMark], rules: tally.Rules) -> list[tally.Result]:
    """The superiors' marks of a section counted like ballots, an indicator each."""
    grades, sheets = section_grades(section), tally.Sheets(len(marks), len(marks))
    cells = tally.count_sections([mark.marks for mark in marks], grades, len(section.indicators))
    return [tally.Result(grades, cell, sheets, rules) for cell in cells]


def _person(
    results: PollResults, section: Section, target: TargetResults | None, marks: Sequence[SuperiorMark]
) -> MarkedPerson:
    # Of people entitled or present there is no number that the superiors are part of.
    rules = replace(results.rules, base="valid")
    above = superior_results(section, marks, rules) if marks else []
    below = [line.total for line in target.lines] if target else []
    both = [_sum(ballots, superiors, rules) for ballots, superiors in zip(below, above, strict=False)]
    has_overall = any(indicator.is_overall for indicator in section.indicators)
    judged = [place for place, line in enumerate(section.indicators) if line.is_overall or not has_overall]
    parts = ((BY_BALLOTS, below), (BY_SUPERIORS, above), (TOGETHER, both))
    return MarkedPerson(
        target_id=section.id,
        name=section.name,
        title=section.title,
        lines=tuple(
            MarkedLine(line.text, tuple(row_of(label, counted[place]) for label, counted in parts if counted))
            for place, line in enumerate(section.indicators)
        ),
        marks=tuple(marks),
        ballots=_rate(below, judged, rules),
        ballots_base=_base(below, judged),
        superiors=_rate(above, judged, rules),
        together=_rate(both, judged, rules),
        is_sum_of_lines=len(judged) > 1,
    )


def _sum(ballots: tally.Result, superiors: tally.Result, rules: tally.Rules) -> tally.Result:
    """Ballots and superiors' marks, each counted once."""
    sheets = replace(ballots.sheets, attended=None, entitled=None) + superiors.sheets
    return tally.Result(ballots.grades, ballots.cell + superiors.cell, sheets, rules, own=ballots.own)


def _base(counted: Sequence[tally.Result], judged: Sequence[int]) -> int | None:
    bases = [counted[place].base for place in judged] if counted else [None]
    return sum(base or 0 for base in bases) if None not in bases else None


def _rate(counted: Sequence[tally.Result], judged: Sequence[int], rules: tally.Rules) -> tally.Rate:
    """The share of the best grade in the lines by which a person is judged; none where nothing was counted."""
    base = _base(counted, judged)
    if not base or not counted[0].sheets.returned:
        return tally.Rate()
    return tally.rate_of(sum(counted[place].cell.grades[0] for place in judged), base, rules.decimals)
