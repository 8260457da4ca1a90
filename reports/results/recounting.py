"""Adds what the boxes hold along the tree and compares it with the sums that are printed (DESIGN 9)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import add
from typing import NamedTuple

from ballots.counting import tally
from ballots.counting.boxes import cell_counts
from ballots.counting.recounting import CELL_FIELDS, Recount, counts_text
from campaigns.models import Campaign
from campaigns.models.place import STEP

from ..models import KeptSums
from .parts import PARTS_ASKED, kept_sums_of_units
from .rollup import LinesOfSum, Node, questions_of, roll_up, top_of_tree

NOTHING = (0,) * len(CELL_FIELDS)


@dataclass
class _Below:
    """The boxes of a unit and of all units below it."""

    polls: int = 0
    sheets: tally.Sheets = field(default_factory=tally.Sheets)
    cells: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def add(self, other: "_Below") -> None:
        self.polls += other.polls
        self.sheets += other.sheets
        for indicator_id, counts in other.cells.items():
            so_far = self.cells.get(indicator_id)
            self.cells[indicator_id] = tuple(map(add, so_far, counts)) if so_far else counts


class PrintedSum(NamedTuple):
    """The numbers of a unit as they are printed, without words: they may come from another process."""

    path: str
    polls: int
    papers: tuple[int, ...]
    # By indicator; None where they are not shown.
    cells: dict[int, tuple[int, ...]] | None


def printed_sums(campaign: Campaign) -> Iterator[PrintedSum]:
    """The sums of every unit as they are printed, and as they are kept."""
    nodes = {node.path: node for node in roll_up(campaign).walk()}
    sealed = {path: node.units_sealed for path, node in nodes.items()}
    for node in chain(nodes.values(), _kept_nodes(campaign, nodes, sealed)):
        cells = node.make_lines.counts if isinstance(node.make_lines, LinesOfSum) else None
        yield PrintedSum(node.path, node.units_sealed, _papers(node.sheets), cells)


def _is_sum_of(printed: PrintedSum, below: _Below) -> bool:
    if (printed.polls, printed.papers) != (below.polls, _papers(below.sheets)):
        return False
    return printed.cells is None or printed.cells == below.cells


class RollupRecount:
    """The sums of one campaign's boxes, poll by poll as they are counted again."""

    def __init__(self, campaign: Campaign):
        self.campaign = campaign
        # Of each unit's own poll, by the path that it had when it opened.
        self._own: dict[str, _Below] = {}

    def add(self, recounted: Recount) -> None:
        path, of_poll = recounted.path, _Below(1, recounted.sheets, dict(recounted.cells))
        if path in self._own:
            self._own[path].add(of_poll)
        else:
            self._own[path] = of_poll

    def problems(self) -> list[str]:
        """The sums of units that differ from their boxes, one sentence each; sums that are not shown are left out."""
        below = _added_up(self._own)
        nodes = {node.path: node for node in roll_up(self.campaign).walk()}
        kept = _kept_nodes(self.campaign, nodes, {path: below[path].polls for path in nodes})
        checked = chain(nodes.values(), kept)
        return list(dict.fromkeys(problem for node in checked for problem in _of_unit(node, below[node.path])))

    def agrees(self, printed: Iterable[PrintedSum]) -> bool:
        """Whether sums that were made meanwhile are those of the boxes; where they are not, `problems` has the words."""
        below = _added_up(self._own)
        return all(_is_sum_of(summed, below[summed.path]) for summed in printed)


def _added_up(own: Mapping[str, _Below]) -> dict[str, _Below]:
    """The boxes of each unit and of all below it: each level from the one below."""
    below: dict[str, _Below] = defaultdict(_Below)
    by_depth = defaultdict(set)
    for path, of_poll in own.items():
        below[path] = replace(of_poll, cells=dict(of_poll.cells))
        by_depth[len(path)].add(path)
    for depth in range(max(by_depth, default=0), STEP, -STEP):
        for path in by_depth[depth]:
            below[path[:-STEP]].add(below[path])
            by_depth[depth - STEP].add(path[:-STEP])
    return below


def _kept_nodes(campaign: Campaign, nodes: Mapping[str, Node], sealed: Mapping[str, int]) -> Iterator[Node]:
    """The units as pages show them where their sums are kept: the organizer with those right below it, and large units,
    of which `sealed` says how many sealed polls each has.
    """
    if KeptSums.objects.filter(campaign=campaign, asked__startswith=PARTS_ASKED).exists():
        top = top_of_tree(campaign)
        yield from (top, *top.children)
    has_lists = not all(question.adds_up for question in questions_of([campaign])[campaign.pk])
    for path, kept in sorted(kept_sums_of_units(campaign, sealed, has_lists=has_lists).items()):
        yield nodes[path].with_sums(kept)


def _of_unit(node: Node, below: _Below) -> Iterator[str]:
    if below.polls != node.units_sealed:
        yield f"“{node.name}”及其下级清点了{below.polls}个评议点，汇总为{node.units_sealed}个。"
    printed = _papers(node.sheets)
    if (papers := _papers(below.sheets)) != printed:
        yield f"“{node.name}”发出/收回/无效各票批合计为{counts_text(papers)}，汇总为{counts_text(printed)}。"
    yield from _differing_lines(node, below)


def _papers(sheets: tally.Sheets) -> tuple[int, ...]:
    return sheets.issued, sheets.returned, sheets.void


def _differing_lines(node: Node, below: _Below) -> Iterator[str]:
    # Most agree, and a line takes ten times as long to make as its counts to compare.
    if isinstance(node.make_lines, LinesOfSum) and node.make_lines.counts == below.cells:
        return
    for line in node.lines:
        counted, printed = below.cells.get(line.indicator_id, NOTHING), cell_counts(line.result.cell)
        if counted != printed:
            yield (f"“{node.name}”的“{line.indicator}”票箱合计为{counts_text(counted)}，汇总为{counts_text(printed)}。")
