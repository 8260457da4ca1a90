"""The sentences that head a page of results: what is highest, what is lowest, and what is over a limit.

They say less than the tables below them: few ballots are not compared, members whom their branch grades are not
compared by votes, and a person is not named before an organization has confirmed the finding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaigns.library import LibraryThreshold
from campaigns.models import TargetKind

from ..findings import Crossing
from ..results.rollup import Node
from .blocks import Block
from .campaign import RollupTable, rollup_tables
from .extremes import compared_result, extremes_among, extremes_of_lines, judged_name, judged_rows
from .poll import PollContent

LIMITS = "阈值"
GRADED_BY_MEETING = "党员的等次由支部会议评定，不按得票比较高低。"


@dataclass(frozen=True)
class Headlines:
    """The sentences about one questionnaire, or with no title about all."""

    title: str
    sentences: tuple[str, ...]


def poll_headlines(
    content: PollContent, *, min_group: int, limits: Iterable[LibraryThreshold]
) -> tuple[Headlines, ...]:
    """The headlines of one poll; none where its results are not shown."""
    if not content.tables:
        return ()
    if content.sheets.valid < min_group:
        return (Headlines("", (f"有效票少于{min_group}张，不比较高低。",)),)
    of_blocks = [Headlines(block.name, _block_sentences(block, content, min_group)) for block in content.blocks]
    kinds = {table.kind for table in content.tables}
    judged = [limit for limit in limits if any(TargetKind(kind).label in kinds for kind in limit.target_kinds)]
    return _with_words([*of_blocks, Headlines(LIMITS, limit_sentences(content.crossings, judged))])


def _block_sentences(block: Block, content: PollContent, min_group: int) -> tuple[str, ...]:
    """An option has a rank already, and no line is asked about a list."""
    first = block.first
    if block.is_ranked:
        return ()
    if content.grades_members and first.is_person:
        return (GRADED_BY_MEETING,)
    targets = extremes_among(
        (compared_result(table.target, judged_rows(table.rows)) for table in block.tables),
        counted="人" if first.is_person else "个评议对象",
        rate_name=judged_name(first.rows, first.rate_name),
        min_group=min_group,
    )
    lines = [(row.label, [table.rows[place] for table in block.tables]) for place, row in enumerate(first.rows)]
    indicators = extremes_of_lines(lines, rate_name=first.rate_name, min_group=min_group)
    return tuple(filter(None, (targets.sentence, indicators.sentence)))


def limit_sentences(crossings: Sequence[Crossing], limits: Sequence[LibraryThreshold]) -> tuple[str, ...]:
    """The targets over a limit by name, those about whom nothing may be said before a review by number alone."""
    if not crossings:
        return (f"按{len(limits)}条阈值判断，没有超过的评议对象。",) if limits else ()
    told = [crossing for crossing in crossings if _may_be_named(crossing)]
    waiting = sum(crossing.is_pending and not _may_be_named(crossing) for crossing in crossings)
    dismissed = len(crossings) - len(told) - waiting
    names = list(dict.fromkeys(crossing.target for crossing in told))
    return tuple(
        text
        for count, text in (
            (len(names), f"超过阈值的评议对象{len(names)}个：{'、'.join(names)}。"),
            (waiting, f"超过阈值、有待复核的{waiting}项，复核以前不列姓名。"),
            (dismissed, f"超过阈值、不予认定的{dismissed}项。"),
        )
        if count
    )


def _may_be_named(crossing: Crossing) -> bool:
    return crossing.is_confirmed or (crossing.is_pending and not crossing.threshold.needs_review)


def unit_headlines(node: Node, *, min_group: int) -> tuple[Headlines, ...]:
    """The headlines of a unit's sums: its lines, and the units right below it, under the rules of a ranking."""
    below = [
        (child, {table.title: table for table in rollup_tables(child, is_judged_alone=True)}) for child in node.children
    ]
    return _with_words(
        Headlines(
            table.title,
            (
                *_line_sentences(table, min_group),
                *_child_sentences([(child, tables[table.title]) for child, tables in below], min_group),
            ),
        )
        for table in rollup_tables(node)
    )


def _line_sentences(table: RollupTable, min_group: int) -> tuple[str, ...]:
    lines = [(row.label, [row]) for row in table.rows]
    return (extremes_of_lines(lines, rate_name=table.rate_name, min_group=min_group).sentence,)


def _child_sentences(children: Sequence[tuple[Node, RollupTable]], min_group: int) -> tuple[str, ...]:
    asked = [(child, table) for child, table in children if table.polls]
    shown = next((table for _, table in asked if table.rows), None)
    if shown is None:
        return ()
    extremes = extremes_among(
        (
            compared_result(child.name, judged_rows(table.rows)) if _is_fit(child, min_group) else None
            for child, table in asked
        ),
        counted="个下级单位",
        rate_name=judged_name(shown.rows, shown.rate_name),
        min_group=min_group,
    )
    return (extremes.sentence,)


def _is_fit(child: Node, min_group: int) -> bool:
    """Whether a unit would have a place in the ranking (`committee.ranking`)."""
    return not child.hidden_reason and child.sheets.returned >= min_group


def _with_words(parts: Iterable[Headlines]) -> tuple[Headlines, ...]:
    told = (Headlines(part.title, tuple(filter(None, part.sentences))) for part in parts)
    return tuple(part for part in told if part.sentences)
