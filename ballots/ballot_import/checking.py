"""Sets the rows of a table against the campaign's frozen ballots; collects everything that is wrong with them."""

from collections.abc import Iterable

from campaigns.ballot_form import InvalidMarks
from campaigns.models import Campaign, Category, Channel, Poll
from campaigns.plain_text import clean_text, name_key

from ..voting import casting
from .headings import (
    CATEGORY,
    CHANNEL,
    CHANNEL_WORDS,
    EMPTY_WORDS,
    FIXED,
    OPINION,
    UNIT,
    Vocabulary,
    column_letter,
    listed,
    normal,
)
from .layout import CellColumn, Layout, lay_out
from .plan import BallotGroup, InvalidTable, Plan, TableProblem, blank_notices
from .reading import SourceRow, Unusable
from .units import UnitPoll, UnitProblem, Units

MOST_PROBLEMS = 1000
MOST_SHOWN = 60  # characters of a cell


def check_table(campaign: Campaign, rows: Iterable[SourceRow]) -> Plan:
    """The plan that the rows come to; raises InvalidTable with everything that is wrong, or Unreadable as the rows are read."""
    rows = iter(rows)
    checker = _Checker(campaign)
    if checker.take_heading(next(rows)):
        for row in rows:
            checker.take(row)
    return checker.plan()


class PlaceChecker:
    """Finds the unit, channel and category of each row, and collects the errors of a table."""

    def __init__(self, campaign: Campaign):
        self._campaign = campaign
        self._units = Units(campaign)
        self._categories = {name_key(normal(category.name)): category for category in campaign.categories.all()}
        # Places by heading; those of headings that were refused are in `_refused` and no row is judged by them.
        self._columns: dict[str, int] = {}
        self._heading = SourceRow(1, ())
        self._refused: set[int] = set()
        self._groups: dict[tuple, BallotGroup] = {}
        self._unplanned_channels: dict[str, None] = {}
        self._problems: list[TableProblem] = []
        self._problem_count = 0

    def _plan(self, *, nothing: str) -> Plan:
        """The groups of all rows; raises InvalidTable."""
        if not self._problem_count and not self._groups:
            self._refuse(SourceRow(self._heading.number + 1, ()), None, "", nothing)
        if self._problem_count:
            raise InvalidTable(self._problems, self._problem_count)
        notices = []
        if self._unplanned_channels:
            notices.append(f"{listed(self._unplanned_channels)}不在本次评议活动所列的评议渠道之内，请核对。")
        return Plan([self._groups[key].in_no_order() for key in sorted(self._groups)], notices)

    def _refuse(self, row: SourceRow, place: int | None, value, message: str) -> None:
        self._problem_count += 1
        if len(self._problems) < MOST_PROBLEMS:
            column = "" if place is None else column_letter(place)
            self._problems.append(TableProblem(row.number, column, _shown(value), message, row.sheet))

    def _value(self, row: SourceRow, heading: str) -> str | None:
        """The text of a cell that must not be empty; None after telling what is wrong."""
        place = self._columns[heading]
        cell = row.cells[place] if place < len(row.cells) else ""
        try:
            if text := clean_text(_text(cell)):
                return text
            self._refuse(row, place, "", f"{heading}不能为空")
        except ValueError as error:
            self._refuse(row, place, cell, _sentence(error))
        return None

    def _unit(self, row: SourceRow) -> UnitPoll | None:
        text = self._value(row, UNIT)
        if text is None:
            return None
        try:
            return self._units.find(text)
        except UnitProblem as error:
            return self._refuse(row, self._columns[UNIT], text, str(error))

    def _channel(self, row: SourceRow) -> str | None:
        text = self._value(row, CHANNEL)
        if text is None:
            return None
        key = CHANNEL_WORDS.get(text) or CHANNEL_WORDS.get(text.lower())
        if key is None:
            return self._refuse(row, self._columns[CHANNEL], text, f"没有这个渠道；可写{listed(Channel.labels)}")
        if key not in self._campaign.channels:
            self._unplanned_channels[Channel(key).label] = None
        return key

    def _category(self, row: SourceRow) -> Category | None:
        text = self._value(row, CATEGORY)
        if text is None:
            return None
        category = self._categories.get(name_key(normal(text)))
        if category is None:
            names = listed(known.name for known in self._categories.values())
            self._refuse(row, self._columns[CATEGORY], text, f"没有这个参评人员类别；可写{names}")
        return category


