"""Tables of totals, a row a unit: how many were handed out and returned, and how many chose each grade."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.ballot_form import BallotForm, Section
from campaigns.models import Campaign, Poll

from ..counting.tally import UNMARKED_LABEL, blank_label
from .checking import PlaceChecker
from .headings import (
    ABSTAINED_LABEL,
    BAR,
    FIXED,
    INDICATOR,
    NUMBERS,
    REST,
    REST_BLANK,
    RETURNED,
    SPOILED_LABEL,
    UNIT,
    VALID,
    listed,
    normal,
)
from .layout import headings_of
from .plan import BallotGroup, Plan, blank_notices
from .reading import SourceRow
from .units import UnitPoll

_SUMS = re.compile(r"(?:合|总|小)\s*计")
_COUNT = re.compile(r"(\d{1,7})(?:票|张|人|份)?")
_PLAIN = frozenset((*FIXED, INDICATOR, REST, *NUMBERS))
# A row that lacks at most a tenth of its valid ballots lacks the abstentions; one that lacks more is not complete.
SMALL = 10


def is_of_totals(headings: Iterable[str]) -> bool:
    """Whether a table with these headings has totals: no ballot has a number of returned ones."""
    return bool({RETURNED, VALID} & set(headings))


def check_totals_table(campaign: Campaign, rows: Iterable[SourceRow]) -> Plan:
    """The plan that the rows come to; raises InvalidTable with everything that is wrong."""
    rows = iter(rows)
    checker = _TotalsChecker(campaign)
    if checker.take_heading(next(rows)):
        for row in rows:
            checker.take(row)
    return checker.plan()


@dataclass
class _Place:
    """The rows of one unit, channel and category, and the counts of its ballot's cells."""

    row: SourceRow
    poll: UnitPoll
    form: BallotForm
    category: str
    # 发出, 收回, 有效, 无效 as the first row gives them, completed.
    numbers: tuple[int, int, int]
    cells: dict[int, list[int]] = field(default_factory=dict)
    is_rest_blank: bool = False


