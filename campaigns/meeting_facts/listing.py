"""Reads the workbook of a campaign's meetings: what would change at each poll, or every fault by its row; then writes it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from django.db import transaction

from ..models import Poll, PollQuerySet
from ..roster.dates import NoDay, read_day
from ..roster.listed import LineError, hidden_row, listed_rows
from ..roster.safety import Unreadable
from ..unit_names import UnitsByName, named_units

UNIT = "单位"
COLUMNS = {
    "应参评人数": "entitled_count",
    "评议会日期": "meeting_on",
    "地点": "place",
    "主持人": "host",
    "上级派员": "supervisor",
    "监票人": "scrutineers",
    "计票人": "tellers",
}
HEADINGS = (UNIT, *COLUMNS)
MOST_LINES = 3000
SEALED = "这个评议点已经封存，会议情况不能再改；空着的可以在评议点补记"
UNKNOWN = "这次活动里没有您办的这个评议单位，名称要和下载的表里一样"


# Sets facts, given as texts, on a poll in memory; returns what is wrong, as pairs of column and sentence.
Put = Callable[[Poll, dict[str, str]], list[tuple[str, str]]]


class FactsChanged(Exception):
    """Between the preview and its confirmation somebody changed the facts of some meeting, or sealed it."""


@dataclass(frozen=True)
class FactChange:
    """A fact of a meeting before and after, as texts; empty before where nothing stood there."""

    column: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return next(heading for heading, column in COLUMNS.items() if column == self.column)


@dataclass(frozen=True)
class FactsLine:
    """The changes at one poll, which a row of the workbook asks for."""

    row: int
    poll: int
    unit_name: str
    changes: list[FactChange]


@dataclass
class FactsListing:
    """A workbook's lines that change something, how many change nothing, and whatever is wrong."""

    lines: list[FactsLine] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    unchanged_count: int = 0

    def to_json(self) -> dict:
        return {"lines": [asdict(line) for line in self.lines]}

    @classmethod
    def from_json(cls, content: dict) -> "FactsListing":
        lines = [
            FactsLine(**{**line, "changes": [FactChange(**change) for change in line["changes"]]})
            for line in content["lines"]
        ]
        return cls(lines)


def read_meeting_facts(file: BinaryIO, polls: PollQuerySet, *, put: Put) -> FactsListing:
    """The lines of a workbook's first visible sheet, checked against the polls that the user runs; raises Unreadable.

    An empty cell leaves what is there. `put` sets facts on a poll as the page of one meeting does. Of the polls those alone are
    read that have a line.
    """
    listing = FactsListing()
    rows = list(listed_rows(file, HEADINGS, most=MOST_LINES))
    units = UnitsByName(named_units(polls, "organization__"), (cells[UNIT] for _, cells in rows if cells))
    first: dict[int, int] = {}
    lines: list[tuple[int, dict[str, str], int]] = []
    for row, cells in rows:
        if cells is None:
            listing.errors.append(hidden_row(row))
        elif problem := units.problem(cells[UNIT], unknown=UNKNOWN):
            listing.errors.append(LineError(row, UNIT, cells[UNIT], problem))
        else:
            unit = units.unit(cells[UNIT])
            if row != first.setdefault(unit.pk, row):
                listing.errors.append(LineError(row, UNIT, cells[UNIT], f"和第{first[unit.pk]}行是同一个单位"))
            else:
                lines.append((row, cells, unit.pk))
    _read_lines(listing, lines, polls, put)
    if not first and not listing.errors:
        raise Unreadable("表头下面没有内容。")
    return listing


def _read_lines(
    listing: FactsListing, lines: list[tuple[int, dict[str, str], int]], polls: PollQuerySet, put: Put
) -> None:
    """Add what the lines change at the polls of their units, given by key."""
    of_lines = polls.filter(organization__in=[unit for *_, unit in lines])
    by_unit = {poll.organization_id: poll for poll in of_lines.select_related("campaign", "organization", "partner")}
    for row, cells, unit in lines:
        _read_line(listing, row, cells, by_unit[unit], put)
    listing.errors.sort(key=lambda error: error.row)


def _read_line(listing: FactsListing, row: int, cells: dict[str, str], poll: Poll, put: Put) -> None:
    """Add what a row changes at its poll, or what is wrong with it."""
    before = _facts_of(poll)
    if faults := put(poll, {**before, **_posted(cells)}):
        headings = {column: heading for heading, column in COLUMNS.items()}
        for column, sentence in faults:
            heading = headings.get(column, "")
            listing.errors.append(LineError(row, heading, cells.get(heading, ""), sentence.rstrip("。")))
        return
    after = _facts_of(poll)
    changes = [FactChange(name, before[name], after[name]) for name in before if before[name] != after[name]]
    if not changes:
        listing.unchanged_count += 1
    elif poll.state == Poll.State.SEALED:
        listing.errors.append(LineError(row, UNIT, cells[UNIT], SEALED))
    else:
        listing.lines.append(FactsLine(row, poll.pk, poll.organization.name, changes))


def _posted(cells: dict[str, str]) -> dict[str, str]:
    """The filled cells as a page would post them; a text that is no day stays as it is, for the form to refuse."""
    filled = {column: cells[heading] for heading, column in COLUMNS.items() if cells[heading]}
    if "meeting_on" in filled:
        with suppress(NoDay):
            filled["meeting_on"] = read_day(filled["meeting_on"]).isoformat()
    return filled


def _facts_of(poll: Poll) -> dict[str, str]:
    """The facts as texts; a day as the form reads it."""
    values: dict[str, Any] = {name: getattr(poll, name) for name in COLUMNS.values()}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def write_meeting_facts(lines: Iterable[FactsLine]) -> None:
    """Write the changes, all or none; raises FactsChanged where a poll is sealed or not as it was when they were read."""
    by_poll = {line.poll: line.changes for line in lines}
    with transaction.atomic():
        polls = list(Poll.objects.select_for_update().filter(pk__in=by_poll).order_by("pk"))
        if len(polls) < len(by_poll):
            raise FactsChanged
        for poll in polls:
            _write(poll, by_poll[poll.pk])


def _write(poll: Poll, changes: Sequence[FactChange]) -> None:
    stands = _facts_of(poll)
    if poll.state == Poll.State.SEALED or any(stands[change.column] != change.before for change in changes):
        raise FactsChanged
    fields = {column.name: column for column in Poll._meta.fields}
    for change in changes:
        setattr(poll, change.column, fields[change.column].to_python(change.after))
    poll.save(update_fields=[change.column for change in changes])
