"""Counts the sealed boxes of a whole campaign in one pass and in bounded memory (DESIGN 9).

Thousands of boxes are laid end to end and counted as one text: nothing is looked at box by box but its first line.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple

from django.db import connection
from django.db.models import BinaryField, Max, Min, QuerySet
from django.db.models.functions import Cast

from campaigns.models import Campaign, Poll

from ..models import Batch, SealedBox
from . import tally
from .boxes import section_grades

BATCHES_AT_ONCE = 2000
# A box's first line ends with its salt of thirty-two digits, which is none of its question.
QUESTION_BEGINS, SALT_BEGINS = b'"questionnaire":', b',"salt":"'
SALT_LENGTH = len(SALT_BEGINS) + 32 + len(b'"}')
COLUMNS = ("batch_id", "target_id", "ballot_count")
# PostgreSQL's binary COPY: a signature before the first row, then for each row how many fields it has, and each field
# behind its length; last a row with no fields.
SIGNATURE_LENGTH = 19
COPIED_ROW = struct.Struct(">2x4xq4xq4xii")

# A box as it is read: the columns, and the bytes of its content, since making a text of each takes as long as reading it.
RawBox = tuple[int, int, int, bytes]


class BoxCount(NamedTuple):
    """The counts of one box: a cell for each indicator, whose keys stand beside."""

    batch_id: int
    target_id: int
    indicators: tuple[int, ...]
    cells: tuple[tally.CellCount, ...]


def count_boxes(campaign: Campaign) -> Iterator[BoxCount]:
    """Count each box of a campaign, those of voided batches left out.

    Raises tally.IdentityError where a box does not hold what it says.
    """
    questions = _Questions(campaign)
    for boxes in _contents(campaign):
        for question in questions.lay(boxes):
            yield from question.count_each()


def count_total(campaign: Campaign) -> dict[int, tally.CellCount]:
    """The counts of a whole campaign by indicator.

    Raises tally.IdentityError where boxes do not hold what they say.
    """
    questions = _Questions(campaign)
    totals: dict[int, tally.CellCount] = {}
    for boxes in _contents(campaign):
        for question in questions.lay(boxes):
            for indicator, cell in zip(question.indicators, question.count(), strict=True):
                totals[indicator] = totals[indicator] + cell if indicator in totals else cell
    return totals


def _contents(campaign: Campaign) -> Iterator[list[RawBox]]:
    """The boxes of a campaign, some thousand at a time."""
    # By way of its few categories: a look at each poll, with its form, would take as long as reading the boxes.
    categories = list(campaign.categories.values_list("pk", flat=True))
    batches = Batch.objects.counting().filter(category__in=categories)
    first, last = batches.order_by().aggregate(first=Min("pk"), last=Max("pk")).values()
    if first is None:
        return
    read = _copy if connection.vendor == "postgresql" else _select
    for begins in range(first, last + 1, BATCHES_AT_ONCE):
        ends = begins + BATCHES_AT_ONCE
        # Both columns have an index, and the database does not conclude from one to the other.
        boxes = SealedBox.objects.filter(batch_id__gte=begins, batch_id__lt=ends, batch__in=batches)
        yield read(boxes.order_by())


def _select(boxes: QuerySet[SealedBox]) -> list[RawBox]:
    """Rows from SQLite, whose contents need not become texts first."""
    rows = boxes.annotate(held=Cast("content", BinaryField())).values_list(*COLUMNS, "held")
    with connection.cursor() as cursor:
        return cursor.execute(*rows.query.sql_with_params()).fetchall()


def _copy(boxes: QuerySet[SealedBox]) -> list[RawBox]:
    """Rows from PostgreSQL's binary COPY, which comes as bytes."""
    rows, copied = boxes.values_list(*COLUMNS, "content"), BytesIO()
    with connection.cursor() as cursor:
        query = cursor.mogrify(*rows.query.sql_with_params()).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", copied)
    return _rows_of_copy(copied.getvalue())


