"""Counts sealed boxes again and compares them with what was written at the seal (DESIGN 6)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import add
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum
from django.db.models.expressions import RawSQL

from campaigns.models import Campaign, Poll, Target

from ..models import Batch, SealedBox, TallyRow
from . import tally
from .boxes import COUNT_FIELDS, BoxToCount, Scales, cell_counts, count_cells, frozen_sections, sha256_of, sm3_of
from .sealing import unsealed_by_poll
from .totals import count_total

POLLS_AT_ONCE = 500
# The columns of a poll and of a batch that a recount wants: to make a row of all would take as long as to count.
OF_POLL = ("campaign", "path", "names", "form")
OF_BATCH = ("poll", "channel", "category", "state", "issued_count", "returned_count", "void_count")
CELL_FIELDS = COUNT_FIELDS[1:]
ROW_FIELDS = ("poll_id", "target_id", "indicator_id", "channel", "category_id", *COUNT_FIELDS)


class HeldBox(NamedTuple):
    """The columns of a sealed box with its batch: a recount reads too many to make a model's row of each."""

    batch: Batch
    target_id: int
    # The content as its digests cover it.
    covered: bytes
    sha256: str
    sm3: str
    ballot_count: int

    @property
    def content(self) -> str:
        return self.covered.decode()

    def __str__(self) -> str:
        return f"{self.batch}·{Target.objects.get(pk=self.target_id)}"


@dataclass(frozen=True)
class Recount:
    """The outcome for one sealed poll's boxes: how many they are, their ballots, and what does not agree.

    It says which poll it is of by a few words: it may come from another process.
    """

    campaign_id: int
    path: str
    unit_name: str
    boxes: int
    valid: int
    void: int
    # A sentence for each disagreement; empty when all is well.
    problems: tuple[str, ...]
    # By indicator, what the boxes hold, in the order of CELL_FIELDS; none where they cannot be counted.
    cells: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    # The papers of the batches that count.
    sheets: tally.Sheets = field(default_factory=tally.Sheets)


def recount(poll: Poll) -> list[str]:
    """Count a sealed poll's boxes again; returns what does not agree, one sentence each, empty when all is well."""
    (recounted,) = recount_all(Poll.objects.filter(pk=poll.pk))
    return list(recounted.problems)


def recount_all(polls: QuerySet[Poll]) -> Iterator[Recount]:
    """Count the boxes of many sealed polls in their order, some hundred polls at a time with a handful of queries."""
    return chain.from_iterable(map(Recounter().recount, pieces_of(polls)))


def pieces_of(polls: QuerySet[Poll]) -> list[list[int]]:
    """The keys of polls in their order, as many together as are counted at once."""
    keys = list(polls.select_related(None).values_list("pk", flat=True))
    return [keys[first : first + POLLS_AT_ONCE] for first in range(0, len(keys), POLLS_AT_ONCE)]


class Recounter:
    """Counts the boxes of some hundred polls at a time, and remembers the scales that it met."""

    def __init__(self) -> None:
        self._scales = _CountedAhead()

    def recount(self, keys: Iterable[int]) -> list[Recount]:
        """The outcomes of the polls with these keys, in the order of the keys; of a poll that is gone none."""
        keys = list(keys)
        # A campaign is fetched once for all its polls; a sealed poll knows the name of its unit by itself.
        polls = Poll.objects.filter(pk__in=_keys(keys)).order_by().prefetch_related("campaign").only(*OF_POLL)
        there = {poll.pk: poll for poll in polls}
        return list(_recount_chunk({key: there[key] for key in keys if key in there}, self._scales)) if there else []


class _CountedAhead(Scales):
    """Counts the boxes of many polls at once, and gives each poll its own."""

    def __init__(self) -> None:
        super().__init__()
        self._cells: dict[tuple[int, int], tuple[tally.CellCount, ...]] = {}

    def look_at(self, boxes: Iterable[HeldBox]) -> None:
        """Count boxes ahead. A box that cannot be counted, or is about nothing that its poll asked, waits for its poll."""
        together: dict[tuple[tally.Marks, int], list[tuple[HeldBox, bytes]]] = defaultdict(list)
        for box, section in _with_sections(boxes):
            _, is_there, lines = box.covered.partition(b"\n")
            if lines or not is_there:
                together[self.marks_of(section), len(section["indicators"])].append((box, lines))
        self._cells = {}
        for (marks, cells), held in together.items():
            with suppress(tally.IdentityError):
                counted = tally.count_each([lines for _, lines in held], marks, cells)
                keys = ((box.batch.pk, box.target_id) for box, _ in held)
                self._cells.update(zip(keys, counted, strict=True))

    def count(self, box: BoxToCount, section: Mapping[str, Any]) -> Sequence[tally.CellCount]:
        return self._cells.get((box.batch.pk, box.target_id)) or super().count(box, section)


