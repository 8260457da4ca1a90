"""Adds what the boxes hold along the tree and compares it with the sums that are printed (DESIGN 9)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import add

from ballots.counting import tally
from ballots.counting.recounting import CELL_FIELDS, Recount, cell_counts, counts_text
from campaigns.models import Campaign
from campaigns.models.place import ancestor_paths

from ..models import KeptSums
from .rollup import Node, roll_up, top_of_tree

NOTHING = (0,) * len(CELL_FIELDS)


@dataclass
class _Below:
    """The boxes of a unit and of all units below it."""

    polls: int = 0
    sheets: tally.Sheets = field(default_factory=tally.Sheets)
    cells: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def add(self, recounted: Recount) -> None:
        self.polls += 1
        self.sheets += recounted.sheets
        for indicator_id, counts in recounted.cells.items():
            self.cells[indicator_id] = tuple(map(add, self.cells.get(indicator_id, NOTHING), counts))


class RollupRecount:
    """The sums of one campaign's boxes, poll by poll as they are counted again."""

    def __init__(self, campaign: Campaign):
        self.campaign = campaign
        # By path, of the units of the campaign's tree.
        self._below: dict[str, _Below] = defaultdict(_Below)

    def add(self, recounted: Recount) -> None:
        """Add a poll to its unit and to all above it, by the place that it had when it opened."""
        for path in ancestor_paths(recounted.poll.path):
            self._below[path].add(recounted)

    def problems(self) -> list[str]:
        """The sums of units that differ from their boxes, one sentence each; sums that are not shown are left out."""
        nodes = [*roll_up(self.campaign).walk(), *self._kept_nodes()]
        return list(dict.fromkeys(problem for node in nodes for problem in self._of_unit(node)))

    def _kept_nodes(self) -> Iterable[Node]:
        """The organizer and the units right below it as pages show them, where their sums are kept."""
        if KeptSums.objects.filter(campaign=self.campaign).exists():
            top = top_of_tree(self.campaign)
            yield from (top, *top.children)

    def _of_unit(self, node: Node) -> Iterable[str]:
        below = self._below[node.path]
        if below.polls != node.units_sealed:
            yield f"“{node.name}”及其下级清点了{below.polls}个评议点，汇总为{node.units_sealed}个。"
        printed = _papers(node.sheets)
        if (papers := _papers(below.sheets)) != printed:
            yield f"“{node.name}”发出/收回/无效各票批合计为{counts_text(papers)}，汇总为{counts_text(printed)}。"
        yield from _differing_lines(node, below)


def _papers(sheets: tally.Sheets) -> tuple[int, ...]:
    return sheets.issued, sheets.returned, sheets.void


def _differing_lines(node: Node, below: _Below) -> Iterator[str]:
    for line in node.lines:
        counted, printed = below.cells.get(line.indicator_id, NOTHING), cell_counts(line.result.cell)
        if counted != printed:
            yield (f"“{node.name}”的“{line.indicator}”票箱合计为{counts_text(counted)}，汇总为{counts_text(printed)}。")
