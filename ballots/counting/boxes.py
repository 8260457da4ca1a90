"""Sealed boxes: the text that a digest covers, and the rows that boxes give (DESIGN 6)."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from operator import add
from typing import Any, Protocol

from campaigns.ballot_form import Section
from campaigns.library import MOST_GRADES
from campaigns.models import Poll

from ..models import Batch, SealedBox, TallyRow
from . import tally

COUNT_FIELDS = (
    "valid_count",
    "grade_1_count",
    "grade_2_count",
    "grade_3_count",
    "grade_4_count",
    "grade_5_count",
    "grade_6_count",
    "grade_7_count",
    "unknown_count",
    "abstained_count",
    "spoiled_count",
)
NO_MORE_GRADES = (0,) * MOST_GRADES


def _sm3_of_nothing():
    """The beginning of every SM3 digest; None where the platform has none."""
    try:
        return hashlib.new("sm3")
    except ValueError:
        return None


# Found by its name once: that takes a fifth of the time that the digest of a box does.
_SM3 = _sm3_of_nothing()


def box_text(batch: Batch, section: Section, lines: list[str]) -> str:
    """The text that the digest covers: what was asked of whom on the first line, then one ballot's section a line."""
    head = {
        "format": "pingyi-box/1",
        "campaign": batch.poll.campaign.title,
        "unit": batch.poll.unit_name,
        # The digest also covers the place in the tree, by which results are added up.
        "path": batch.poll.path,
        "channel": batch.channel,
        "category": batch.category.name,
        "batch": batch.pk,
        "target": section.name,
        "questionnaire": section.title,
        "grades": [grade.label for grade in section.grades],
        "indicators": [indicator.text for indicator in section.indicators],
        # Only the counts of each cell were known: which marks stand on one line together is chance.
        **({"aggregated": True} if batch.is_aggregated else {}),
        # The digest is printed on the count sheet; without this a small box could be guessed until it fits.
        "salt": secrets.token_hex(16),
    }
    return "\n".join([json.dumps(head, ensure_ascii=False, separators=(",", ":")), *lines])


def box_digest(content: str) -> str:
    return sha256_of(content.encode())


def box_sm3(content: str) -> str:
    return sm3_of(content.encode())


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sm3_of(content: bytes) -> str:
    """The SM3 digest (GB/T 32905-2016) that commercial cryptography is held to; empty where the platform has none."""
    if _SM3 is None:
        return ""
    digest = _SM3.copy()
    digest.update(content)
    return digest.hexdigest()


def box_lines(box: SealedBox) -> list[str]:
    """The sections of marks in a box."""
    return box.content.split("\n")[1:]


def section_grades(section: Section) -> tuple[tally.CountedGrade, ...]:
    """The scale of a section as the count wants it."""
    return tuple(
        tally.CountedGrade(grade.label, grade.is_in_base, grade.is_positive, grade.score) for grade in section.grades
    )


class _Counts(dict[tally.CellCount, tuple[int, ...]]):
    """Cells in the order of COUNT_FIELDS, remembered: where most people agree, the same occur again and again."""

    REMEMBERED = 20_000

    def __missing__(self, cell: tally.CellCount) -> tuple[int, ...]:
        counts = cell.total, *cell_counts(cell)
        if len(self) < self.REMEMBERED:
            self[cell] = counts
        return counts


class Scales:
    """The marks of the scales that boxes were met with, each made once; not kept longer than the boxes are looked at."""

    def __init__(self) -> None:
        self.counts = _Counts()
        # By the grades that count in the base: the marks know no more of a grade.
        self._marks: dict[tuple[bool, ...], tally.Marks] = {}

    def marks(self, in_base: Iterable[bool]) -> tally.Marks:
        """The marks of a scale by whether each of its grades counts in the base."""
        key = tuple(in_base)
        marks = self._marks.get(key)
        if marks is None:
            marks = self._marks[key] = tally.Marks([tally.CountedGrade("", is_in_base) for is_in_base in key])
        return marks

    def count(self, box: "BoxToCount", section: Mapping[str, Any]) -> Sequence[tally.CellCount]:
        """The counts of a box about a section of a frozen form."""
        _, is_there, lines = box.content.partition("\n")
        if is_there and not lines:
            raise tally.wrong_length("", len(section["indicators"]))
        return tally.count_lines(lines.encode(), self.marks_of(section), len(section["indicators"]))

    def marks_of(self, section: Mapping[str, Any]) -> tally.Marks:
        return self.marks([grade["in_base"] for grade in section["grades"]])


def frozen_sections(poll: Poll) -> list[dict[str, Any]]:
    """The sections of a poll's frozen form as they are stored, which a recount reads by the hundred thousand."""
    return poll.form["sections"] if poll.form else []


class BoxToCount(Protocol):
    """The properties of a box by which it is counted."""

    @property
    def batch(self) -> Batch: ...
    @property
    def target_id(self) -> int: ...
    @property
    def content(self) -> str: ...


def count_cells(poll: Poll, boxes: Iterable[BoxToCount], scales: Scales) -> dict[tuple, tuple[int, ...]]:
    """The counts that a poll's boxes give in the order of COUNT_FIELDS, by target, indicator, channel and category.

    Voided batches are left out. Raises IdentityError on a section that does not fit its scale, KeyError on a box about a
    target that the poll's form does not name.
    """
    counted: dict[tuple, tuple[int, ...]] = {}
    sections = {section["id"]: section for section in frozen_sections(poll)}
    for box in boxes:
        batch = box.batch
        if batch.state == Batch.State.VOID:
            continue
        section, channel, category = sections[box.target_id], batch.channel, batch.category_id
        cells = scales.count(box, section)
        for indicator, cell in zip(section["indicators"], cells, strict=True):
            key = box.target_id, indicator["id"], channel, category
            counts = scales.counts[cell]
            counted[key] = tuple(map(add, counted[key], counts)) if key in counted else counts
    return counted


def cell_counts(cell: tally.CellCount) -> tuple[int, ...]:
    """A cell in the order of COUNT_FIELDS without its first; a scale has up to seven grades in the base."""
    grades, unknown, abstained, spoiled = cell
    return (*grades, *NO_MORE_GRADES[len(grades) :], unknown, abstained, spoiled)


def tally_rows(poll: Poll, boxes: Iterable[SealedBox]) -> list[TallyRow]:
    """The rows that a poll's boxes give; raises IdentityError as `count_cells` does."""
    return [
        TallyRow(
            poll=poll,
            target_id=target_id,
            indicator_id=indicator_id,
            channel=channel,
            category_id=category_id,
            **dict(zip(COUNT_FIELDS, counts, strict=True)),
        )
        for (target_id, indicator_id, channel, category_id), counts in count_cells(poll, boxes, Scales()).items()
    ]