def _rows_of_copy(copied: bytes) -> list[RawBox]:
    boxes, place, unpack, size = [], SIGNATURE_LENGTH, COPIED_ROW.unpack_from, COPIED_ROW.size
    # The last row is shorter than any other.
    while place + size <= len(copied):
        batch_id, target_id, ballot_count, length = unpack(copied, place)
        begins = place + size
        place = begins + length
        boxes.append((batch_id, target_id, ballot_count, copied[begins:place]))
    return boxes


@dataclass(eq=False)
class _Question:
    """The boxes about one questionnaire: the properties that they share, and those that wait to be counted."""

    # The part of their first line that says what was asked.
    asked: bytes
    marks: tally.Marks
    indicators: tuple[int, ...]
    boxes: list[RawBox] = field(default_factory=list)
    # The ballots of each box.
    texts: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        # So far before the end of the line it begins.
        self.reach = len(self.asked) + SALT_LENGTH
        # The question that the next box was asked, if all goes on as it did.
        self.then = self

    def count(self) -> list[tally.CellCount]:
        """The counts of all boxes together."""
        cells = tally.count_lines(b"\n".join(filter(None, self.texts)), self.marks, len(self.indicators))
        self._check([cells[0].total], [sum(box[2] for box in self.boxes)])
        return cells

    def count_each(self) -> Iterator[BoxCount]:
        """The counts of each box."""
        cells = tally.count_each(self.texts, self.marks, len(self.indicators))
        width = len(self.indicators) + 1
        self._check([(len(text) + 1) // width for text in self.texts], [box[2] for box in self.boxes])
        for (batch_id, target_id, _, _), of_box in zip(self.boxes, cells, strict=True):
            yield BoxCount(batch_id, target_id, self.indicators, of_box)

    def _check(self, counted: list[int], expected: list[int]) -> None:
        if counted != expected:
            held, said = next(pair for pair in zip(counted, expected, strict=True) if pair[0] != pair[1])
            raise tally.IdentityError(f"票箱应有{said}张票，实有{held}张。")

    def forget(self) -> None:
        """Make room for the next boxes."""
        self.boxes.clear()
        self.texts.clear()


class _Questions:
    """The questionnaires of a campaign by what a box says it was asked.

    A box's first line names its questionnaire, grades and indicators. Their meaning for the count is in the form
    of its poll; the forms of a campaign are frozen together, so the first box's serves for all that say the same.
    """

    def __init__(self, campaign: Campaign):
        self._campaign = campaign
        self._met: dict[bytes, _Question] = {}
        # Of no box.
        self._latest = _Question(b"\0", tally.Marks(()), ())

    def lay(self, boxes: list[RawBox]) -> Iterator[_Question]:
        """Part boxes by question, and give each question with its boxes."""
        question = self._latest
        for box in boxes:
            content = box[3]
            end = content.find(b"\n")
            if end < 0:
                end = len(content)
            before, question = question, question.then
            # One look at the bytes where they must be.
            if not content.startswith(question.asked, end - question.reach):
                before.then = question = self._of(content[:end], box[1])
            question.boxes.append(box)
            question.texts.append(content[end + 1 :])
        self._latest = question
        for question in self._met.values():
            if question.boxes:
                yield question
                question.forget()

    def _of(self, head: bytes, target_id: int) -> _Question:
        asked = head[head.find(QUESTION_BEGINS) : head.rfind(SALT_BEGINS)]
        if asked not in self._met:
            self._met[asked] = self._read(asked, head, target_id)
        return self._met[asked]

    def _read(self, asked: bytes, head: bytes, target_id: int) -> _Question:
        poll = Poll.objects.get(campaign=self._campaign, targets=target_id)
        section = poll.ballot_form.section(target_id)
        expected = {
            "questionnaire": section.title,
            "grades": [grade.label for grade in section.grades],
            "indicators": [indicator.text for indicator in section.indicators],
        }
        try:
            held = json.loads(head)
            differs = any(held[name] != value for name, value in expected.items())
        except (KeyError, TypeError, ValueError):
            differs = True
        if differs:
            raise tally.IdentityError(f"“{section.name}”的票箱的票头与评议表不符。")
        return _Question(
            asked=asked,
            marks=tally.Marks(section_grades(section)),
            indicators=tuple(indicator.id for indicator in section.indicators),
        )