class _TotalsChecker(PlaceChecker):
    def __init__(self, campaign: Campaign):
        super().__init__(campaign)
        self._places: dict[tuple, _Place] = {}
        self._forms: dict[int, BallotForm] = {}
        self._cells: dict[int, dict[str, list[int]]] = {}
        self._left_out: list[SourceRow] = []
        self._shortfalls: list[str] = []
        # Bare answers, and answers by the cell's heading: 「总体评价｜满意」.
        self._answers: dict[str, dict[str, int]] = {}

    def take_heading(self, row: SourceRow) -> bool:
        """Learn the columns; whether the rows below can be read."""
        self._heading = row
        for place, cell in enumerate(row.cells):
            heading = normal(cell) if isinstance(cell, str) else ""
            if not heading:
                continue
            if heading in self._columns:
                self._refuse(row, place, heading, "表头重复")
            self._columns[heading] = place
            if heading not in _PLAIN:
                cell_heading, _, answer = heading.rpartition(BAR)
                self._answers.setdefault(cell_heading, {})[answer] = place
        missing = [heading for heading in FIXED if heading not in self._columns]
        if missing:
            self._refuse(row, None, "", f"表头缺少{listed(missing)}列")
        if not is_of_totals(self._columns) or not self._answers:
            self._refuse(row, None, "", f"汇总表应有“{RETURNED}”或者“{VALID}”列，和各等次的列")
        return not self._problem_count

    def take(self, row: SourceRow) -> None:
        """Add the counts of a row to its unit, or note what is wrong with them."""
        unit = row.cells[self._columns[UNIT]]
        if isinstance(unit, str) and _SUMS.fullmatch(unit.strip()):
            self._left_out.append(row)
            return
        poll, channel, category = self._unit(row), self._channel(row), self._category(row)
        numbers = self._numbers(row)
        if poll is None or channel is None or category is None or numbers is None:
            return
        key = (poll.path, channel, category.position, category.pk)
        if key not in self._places:
            rest = self._text_at(row, REST) == REST_BLANK
            self._places[key] = _Place(row, poll, self._form(poll), category.name, numbers, is_rest_blank=rest)
        place = self._places[key]
        if place.numbers != numbers:
            told = "发出{}、有效{}、无效{}".format(*place.numbers)
            self._refuse(row, None, "", f"与{place.row}是同一单位、渠道、类别，张数不同（{told}）")
            return
        for heading, columns in self._answers.items():
            self._take_cell(row, place, heading or self._text_at(row, INDICATOR), columns)

    def _take_cell(self, row: SourceRow, place: _Place, heading: str, columns: dict[str, int]) -> None:
        cells = self._cells_called(place, heading)
        if len(cells) != 1:
            # Columns of other units' ballots stay empty.
            if any(self._is_filled(row, at) for at in columns.values()):
                named = f"“{heading}”" if heading else "是哪一项评议内容的数，没有写明"
                why = "没有" if not cells else f"有{len(cells)}处"
                message = f"“{place.poll.name}”的票上{why}{named}" if heading else named
                self._refuse(row, None, "", message)
            return
        section, indicator = self._asked(place.form)[cells[0]]
        named = f"“{place.poll.name}”的“{indicator}”"
        if cells[0] in place.cells:
            return self._refuse(row, None, "", f"{named}写了两次")
        counts = self._counts(row, section, columns)
        if counts is None:
            return None
        total, valid = sum(counts), place.numbers[1]
        if total != valid:
            told = f"{named}各档合计{total}，有效票{valid}"
            missing = valid - total
            is_small = missing > 0 and (missing == 1 or missing * SMALL <= valid) and total > 0
            # Where 弃权 is a grade a blank has to be told by its own column.
            blank = blank_label(section.labels)
            if blank != ABSTAINED_LABEL or ABSTAINED_LABEL in columns or not is_small:
                return self._refuse(row, None, "", f"{told}，相差{abs(missing)}；请查明后改正，不能用{blank}补足")
            counts[len(section.digits)] = missing
            self._shortfalls.append(f"{row}{told}，差{missing}张。")
        place.cells[cells[0]] = counts
        return None

    def _counts(self, row: SourceRow, section: Section, columns: dict[str, int]) -> list[int] | None:
        """The counts of a cell in the order of the section's symbols; None where some are wrong."""
        counts, before = [0] * len(section.symbols), self._problem_count
        for answer, at in columns.items():
            count = self._count(row, at, otherwise=0)
            if (mark := _mark_of(section, answer)) is None:
                if count:
                    self._refuse(row, at, answer, f"“{section.name}”没有这个等次；可写{listed(_labels(section))}")
            else:
                counts[section.symbols.index(mark)] += count or 0
        return counts if self._problem_count == before else None

    def _numbers(self, row: SourceRow) -> tuple[int, int, int] | None:
        """发出, 有效, 无效 of a row, each worked out from the others where it is not written; None where they cannot be."""
        before = self._problem_count
        issued, returned, valid, void = (self._count(row, self._columns.get(heading)) for heading in NUMBERS)
        if self._problem_count > before:
            return None
        if returned is None:
            if valid is None:
                return self._refuse(row, None, "", f"{RETURNED}和{VALID}都没有填写")
            returned = valid + (void or 0)
        valid = returned - (void or 0) if valid is None else valid
        void = returned - valid if void is None else void
        issued = returned if issued is None else issued
        if returned > issued or void < 0 or valid < 0 or valid + void != returned:
            return self._refuse(row, None, "", f"发出{issued}、收回{returned}、有效{valid}、无效{void}不能同时成立")
        return issued, valid, void

    def _count(self, row: SourceRow, at: int | None, *, otherwise: int | None = None) -> int | None:
        """The number in a cell; None for none, or after telling what is wrong."""
        cell = row.cells[at] if at is not None and at < len(row.cells) else ""
        if not isinstance(cell, str):
            return self._refuse(row, at, cell, cell.message)
        text = unicodedata.normalize("NFKC", "".join(cell.split())).replace(",", "")
        if text in ("", "-", "—", "/"):
            return otherwise
        if match := _COUNT.fullmatch(text):
            return int(match[1])
        return self._refuse(row, at, cell, "应是张数，0或者正整数")

    def _is_filled(self, row: SourceRow, at: int) -> bool:
        cell = row.cells[at] if at < len(row.cells) else ""
        return not isinstance(cell, str) or bool(cell.strip())

    def _text_at(self, row: SourceRow, heading: str) -> str:
        at = self._columns.get(heading)
        cell = row.cells[at] if at is not None and at < len(row.cells) else ""
        return normal(cell) if isinstance(cell, str) else ""

    def _form(self, poll: UnitPoll) -> BallotForm:
        if poll.id not in self._forms:
            self._forms[poll.id] = Poll.objects.only("form").get(pk=poll.id).ballot_form
        return self._forms[poll.id]

    def _asked(self, form: BallotForm) -> list[tuple[Section, str]]:
        return [(section, indicator.text) for section in form.sections for indicator in section.indicators]

    def _cells_called(self, place: _Place, heading: str) -> list[int]:
        """The cells of a ballot that a heading can mean: 「评议表｜总体评价」, or 「总体评价」 where one is called so."""
        names = self._cells.get(place.poll.id)
        if names is None:
            names = self._cells[place.poll.id] = _cells_by_name(place.form)
        return names.get(heading, [])

    def plan(self) -> Plan:
        """The groups of all units; raises InvalidTable."""
        is_sound = not self._problem_count
        for (_, channel, _, category_id), place in self._places.items():
            asked = self._asked(place.form)
            missing = [number for number in range(len(asked)) if number not in place.cells]
            if missing and is_sound and not place.is_rest_blank:
                names = listed(f"{asked[number][0].name}{BAR}{asked[number][1]}" for number in missing)
                self._refuse(place.row, None, "", f"“{place.poll.name}”的票上还有{names}，表里没有它的数")
            self._add(place, channel, category_id)
        plan = self._plan(nothing="表头之下没有汇总的数")
        if self._left_out:
            plan.notices.append(f"{'、'.join(map(str, self._left_out))}是合计，没有导入。")
        plan.notices += blank_notices(plan.groups, self._forms)
        plan.shortfalls = self._shortfalls
        return plan

    def _add(self, place: _Place, channel: str, category_id: int) -> None:
        issued, valid, void = place.numbers
        blank = [
            [valid if symbol == "-" else 0 for symbol in section.symbols] for section, _ in self._asked(place.form)
        ]
        totals = [place.cells.get(number, counts) for number, counts in enumerate(blank)]
        key = (place.poll.path, channel, category_id)
        self._groups[key] = BallotGroup(
            place.poll.id,
            self._units.label(place.poll),
            channel,
            category_id,
            place.category,
            totals=totals,
            issued_count=issued,
            void_count=void,
        )


