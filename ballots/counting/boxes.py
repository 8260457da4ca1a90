"""Sealed boxes: the text that a digest covers, and the rows that boxes give (DESIGN 6)."""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable

from campaigns.ballot_form import BallotForm, Section
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
    return hashlib.sha256(content.encode()).hexdigest()


def box_sm3(content: str) -> str:
    """The SM3 digest (GB/T 32905-2016) that commercial cryptography is held to; empty where the platform has none."""
    try:
        return hashlib.new("sm3", content.encode()).hexdigest()
    except ValueError:
        return ""


def box_lines(box: SealedBox) -> list[str]:
    """The sections of marks in a box."""
    return box.content.split("\n")[1:]


def section_grades(section: Section) -> tuple[tally.CountedGrade, ...]:
    """The scale of a section as the count wants it."""
    return tuple(
        tally.CountedGrade(grade.label, grade.is_in_base, grade.is_positive, grade.score) for grade in section.grades
    )


def tally_rows(poll: Poll, form: BallotForm, boxes: list[SealedBox]) -> list[TallyRow]:
    """The rows that a poll's boxes give, voided batches left out; the same for a seal and for a recount."""
    groups = defaultdict(list)
    for box in boxes:
        if box.batch.state != Batch.State.VOID:
            groups[box.target_id, box.batch.channel, box.batch.category_id].append(box)
    rows = []
    for (target_id, channel, category_id), group in groups.items():
        section = form.section(target_id)
        lines = [line for box in group for line in box_lines(box)]
        cells = tally.count_sections(lines, section_grades(section), len(section.indicators))
        for indicator, cell in zip(section.indicators, cells, strict=True):
            if cell.total != len(lines):
                raise tally.IdentityError(f"“{section.name}”的“{indicator.text}”计数之和与有效票不符。")
            rows.append(
                TallyRow(
                    poll=poll,
                    target_id=target_id,
                    indicator_id=indicator.id,
                    channel=channel,
                    category_id=category_id,
                    valid_count=len(lines),
                    unknown_count=cell.unknown,
                    abstained_count=cell.abstained,
                    spoiled_count=cell.spoiled,
                    **{f"grade_{place}_count": count for place, count in enumerate(cell.grades, start=1)},
                )
            )
    return rows


def counts_by_key(rows: Iterable[TallyRow]) -> dict[tuple, tuple[int, ...]]:
    return {
        (row.target_id, row.indicator_id, row.channel, row.category_id): tuple(
            getattr(row, field) for field in COUNT_FIELDS
        )
        for row in rows
    }