def _with_sections(boxes: Iterable[HeldBox]) -> Iterator[tuple[HeldBox, Mapping[str, Any]]]:
    """The boxes of batches that count with the sections that they are about."""
    for poll, of_poll in groupby(boxes, lambda box: box.batch.poll):
        sections = {section["id"]: section for section in frozen_sections(poll)}
        for box in of_poll:
            if box.batch.state != Batch.State.VOID and box.target_id in sections:
                yield box, sections[box.target_id]


def _recount_chunk(polls: dict[int, Poll], scales: _CountedAhead) -> Iterator[Recount]:
    batches, boxes = defaultdict(list), defaultdict(list)
    by_key = {}
    keys = _keys(polls)
    for batch in Batch.objects.filter(poll__in=keys).only(*OF_BATCH).order_by("pk"):
        batch.poll = polls[batch.poll_id]
        by_key[batch.pk] = batch
        batches[batch.poll_id].append(batch)
    # By the boxes' own columns: the models' order would join other tables for each poll.
    held = SealedBox.objects.filter(batch__poll__in=keys).order_by("batch_id", "target_id")
    columns = ("batch_id", "target_id", "content", "sha256", "sm3", "ballot_count")
    for batch_id, target_id, content, *others in held.values_list(*columns):
        batch = by_key[batch_id]
        boxes[batch.poll_id].append(HeldBox(batch, target_id, content.encode(), *others))
    scales.look_at(chain.from_iterable(boxes.values()))
    rows, unsealed = _written(keys), unsealed_by_poll(keys)
    for key, poll in polls.items():
        yield _recounted(poll, batches[key], boxes[key], rows[key], unsealed.get(key, 0), scales)


def _keys(polls: Iterable[int]) -> RawSQL:
    """The keys of polls as they stand in a statement: of a list Django would look at each key several times."""
    return RawSQL(",".join(map(str, map(int, polls))), ())  # noqa: S611  whole numbers


def _written(polls: RawSQL) -> dict[int, dict[tuple, tuple[int, ...]]]:
    """The counts that were written at the seal, by poll as `count_cells` gives them."""
    written: dict[int, dict[tuple, tuple[int, ...]]] = defaultdict(dict)
    rows = TallyRow.objects.filter(poll__in=polls).order_by()
    counts_begin = len(ROW_FIELDS) - len(COUNT_FIELDS)
    for row in rows.values_list(*ROW_FIELDS):
        written[row[0]][row[1:counts_begin]] = row[counts_begin:]
    return written


def _recounted(
    poll: Poll, batches: list[Batch], boxes: list[HeldBox], written: dict, unsealed: int, scales: Scales
) -> Recount:
    counting = {box.batch.pk: box.ballot_count for box in boxes if box.batch.state != Batch.State.VOID}
    void = {box.batch.pk: box.ballot_count for box in boxes if box.batch.state == Batch.State.VOID}
    counted, trouble = _counted(poll, boxes, scales)
    problems = _problems(poll, batches, boxes, unsealed)
    differing = [f"票箱不能重新计票：{trouble}"] if counted is None else _row_problems(poll, counted, written, batches)
    return Recount(
        campaign_id=poll.campaign_id,
        path=poll.path,
        unit_name=poll.unit_name,
        boxes=len(boxes),
        # A batch has one box a target, each with the same ballots cut up.
        valid=sum(counting.values()),
        void=sum(void.values()),
        problems=(*problems, *differing),
        cells=_by_indicator(counted or {}),
        sheets=sum(map(_sheets, batches), tally.Sheets()),
    )


def _sheets(batch: Batch) -> tally.Sheets:
    """The papers of a batch; none where it is void."""
    if batch.state == Batch.State.VOID:
        return tally.Sheets()
    return tally.Sheets(batch.issued_count or 0, batch.returned_count or 0, batch.void_count)


def _counted(poll: Poll, boxes: list[HeldBox], scales: Scales) -> tuple[dict | None, str]:
    """The counts that the boxes give; None, and why, where they cannot be counted."""
    try:
        return count_cells(poll, boxes, scales), ""
    except (tally.IdentityError, KeyError) as error:
        return None, str(error)


