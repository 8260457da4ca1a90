"""The plan of an import of ballots, and the errors of a table."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field

from django.conf import settings

from campaigns.models import Channel


@dataclass(frozen=True)
class TableProblem:
    """An error in one cell; `column` is the letter that a spreadsheet shows, "" where a whole row is meant."""

    row: int
    column: str
    value: str
    message: str

    def __str__(self):
        column = f"{self.column}列" if self.column else ""
        value = f"“{self.value}”" if self.value else ""
        return f"第{self.row}行{column}{value}：{self.message}。"


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

    @property
    def row_count(self) -> int:
        return sum(self.marks.values())

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

    @property
    def row_count(self) -> int:
        return sum(group.row_count for group in self.groups)

    @property
    def unit_count(self) -> int:
        return len({group.poll_id for group in self.groups})

    @property
    def digest(self) -> str:
        """The same for the same ballots, whatever the file's kind, encoding and order of rows."""
        content = json.dumps([asdict(group) for group in self.groups], ensure_ascii=False, sort_keys=True)
        return hmac.new(settings.SECRET_KEY.encode(), f"ballot import:{content}".encode(), hashlib.sha256).hexdigest()

    def to_json(self) -> dict:
        return {"groups": [asdict(group) for group in self.groups], "notices": self.notices}

    @classmethod
    def from_json(cls, value: dict) -> "Plan":
        groups = [BallotGroup(**group) for group in value["groups"]]
        for group in groups:
            group.opinions = [(target_id, text) for target_id, text in group.opinions]
        return cls(groups, value["notices"])
