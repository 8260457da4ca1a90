"""Reports kept as they were filed: the whole of one as JSON, and back.

Columns that were added since have their defaults in an older snapshot; one that changes its meaning takes a new format
number and a module like `format_1`, which turns the old one into the next.
"""

from functools import partial
from typing import get_type_hints

from cattrs.strategies import configure_tagged_union

from ..freezing import new_converter
from ..results.rollup import Node, RolledLine
from ..summary import SummaryContent
from ..tables.blocks import Table
from ..tables.campaign import RollupTable
from . import format_1
from .content import Report

FORMAT = 2


class UnknownFormat(ValueError):
    """A snapshot that this program cannot read; the message is for the user."""


_CONVERTER = new_converter()
configure_tagged_union(Table | RollupTable, _CONVERTER, tag_name="table")
_LINES = tuple[RolledLine, ...]
# A unit's lines are made when somebody asks for them; what is kept is the lines.
_NODE = {name: kind for name, kind in get_type_hints(Node).items() if name != "make_lines"}


@_CONVERTER.register_unstructure_hook
def _node_to_json(node: Node) -> dict:
    values = {name: _CONVERTER.unstructure(getattr(node, name), kind) for name, kind in _NODE.items()}
    return {**values, "lines": _CONVERTER.unstructure(node.lines, _LINES)}


@_CONVERTER.register_structure_hook
def _node_from_json(values: dict, _) -> Node:
    lines = _CONVERTER.structure(values["lines"], _LINES)
    # A copy that was filed before sums could be hidden has no word about it.
    known = {name: _CONVERTER.structure(values[name], kind) for name, kind in _NODE.items() if name in values}
    return Node(**known, make_lines=partial(tuple, lines))


def freeze(report: Report) -> dict:
    """A report as JSON can hold it."""
    return {"format": FORMAT, "report": _CONVERTER.unstructure(report, Report)}


def thaw(snapshot: dict) -> Report:
    """The report as it was; raises UnknownFormat."""
    number, report = snapshot.get("format"), snapshot["report"]
    _check(number)
    return _CONVERTER.structure(format_1.upgraded(report) if number == 1 else report, Report)


def thaw_summary(versions) -> SummaryContent | None:
    """The 小结 alone of the newest final one among some versions, without reading all that was filed with it."""
    newest = versions.final().order_by("-number").values_list("snapshot__format", "snapshot__report__summary").first()
    if newest is None:
        return None
    number, summary = newest
    _check(number)
    return _CONVERTER.structure(format_1.upgraded_summary(summary) if number == 1 else summary, SummaryContent)


def _check(number) -> None:
    if number not in (1, FORMAT):
        raise UnknownFormat(f"定稿的保存格式为{number}，本版本程序只认格式1至{FORMAT}，请升级后再打开。")