class _Checker(PlaceChecker):
    def __init__(self, campaign: Campaign):
        super().__init__(campaign)
        self._layouts: dict[int, Layout] = {}

    def take_heading(self, row: SourceRow) -> bool:
        """Learn the columns; whether the rows below can be read."""
        vocabulary = Vocabulary(self._campaign)
        self._heading = row
        for place, cell in enumerate(row.cells):
            try:
                self._take_column(place, normal(_text(cell)), vocabulary)
            except ValueError as error:
                self._refuse(row, place, cell, _sentence(error))
                self._refused.add(place)
        missing = [heading for heading in FIXED if heading not in self._columns]
        if missing:
            self._refuse(row, None, "", f"表头缺少{listed(missing)}列；前三列应为{listed(FIXED)}")
        return not missing

    def _take_column(self, place: int, heading: str, vocabulary: Vocabulary) -> None:
        if not heading:
            return
        if heading in self._columns:
            raise ValueError(f"与{column_letter(self._columns[heading])}列的表头重复")
        self._columns[heading] = place
        if heading not in (*FIXED, OPINION) and (message := vocabulary.problem_of(heading)):
            raise ValueError(message)

    def take(self, row: SourceRow) -> None:
        """Add a row to its group, or note what is wrong with it."""
        poll, channel, category = self._unit(row), self._channel(row), self._category(row)
        if poll is None:
            return
        layout = self._layouts.get(poll.id) or self._lay_out(poll, row)
        marks, opinions = self._marks(row, layout), self._opinions(row, layout)
        self._check_strays(row, layout, poll)
        if channel is None or category is None or marks is None or self._problem_count:
            return
        key = (poll.path, channel, category.position, category.pk)
        if key not in self._groups:
            self._groups[key] = BallotGroup(poll.id, self._units.label(poll), channel, category.pk, category.name)
        self._groups[key].add(marks, opinions)

    def plan(self) -> Plan:
        """The groups of all rows; raises InvalidTable."""
        plan = self._plan(nothing="表头之下没有评议票")
        forms = {poll.pk: poll.ballot_form for poll in Poll.objects.only("form").filter(pk__in=self._layouts)}
        plan.notices += blank_notices(plan.groups, forms)
        return plan

    def _lay_out(self, poll: UnitPoll, row: SourceRow) -> Layout:
        """The columns' places on a poll's ballot; a column that does not fit is reported once, at the first row that needs it."""
        form = Poll.objects.only("form").get(pk=poll.id).ballot_form
        layout = self._layouts[poll.id] = lay_out(form, self._columns)
        for place, message in layout.problems:
            self._refuse(row if place is None else self._heading, place, "", f"“{poll.name}”的票上{message}")
        return layout

    def _marks(self, row: SourceRow, layout: Layout) -> str | None:
        """The marks of a row; None where some cell is wrong."""
        raw = tuple(row.cells[cell.place] if cell.place < len(row.cells) else None for cell in layout.cells)
        if raw not in layout.seen:
            marks = [self._mark(row, cell, value) for cell, value in zip(layout.cells, raw, strict=True)]
            known = [mark for mark in marks if mark is not None]
            if len(known) < len(marks):
                return None
            layout.seen[raw] = "".join(known)
        return layout.seen[raw]

    def _mark(self, row: SourceRow, cell: CellColumn, value: str | Unusable | None) -> str | None:
        if value is None:
            return self._refuse(row, cell.place, "", "这一行到此为止，缺了这一格；没有填写的也要留空格子")
        try:
            mark = cell.mark_of(normal(_text(value)))
        except ValueError as error:
            return self._refuse(row, cell.place, value, _sentence(error))
        if mark is None:
            self._refuse(row, cell.place, value, f"不是等次；可写{cell.allowed}，或者留空")
        return mark

    def _opinions(self, row: SourceRow, layout: Layout) -> list[tuple[int, str]]:
        opinions = []
        for place, section in layout.opinions.items():
            cell = row.cells[place] if place < len(row.cells) else ""
            # A text that begins with = came out of a survey as a formula; it is kept as it was written.
            if isinstance(cell, Unusable) and cell.text is None:
                self._refuse(row, place, cell, cell.message)
                continue
            raw = cell.text or "" if isinstance(cell, Unusable) else cell
            text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
            text = "" if text in EMPTY_WORDS else text
            try:
                casting.check_opinion(section, text)
            except InvalidMarks as error:
                self._refuse(row, place, text, _sentence(error))
                continue
            if text:
                opinions.append((section.id, text))
        return opinions

    def _check_strays(self, row: SourceRow, layout: Layout, poll: UnitPoll) -> None:
        """Nothing may stand in columns of other units' ballots, nor where there is no heading."""
        for place, cell in enumerate(row.cells):
            if not cell or place in layout.places or place in self._refused or _is_blank(cell):
                continue
            heading = next((heading for heading, taken in self._columns.items() if taken == place), None)
            message = f"“{poll.name}”的票上没有“{heading}”，这一格应为空" if heading else "这一列没有表头，应为空"
            self._refuse(row, place, cell, message)


def _is_blank(cell: str | Unusable) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _text(cell: str | Unusable) -> str:
    """The text of a cell; raises ValueError with what is wrong."""
    if isinstance(cell, Unusable):
        raise ValueError(cell.message)
    return cell


def _sentence(error: Exception) -> str:
    return str(error).rstrip("。")


def _shown(value: str | Unusable) -> str:
    """A cell as an error shows it: short, and without what cannot be printed."""
    text = value.shown if isinstance(value, Unusable) else value
    text = "".join(character if character.isprintable() else "□" for character in text[: MOST_SHOWN + 1])
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
