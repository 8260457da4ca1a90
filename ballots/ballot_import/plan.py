"""The plan of an import of ballots, and the errors of a table."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings

from campaigns.ballot_form import BLANK, BallotForm
from campaigns.models import Channel

from .reading import row_name

# A cell of fewer ballots than this is not wondered at for its blanks.
FEWEST_TO_WONDER = 3
# Facts of totals alone: without them a group of ballots has the digest that it had before there were any.
_OF_TOTALS = ("totals", "issued_count", "void_count")


@dataclass(frozen=True)
class TableProblem:
    """An error in one cell; `column` is the letter that a spreadsheet shows, "" where a whole row is meant."""

    row: int
    column: str
    value: str
    message: str
    # The title of the row's sheet where several are read as one table.
    sheet: str = ""

    def __str__(self):
        column = f"{self.column}列" if self.column else ""
        value = f"“{self.value}”" if self.value else ""
        return f"{row_name(self.row, self.sheet)}{column}{value}：{self.message}。"


class InvalidTable(Exception):
    """A table with errors; nothing of it may be written. `problems` has the first of them, `count` tells how many."""

    def __init__(self, problems: list[TableProblem], count: int):
        super().__init__(f"有{count}处错误")
        self.problems = problems
        self.count = count


@dataclass
class BallotGroup:
    """The ballots of one unit, channel and category: how many bear which marks, and what was written beside them.

    The order of the rows is not kept, nor which opinion stood with which marks.
    """

    poll_id: int
    unit: str
    channel: str
    category_id: int
    category: str
    marks: dict[str, int] = field(default_factory=dict, repr=False)
    # Pairs of target and text.
    opinions: list[tuple[int, str]] = field(default_factory=list, repr=False)
    # Of a table of totals instead of marks: for each cell how many of each grade, blank, and more than one.
    totals: list[list[int]] | None = field(default=None, repr=False)
    issued_count: int | None = None
    void_count: int = 0

    @property
    def row_count(self) -> int:
        """The valid ballots."""
        return sum(self.totals[0]) if self.totals else sum(self.marks.values())

    @property
    def returned_count(self) -> int:
        return self.row_count + self.void_count

    def blanks(self, place: int, symbols: str) -> int:
        """How many ballots leave a cell blank; `symbols` are the marks that totals count, in their order."""
        if self.totals:
            return self.totals[place][symbols.index(BLANK)]
        return sum(count for marks, count in self.marks.items() if marks[place] == BLANK)

    @property
    def channel_label(self) -> str:
        return Channel(self.channel).label

    def add(self, marks: str, opinions: list[tuple[int, str]]) -> None:
        self.marks[marks] = self.marks.get(marks, 0) + 1
        self.opinions.extend(opinions)

    def in_no_order(self) -> "BallotGroup":
        """The same ballots and opinions, sorted, so that nothing tells how the rows stood."""
        self.marks = dict(sorted(self.marks.items()))
        self.opinions.sort()
        return self


@dataclass
class Plan:
    """The groups of a table in the order of units, channels and categories."""

    groups: list[BallotGroup]
    notices: list[str] = field(default_factory=list)
    # Totals that fall a little short of the valid ballots, a sentence each: the rest are blanks once somebody agrees.
    shortfalls: list[str] = field(default_factory=list)

    @property
    def is_of_totals(self) -> bool:
        return any(group.totals for group in self.groups)

    @property
    def row_count(self) -> int:
        return sum(group.row_count for group in self.groups)

    @property
    def unit_count(self) -> int:
        return len({group.poll_id for group in self.groups})

    @property
    def digest(self) -> str:
        """The same for the same ballots, whatever the file's kind, encoding and order of rows."""
        return self.digests[0]

    @property
    def digests(self) -> list[str]:
        """The digest with each key, the present one first: a file is known again after a new key."""
        groups = [_without_empty(asdict(group)) for group in self.groups]
        content = json.dumps(groups, ensure_ascii=False, sort_keys=True)
        text = f"ballot import:{content}".encode()
        return [hmac.new(key.encode(), text, hashlib.sha256).hexdigest() for key in settings.CODE_KEYS]

    def to_json(self) -> dict:
        groups = [asdict(group) for group in self.groups]
        return {"groups": groups, "notices": self.notices, "shortfalls": self.shortfalls}

    @classmethod
    def from_json(cls, value: dict) -> "Plan":
        groups = [BallotGroup(**group) for group in value["groups"]]
        for group in groups:
            group.opinions = [(target_id, text) for target_id, text in group.opinions]
        return cls(groups, value["notices"], value["shortfalls"])


def _without_empty(group: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if value or name not in _OF_TOTALS}


def blank_notices(groups: Sequence[BallotGroup], forms: Mapping[int, BallotForm]) -> list[str]:
    """A sentence for each cell of which more than a third is blank: published totals do not become ballots by blanks."""
    told: dict[str, None] = {}
    for group in groups:
        cells = [(section, indicator) for section in forms[group.poll_id].sections for indicator in section.indicators]
        for place, (section, indicator) in enumerate(cells):
            blank = group.blanks(place, section.symbols)
            if group.row_count >= FEWEST_TO_WONDER and 3 * blank > group.row_count:
                told[f"{group.unit}：{section.name}｜{indicator.text}"] = None
    if not told:
        return []
    places = "、".join(f"“{place}”" for place in list(told)[:10]) + (f"等{len(told)}项" if len(told) > 10 else "")
    advice = "" if any(group.totals for group in groups) else "从汇总表得来、没有填满的，请改为导入汇总表。"
    return [f"{places}，空白超过三分之一，按弃权或者无效计。{advice}"]
