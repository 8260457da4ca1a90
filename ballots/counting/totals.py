"""Counts the sealed boxes of a whole campaign in one pass and in bounded memory (DESIGN 9).

Boxes are read as bytes, since making a text of each takes as long as reading it; thousands are laid end to end and
counted as one: nothing is looked at box by box but its first line.
"""

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import NamedTuple

from django.db import connection

from campaigns.ballot_form import Section
from campaigns.models import Campaign, Poll
from pingyi.heap import rarely_collected

from . import tally
from .boxes import Scales

# A box's first line ends with its salt of thirty-two digits, which is none of its question.
QUESTION_BEGINS, SALT_BEGINS = b'"questionnaire":', b',"salt":"'
SALT_LENGTH = len(SALT_BEGINS) + 32 + len(b'"}')
# So much is read at once: from SQLite boxes, from PostgreSQL ballots, a first line taken for twenty (ten million bytes).
BOXES_AT_ONCE, BALLOTS_AT_ONCE, BALLOTS_OF_HEAD, BATCHES_OF_GROUP = 500, 120_000, 20, 64
# PostgreSQL's binary COPY begins with a signature and ends with a row of no fields.
SIGNATURE_LENGTH = 19

# By way of the categories: a look at each poll, with its form, would take as long as reading the boxes.
BATCHES = "batch.category_id IN ({categories}) AND batch.state <> 'void'"
BOXES = f"""SELECT {{columns}} FROM ballots_batch batch JOIN ballots_sealedbox box ON box.batch_id = batch.id
    WHERE {BATCHES}"""  # noqa: S608  words of this file alone
# Some dozen batches at a time: to add up along each of them takes the database three times as long.
GROUPS = f"""SELECT min(batch.id), max(batch.id), sum(coalesce(batch.returned_count, 0) + {BALLOTS_OF_HEAD})
    FROM ballots_batch batch WHERE {BATCHES} GROUP BY batch.id / {BATCHES_OF_GROUP} ORDER BY 1"""  # noqa: S608
# The keys of both tables: the database does not conclude from those of the one to those of the other.
PART_OF_BOXES = f"{BOXES} AND batch.id BETWEEN {{first}} AND {{last}} AND box.batch_id BETWEEN {{first}} AND {{last}}"


class Read(NamedTuple):
    """Boxes as they were read: the columns that were asked for, and of each box a row in which its content begins so far in."""

    columns: Sequence[Sequence[int]]
    rows: Sequence[bytes]
    begins: int = 0


# Of a box: the key of its target, the keys of the indicators, and a cell for each.
BoxCount = tuple[int, tuple[int, ...], tuple[tally.CellCount, ...]]


def count_boxes(campaign: Campaign) -> Iterator[BoxCount]:
    """Count each box of a campaign, those of voided batches left out.

    Raises tally.IdentityError where a box does not hold what it says.
    """
    questions = _Questions(campaign)
    for read in _read(campaign, "box.target_id", "box.ballot_count"):
        # Whoever takes the counts is not concerned.
        with rarely_collected():
            parted = questions.part(read, zip(*read.columns, strict=True))
            counted = [question.count_each() for question in parted]
        yield from chain.from_iterable(counted)


def count_total(campaign: Campaign) -> dict[int, tally.CellCount]:
    """The counts of a whole campaign by indicator.

    Raises tally.IdentityError where boxes do not hold what they say.
    """
    questions = _Questions(campaign)
    totals: dict[int, tally.CellCount] = {}
    for read in _read(campaign, "box.ballot_count"):
        counted = 0
        for question in questions.part(read, repeat(())):
            cells = question.count()
            counted += cells[0].total
            for indicator, cell in zip(question.indicators, cells, strict=True):
                totals[indicator] = totals[indicator] + cell if indicator in totals else cell
        (ballots,) = read.columns
        _check(counted, sum(ballots))
    return totals


def _check(held: int, wanted: int) -> None:
    if held != wanted:
        raise tally.IdentityError(f"票箱应有{wanted}张票，实有{held}张。")


def _read(campaign: Campaign, *numbers: str) -> Iterator[Read]:
    """The boxes of a campaign, some thousand at a time: of each the columns that are asked for, and the content's bytes."""
    read = _copy if connection.vendor == "postgresql" else _select
    with connection.cursor() as cursor:
        # Not by the model: the words for it would take as long to find as a thousand boxes to count.
        cursor.execute("SELECT id FROM campaigns_category WHERE campaign_id = %s", [campaign.pk])
        if categories := ",".join(str(category) for (category,) in cursor.fetchall()):
            yield from read(cursor, categories, numbers)


def _select(cursor, categories: str, numbers: Sequence[str]) -> Iterator[Read]:
    asked = ", ".join([*numbers, "CAST(box.content AS blob)"])
    cursor.execute(BOXES.format(columns=asked, categories=categories))
    while rows := cursor.fetchmany(BOXES_AT_ONCE):
        *columns, contents = zip(*rows, strict=True)
        yield Read(columns, contents)


def _copy(cursor, categories: str, numbers: Sequence[str]) -> Iterator[Read]:
    """By COPY, whose rows come while the server reads on; part by part, as nothing else can be asked meanwhile."""
    columns = ", ".join([*(f"CAST({number} AS bigint)" for number in numbers), "box.content"])
    # The number of fields, then each field behind its length.
    places = range(2 + 4, 2 + len(numbers) * (4 + 8), 4 + 8)
    begins = 2 + len(numbers) * (4 + 8) + 4
    cursor.execute(GROUPS.format(categories=categories))
    for first, last in _parts(cursor.fetchall()):
        copied = _Copied()
        boxes = PART_OF_BOXES.format(columns=columns, categories=categories, first=first, last=last)
        cursor.copy_expert(f"COPY ({boxes}) TO STDOUT (FORMAT binary)", copied)
        rows = copied.rows()
        yield Read([_numbers(rows, place) for place in places], rows, begins)


