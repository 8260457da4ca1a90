"""The results in a 公示: of a poll target by target, of a unit its sums questionnaire by questionnaire."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from ballots.counting import tally

from .. import wording
from ..results.poll import Line, PollResults, TargetResults
from ..results.rollup import Node, RolledLine
from ..results.scores import scores_of, verdict
from ..scoring.printed import ScoresTable
from ..tables.instant import NAME, InstantContent
from ..tables.poll import PERSONAL_KINDS, Scores, base_notes, notes_of
from ..tables.rows import Row, row_of
from .shape import (
    AnnouncedFigure,
    AnnouncedInstant,
    AnnouncedRow,
    AnnouncedScore,
    AnnouncedScores,
    AnnouncedTable,
)

# The results of a poll, or the sums of a unit's part of a campaign.
PlaceResults = PollResults | Node


@dataclass(frozen=True)
class ResultChoice:
    """A result that a notice may show: a target of a poll by its key, a questionnaire of a unit by its word."""

    key: int | str
    label: str
    is_about_persons: bool


def result_choices(results: PlaceResults) -> list[ResultChoice]:
    """The results that there are to show; none where they are hidden."""
    if isinstance(results, PollResults):
        return [
            ResultChoice(target.id, f"{target.name}（{target.title}）", is_about_a_person(target))
            for target in results.targets
            if target.lines
        ]
    asked = {line.questionnaire_key: line for line in results.lines if line.polls}
    return [
        ResultChoice(key, line.questionnaire, line.questionnaire_kind in PERSONAL_KINDS) for key, line in asked.items()
    ]


def is_about_a_person(target: TargetResults) -> bool:
    return target.kind in PERSONAL_KINDS and not target.is_collective


def tables_of(results: PlaceResults, chosen: Collection, *, has_units: bool = False) -> tuple[AnnouncedTable, ...]:
    """The tables of the chosen results; `has_units` adds those of each unit right below."""
    if isinstance(results, PollResults):
        return tuple(_target_tables(_only(results, chosen)))
    return tuple(_sum_tables(results, chosen, has_units=has_units))


def sheets_of(results: PlaceResults, chosen: Collection) -> str:
    """The sentence on the sheets of paper; of a unit also how many of its polls are in the sums."""
    if isinstance(results, PollResults):
        return wording.papers_sentence(results.sheets) if _only(results, chosen).lines else ""
    covered = f"评议单位{results.units}个，已完成{results.units_sealed}个，覆盖{results.coverage_text}。"
    return covered + wording.papers_sentence(results.sheets)


def announced_instant(instant: InstantContent) -> AnnouncedInstant:
    """The taps that were taken, as a notice keeps them: in no table and no rate of the ballots."""
    tables = (
        AnnouncedTable(
            target=NAME,
            is_person=False,
            title=table.title,
            base_text="人次",
            rate_name=table.rate_name,
            rows=tuple(_announced(row, is_overall=False) for row in table.rows),
        )
        for table in instant.tables
    )
    return AnnouncedInstant(tuple(tables), instant.notes)


def announced_scores(scores: ScoresTable) -> AnnouncedScores:
    """The 综合得分 as a notice keeps it."""
    return AnnouncedScores(
        scores.formula,
        scores.satisfaction_name,
        tuple(
            AnnouncedScore(
                place=row.place_text,
                unit=row.unit,
                score=row.score,
                satisfaction=row.satisfaction_text,
                base=row.base,
                composite=row.composite,
                remark=row.remark,
            )
            for row in scores.rows
        ),
    )


def table_notes(results: PlaceResults, chosen: Collection, *, has_units: bool = False) -> tuple[str, ...]:
    """The base of the figures; ballots that were not entered come first (C2)."""
    if isinstance(results, Node):
        return tuple(_notes_on_sums(results, chosen, has_units=has_units))
    results = _only(results, chosen)
    notes = notes_of(replace(results, targets=tuple(_without_splits(target) for target in results.targets)))
    if not results.unentered:
        return notes
    channels = results.unentered[0]
    missing = f"{wording.unentered_sentence(results.sheets, *results.unentered)}各数不含{channels}。"
    return missing, *notes


def _only(results: PollResults, chosen: Collection) -> PollResults:
    return replace(results, targets=tuple(target for target in results.targets if target.id in chosen))


def _without_splits(target: TargetResults) -> TargetResults:
    """A sum that only differs from 100 in a split is not seen here, and needs no note."""
    return replace(target, lines=tuple(replace(line, by_category=(), by_channel=()) for line in target.lines))


def _target_tables(results: PollResults) -> Iterable[AnnouncedTable]:
    scores = scores_of([results])
    for target in results.targets:
        yield AnnouncedTable(
            target=target.name,
            is_person=is_about_a_person(target),
            title=target.title,
            base_text=wording.base_text(results.rules.base, results.sheets),
            rate_name=wording.rate_name(target.labels[0]),
            rows=tuple(_target_row(line, target, results, scores) for line in target.lines),
            most_chosen=target.most_chosen,
            rank=target.rank,
        )


def _target_row(line: Line, target: TargetResults, results: PollResults, scores: Scores) -> AnnouncedRow:
    score = scores.get((target.id, line.indicator_id))
    # An option is ranked, not judged.
    is_judged = line in target.judged and not target.is_option
    judged = verdict(line, score, results.poll.campaign) if is_judged else ""
    return _row(wording.rank_name(target.rank) or line.text, line.total, is_overall=line.is_overall, verdict=judged)


def _row(label: str, result: tally.Result, *, is_overall: bool, verdict: str = "") -> AnnouncedRow:
    return _announced(row_of(label, result), is_overall=is_overall, verdict=verdict)


def _announced(row: Row, *, is_overall: bool, verdict: str = "") -> AnnouncedRow:
    return AnnouncedRow(
        label=row.label,
        is_overall=is_overall,
        figures=tuple(AnnouncedFigure(figure.label, figure.count, figure.rate) for figure in row.figures),
        unknown=row.unknown,
        spoiled=row.spoiled,
        base=row.base,
        satisfaction=row.satisfaction,
        verdict=verdict,
        unknown_label=row.unknown_label,
        outside=row.outside,
    )


def _sum_tables(node: Node, chosen: Collection, *, has_units: bool) -> Iterable[AnnouncedTable]:
    """By questionnaire the unit itself, then the units below; a sum that is not shown has no table."""
    for key in [choice.key for choice in result_choices(node) if choice.key in chosen]:
        for unit in (node, *(node.children if has_units else ())):
            if lines := [line for line in unit.lines if line.questionnaire_key == key and line.polls]:
                yield _sum_table(unit, lines)


def _sum_table(unit: Node, lines: list[RolledLine]) -> AnnouncedTable:
    first = lines[0]
    return AnnouncedTable(
        target=unit.name,
        is_person=False,
        title=first.questionnaire,
        base_text=wording.BASE_NAMES[first.result.rules.base],
        rate_name=wording.rate_name(first.result.labels[0]),
        rows=tuple(_row(line.indicator, line.result, is_overall=line.is_overall) for line in lines),
    )


def _notes_on_sums(node: Node, chosen: Collection, *, has_units: bool) -> Iterable[str]:
    """The notes below a unit's sums; a unit below whose own are not shown is named with the reason."""
    below = node.children if has_units else ()
    lines = [line for unit in (node, *below) for line in unit.lines if line.questionnaire_key in chosen and line.polls]
    if lines:
        yield from base_notes(lines[0].result.rules, (line.result for line in lines))
    needed = {note for line in lines for note in line.result.notes}
    yield from (f"{note}。" for note in (tally.SUM_NOTE, tally.HELD_NOTE) if note in needed)
    yield from (f"{unit.name}：{unit.hidden_reason}。" for unit in below if unit.hidden_reason)