def _labels(section: Section) -> list[str]:
    return [*section.labels, blank_label(section.labels), SPOILED_LABEL]


def _mark_of(section: Section, answer: str) -> str | None:
    """The mark that a column counts; a grade that is called like a word for nothing is a grade."""
    marks = dict(zip((SPOILED_LABEL, ABSTAINED_LABEL), reversed(section.symbols), strict=False))
    marks[UNMARKED_LABEL] = marks[ABSTAINED_LABEL]
    marks |= {normal(grade.label): digit for digit, grade in zip(section.digits, section.grades, strict=True)}
    return marks.get(answer)


def _cells_by_name(form: BallotForm) -> dict[str, list[int]]:
    """The places of cells in the marks by each name that a table may give them; the only cell needs none."""
    places: dict[tuple[int, int], int] = {}
    for section in form.sections:
        for indicator in section.indicators:
            places[section.id, indicator.id] = len(places)
    names: dict[str, set[int]] = {}
    for heading, wanted in headings_of(form).items():
        for section, indicator_id in wanted:
            if indicator_id is not None:
                place = places[section.id, indicator_id]
                names.setdefault(heading, set()).add(place)
                names.setdefault(heading.partition(BAR)[2], set()).add(place)
    if len(places) == 1:
        names[""] = {0}
    return {name: sorted(of_name) for name, of_name in names.items()}