def _by_indicator(counted: Mapping[tuple, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """The counts of all targets, channels and categories together."""
    sums: dict[int, tuple[int, ...]] = {}
    for (_, indicator_id, _, _), counts in counted.items():
        so_far, counts = sums.get(indicator_id), counts[1:]
        sums[indicator_id] = tuple(map(add, so_far, counts)) if so_far else counts
    return sums


def _problems(poll: Poll, batches: list[Batch], boxes: list[HeldBox], unsealed: int) -> Iterator[str]:
    for box in boxes:
        yield from _box_problems(box)
    yield from _missing_boxes(poll, batches, boxes)
    if unsealed:
        yield f"封存之后又出现了{unsealed}张未封存的票。"


def _box_problems(box: HeldBox) -> list[str]:
    problems, ballots = [], box.covered.count(b"\n")
    if sha256_of(box.covered) != box.sha256:
        problems.append(f"票箱“{box}”的内容与封存时的SHA-256不符。")
    if box.sm3 and sm3_of(box.covered) not in (box.sm3, ""):
        problems.append(f"票箱“{box}”的内容与封存时的SM3不符。")
    head, poll = _head(box), box.batch.poll
    if head.get("batch") != box.batch.pk:
        problems.append(f"票箱“{box}”的票头不属于这个票批。")
    # Boxes sealed before the path was written in them have none.
    elif (head.get("unit"), head.get("path", poll.path)) != (poll.unit_name, poll.path):
        problems.append(f"票箱“{box}”的票头所写的单位及其上级，与这个评议点现在的不符。")
    if ballots != box.ballot_count:
        problems.append(f"票箱“{box}”应有{box.ballot_count}张票，实有{ballots}张。")
    if box.batch.state == Batch.State.CLOSED and box.ballot_count != box.batch.valid_count:
        problems.append(f"票箱“{box}”有{box.ballot_count}张票，与票批有效数{box.batch.valid_count}不符。")
    return problems


def _head(box: HeldBox) -> dict:
    """The first line of a box; empty where somebody broke it."""
    try:
        return dict(json.loads(box.covered.partition(b"\n")[0].decode()))
    except (TypeError, ValueError):
        return {}


def _missing_boxes(poll: Poll, batches: Iterable[Batch], boxes: list[HeldBox]) -> list[str]:
    there = {(box.batch.pk, box.target_id) for box in boxes}
    return [
        f"票批“{batch}”缺少“{section['name']}”的票箱。"
        for batch in batches
        for section in frozen_sections(poll)
        if section["indicators"] and (batch.pk, section["id"]) not in there
    ]


def _row_problems(poll: Poll, counted: dict, written: dict, batches: Iterable[Batch]) -> list[str]:
    """The rows that differ from the boxes, with both counts in the order of COUNT_FIELDS."""
    if counted == written:
        return []
    cells = {
        (section.id, indicator.id): f"{section.name}·{indicator.text}"
        for section in poll.ballot_form.sections
        for indicator in section.indicators
    }
    groups = {(batch.channel, batch.category_id): str(batch) for batch in batches}
    problems = []
    for key in sorted(counted.keys() | written.keys()):
        if counted.get(key) != written.get(key):
            where = f"{cells.get(key[:2], key[:2])}（{groups.get(key[2:], key[2:])}）"
            problems.append(
                f"{where}的计票结果与票箱不符：票箱为{counts_text(counted.get(key))}，结果为{counts_text(written.get(key))}。"
            )
    return problems


def counts_text(counts: tuple[int, ...] | None) -> str:
    return "/".join(map(str, counts)) if counts else "无"


def total_problems(campaign: Campaign) -> list[str]:
    """Where a campaign's boxes, laid end to end, do not give the sum of its polls' rows; one sentence an indicator."""
    try:
        counted = {key: cell_counts(cell) for key, cell in count_total(campaign).items()}
    except (tally.IdentityError, KeyError) as error:
        return [f"票箱不能合起来计票：{error}"]
    rows = TallyRow.objects.filter(poll__campaign=campaign).order_by().values_list("indicator_id", "indicator__text")
    problems, nothing = [], (0,) * len(CELL_FIELDS)
    for indicator_id, text, *sums in rows.annotate(**{f"sum_{name}": Sum(name) for name in CELL_FIELDS}):
        written = tuple(sums)
        if written != (boxes := counted.get(indicator_id, nothing)):
            problems.append(f"“{text}”各票箱合计为{counts_text(boxes)}，各评议点结果合计为{counts_text(written)}。")
    return problems
