"""Counts the sealed boxes of a whole campaign in one pass and in bounded memory (DESIGN 9)."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction

from campaigns.models import Campaign, Poll

from ..models import Batch, SealedBox
from . import tally
from .boxes import section_grades

BOXES_AT_ONCE = 2000


class BoxCount(NamedTuple):
    """The counts of one box: a cell for each indicator, whose keys stand beside."""

    batch_id: int
    target_id: int
    indicators: tuple[int, ...]
    cells: list[tally.CellCount]


def count_boxes(campaign: Campaign) -> Iterator[BoxCount]:
    """Count each box of a campaign, those of voided batches left out.

    Raises tally.IdentityError where a box does not hold what it says.
    """
    questions = _Questions(campaign)
    for batch_id, target_id, content, ballot_count in _contents(campaign):
        head, _, lines = content.partition("\n")
        question = questions.of(head, target_id)
        cells = tally.count_lines(lines.encode(), question.marks, len(question.indicators))
        _check(cells, ballot_count)
        yield BoxCount(batch_id, target_id, question.indicators, cells)


def count_total(campaign: Campaign) -> dict[int, tally.CellCount]:
    """The counts of a whole campaign by indicator, from thousands of boxes laid end to end and counted as one.

    Raises tally.IdentityError where boxes do not hold what they say.
    """
    questions = _Questions(campaign)
    totals: dict[int, tally.CellCount] = {}
    contents = _contents(campaign)
    while rows := list(islice(contents, BOXES_AT_ONCE)):
        laid: dict[_Question, list[str]] = defaultdict(list)
        expected: Counter[_Question] = Counter()
        for _, target_id, content, ballot_count in rows:
            head, _, lines = content.partition("\n")
            question = questions.of(head, target_id)
            if ballot_count:
                laid[question].append(lines)
            expected[question] += ballot_count
        for question, texts in laid.items():
            cells = tally.count_lines("\n".join(texts).encode(), question.marks, len(question.indicators))
            _check(cells, expected[question])
            for indicator, cell in zip(question.indicators, cells, strict=True):
                totals[indicator] = totals[indicator] + cell if indicator in totals else cell
    return totals


def _check(cells: list[tally.CellCount], ballot_count: int) -> None:
    if cells[0].total != ballot_count:
        raise tally.IdentityError(f"票箱应有{ballot_count}张票，实有{cells[0].total}张。")


def _contents(campaign: Campaign) -> Iterator[tuple]:
    # By way of its few categories: a look at each poll, with its form, would take as long as reading the boxes.
    categories = list(campaign.categories.values_list("pk", flat=True))
    boxes = SealedBox.objects.filter(batch__category__in=categories).exclude(batch__state=Batch.State.VOID)
    rows = boxes.order_by().values_list("batch_id", "target_id", "content", "ballot_count")
    # Outside a transaction PostgreSQL copies the whole result before it hands out the first row; on SQLite a transaction
    # would keep writers waiting.
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        yield from rows.iterator(chunk_size=BOXES_AT_ONCE)


@dataclass(frozen=True, eq=False)
class _Question:
    """The properties that the boxes about one questionnaire share."""

    marks: tally.Marks
    indicators: tuple[int, ...]


class _Questions:
    """The questionnaires of a campaign by what a box says it was asked.

    A box's first line names its questionnaire, grades and indicators. Their meaning for the count is in the form
    of its poll; the forms of a campaign are frozen together, so the first box's serves for all that say the same.
    """

    def __init__(self, campaign: Campaign):
        self._campaign = campaign
        self._found: dict[str, _Question] = {}

    def of(self, head: str, target_id: int) -> _Question:
        asked = head[head.find('"questionnaire":') : head.rfind(',"salt":')]
        question = self._found.get(asked)
        if question is None:
            question = self._found[asked] = self._read(asked, target_id)
        return question

    def _read(self, asked: str, target_id: int) -> _Question:
        poll = Poll.objects.get(campaign=self._campaign, targets=target_id)
        section = poll.ballot_form.section(target_id)
        expected = {
            "questionnaire": section.title,
            "grades": [grade.label for grade in section.grades],
            "indicators": [indicator.text for indicator in section.indicators],
        }
        if asked != json.dumps(expected, ensure_ascii=False, separators=(",", ":"))[1:-1]:
            raise tally.IdentityError(f"“{section.name}”的票箱的票头与评议表不符。")
        return _Question(
            marks=tally.Marks(section_grades(section)),
            indicators=tuple(indicator.id for indicator in section.indicators),
        )