def _numbers(rows: Sequence[bytes], place: int) -> Sequence[int]:
    """The number of eight bytes that stands at one place of each row."""
    return struct.unpack(f">{len(rows)}q", b"".join([row[place : place + 8] for row in rows]))


def _parts(groups: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """The first and the last batch of each part: groups of batches until they hold what is read at once."""
    begins = ends = held = 0
    for first, last, ballots in groups:
        if held and held + ballots > BALLOTS_AT_ONCE:
            yield begins, ends
            held = 0
        begins, ends, held = begins if held else first, last, held + ballots
    if held:
        yield begins, ends


class _Copied:
    """Takes in what a COPY sends: one message a row, as PostgreSQL's protocol says, the signature before the first."""

    def __init__(self) -> None:
        self._messages: list[bytes] = []
        # The driver calls it for each message.
        self.write = self._messages.append

    def rows(self) -> list[bytes]:
        first, *others = self._messages
        rows = [first[SIGNATURE_LENGTH:], *others]
        return [row for row in rows[:-1] if row] if len(rows) > 1 else []


@dataclass(eq=False)
class _Question:
    """The boxes about one questionnaire: the properties that they share, and those that wait to be counted."""

    # The part of their first line that says what was asked.
    asked: bytes
    marks: tally.Marks
    indicators: tuple[int, ...]
    # The ballots of each box, and its columns.
    texts: list[bytes] = field(default_factory=list)
    boxes: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Where in a first line it stands, counted from the end.
        self.place = slice(-len(self.asked) - SALT_LENGTH, -SALT_LENGTH)
        # The question that the next box was asked, if all goes on as it did.
        self.then = self
        self.take, self.take_box = self.texts.append, self.boxes.append

    def count(self) -> list[tally.CellCount]:
        """The counts of all boxes together."""
        return tally.count_lines(b"\n".join(filter(None, self.texts)), self.marks, len(self.indicators))

    def count_each(self) -> Iterator[BoxCount]:
        """The counts of each box."""
        targets, ballots = zip(*self.boxes, strict=True)
        cells = tally.count_each(self.texts, self.marks, len(self.indicators))
        width = len(self.indicators) + 1
        # All lines are of one length, or they could not be counted.
        if list(map(len, self.texts)) != [count * width - 1 for count in ballots]:
            for text, count in zip(self.texts, ballots, strict=True):
                _check((len(text) + 1) // width, count)
        return zip(targets, repeat(self.indicators), cells, strict=False)

    def forget(self) -> None:
        """Make room for the next boxes."""
        self.texts.clear()
        self.boxes.clear()


class _Questions:
    """The questionnaires of a campaign by what a box says it was asked.

    A box's first line names its questionnaire, grades and indicators. Their meaning for the count is in the form
    of its poll; the forms of a campaign are frozen together, so the first box's serves for all that say the same.
    """

    def __init__(self, campaign: Campaign):
        self._campaign = campaign
        self._met: dict[bytes, _Question] = {}
        self._scales = Scales()
        self._batch: int | None = None
        self._sections: Sequence[Section] = ()
        # Of no box: no first line has the byte.
        self._latest = _Question(b"\n", tally.Marks(()), ())

    def part(self, read: Read, boxes: Iterable[tuple[int, ...]]) -> Iterator[_Question]:
        """Part boxes by question, and give each question with its boxes; `boxes` are their columns as far as they are wanted."""
        question = self._latest
        for row, box in zip(read.rows, boxes, strict=False):
            before, question = question, question.then
            head, _, text = row.partition(b"\n")
            # A look at the bytes where they must be. They are not there either where a number before the content holds
            # the byte of a line's end.
            if head[question.place] != question.asked:
                head, _, text = row[read.begins :].partition(b"\n")
                before.then = question = self._of(head)
            question.take(text)
            question.take_box(box)
        self._latest = question
        for question in self._met.values():
            if question.texts:
                yield question
                question.forget()

    def _of(self, head: bytes) -> _Question:
        _, begins, rest = head.partition(QUESTION_BEGINS)
        if not begins:
            raise _strange(head)
        asked = begins + rest[:-SALT_LENGTH]
        if asked not in self._met:
            section = self._section(head)
            indicators = tuple(indicator.id for indicator in section.indicators)
            self._met[asked] = _Question(
                asked, self._scales.marks(grade.is_in_base for grade in section.grades), indicators
            )
        return self._met[asked]

    def _section(self, head: bytes) -> Section:
        """The section that a first line is about, from the form of its poll."""
        try:
            held = json.loads(head)
            return next(
                section
                for section in self._sections_of(held["batch"])
                if all(held[name] == value for name, value in _asks(section).items())
            )
        except (AttributeError, KeyError, TypeError, ValueError, StopIteration, Poll.DoesNotExist):
            raise _strange(head) from None

    def _sections_of(self, batch: int) -> Sequence[Section]:
        """The sections that a batch's poll asks; boxes of a batch stand together."""
        if batch != self._batch:
            poll = Poll.objects.only("form").get(campaign=self._campaign, batches=batch)
            self._batch, self._sections = batch, poll.ballot_form.sections
        return self._sections


def _strange(head: bytes) -> tally.IdentityError:
    return tally.IdentityError(f"票箱的票头与评议表不符：{head.decode(errors='replace')}")


def _asks(section: Section) -> dict:
    return {
        "questionnaire": section.title,
        "grades": [grade.label for grade in section.grades],
        "indicators": [indicator.text for indicator in section.indicators],
    }
