"""The answers outside the base, grade by grade.

A tally row counts 不了解, 没有接触 and the like together; where a scale has several of them, the sealed boxes tell each
apart (DESIGN 6). Only the boxes of such scales are read.
"""

from collections.abc import Collection, Iterable, Mapping
from operator import add

from ballots.counting import tally
from ballots.counting.boxes import box_lines
from ballots.models import Batch, SealedBox, TallyRow
from campaigns.ballot_form import FormGrade, Section

# Target, indicator, channel and category: the place of a tally row.
Place = tuple[int, int, str, int]
BOXES_AT_ONCE = 2000


def counts_outside(sections: Iterable[Section]) -> dict[Place, tuple[int, ...]]:
    """How often each grade outside the base was marked, in the scale's order, by tally row.

    Nothing for a scale with fewer than two of them, and nothing of a poll with a box that cannot be counted, which a
    recount names.
    """
    several = {section.id: section for section in sections if len(_outside(section.grades)) > 1}
    counts: dict[Place, tuple[int, ...]] = {}
    poll_of: dict[Place, int] = {}
    broken: set[int] = set()
    keys = sorted(several)
    for start in range(0, len(keys), BOXES_AT_ONCE):
        boxes = SealedBox.objects.filter(target__in=keys[start : start + BOXES_AT_ONCE])
        for box in boxes.exclude(batch__state=Batch.State.VOID).select_related("batch").order_by("pk"):
            section = several[box.target_id]
            try:
                cells = _counted(section, box_lines(box))
            except tally.IdentityError:
                broken.add(box.batch.poll_id)
                continue
            for indicator, counted in zip(section.indicators, cells, strict=True):
                place = (box.target_id, indicator.id, box.batch.channel, box.batch.category_id)
                counts[place] = _sum((counts.get(place, ()), counted))
                poll_of[place] = box.batch.poll_id
    return {place: counted for place, counted in counts.items() if poll_of[place] not in broken}


def outside_of(
    rows: Collection[TallyRow], counts: Mapping[Place, tuple[int, ...]], grades: Iterable[tally.CountedGrade]
) -> tuple[int, ...]:
    """The sum over some tally rows of one cell; empty where they were not counted grade by grade."""
    if not rows:
        return tuple(0 for grade in grades if not grade.is_in_base)
    return _sum(counts.get((row.target_id, row.indicator_id, row.channel, row.category_id), ()) for row in rows)


def _counted(section: Section, lines: list[str]) -> list[tuple[int, ...]]:
    """For each indicator the marks of each grade outside the base: all grades are counted as if they were in it."""
    grades, outside = [tally.CountedGrade(grade.label) for grade in section.grades], _outside(section.grades)
    cells = tally.count_sections(lines, grades, len(section.indicators))
    return [tuple(cell.grades[place] for place in outside) for cell in cells]


def _outside(grades: tuple[FormGrade, ...]) -> list[int]:
    return [place for place, grade in enumerate(grades) if not grade.is_in_base]


def _sum(counts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    total: tuple[int, ...] = ()
    for counted in counts:
        total = tuple(map(add, total, counted)) if total else counted
    return total
