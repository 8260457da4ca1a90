"""Two keyings of a paper batch side by side: where they differ, what was decided, and the ballots once they agree."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from campaigns.ballot_form import BallotForm
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import Batch, KeyedSheet, Keying, VoidSheets
from ..voting import casting
from .keying import (
    CannotKey,
    PaperSheet,
    check_sheet,
    check_totals,
    locked_batch,
    require_complete,
    require_keying,
    sections_of_cells,
)


@dataclass(frozen=True)
class Difference:
    """A sheet, or a cell of the totals, that two tellers read differently.

    `number` is the sheet's number, or the cell's position from 1. Of a sheet `cells` are the positions from 0 in which
    the marks differ, empty where one of the two holds it for invalid as a whole.
    """

    number: int
    first: KeyedSheet | list[int] = field(repr=False)
    second: KeyedSheet | list[int] = field(repr=False)
    decided: KeyedSheet | list[int] | None = field(repr=False)
    cells: tuple[int, ...] = ()

    @property
    def is_about_validity(self) -> bool:
        first, second = self.first, self.second
        return isinstance(first, KeyedSheet) and isinstance(second, KeyedSheet) and first.is_void != second.is_void


@dataclass(frozen=True)
class KeyingComparison:
    """Two finished keyings side by side, or one alone where the campaign allows it."""

    batch: Batch
    keyings: tuple[Keying, ...]
    differences: tuple[Difference, ...]

    @property
    def undecided_count(self) -> int:
        return sum(difference.decided is None for difference in self.differences)

    @property
    def agreement(self) -> str:
        is_twice = len(self.keyings) == 2 and not any(keying.is_repeat for keying in self.keyings)
        return Batch.Agreement.TWICE if is_twice else Batch.Agreement.SINGLE


def compare_keyings(batch: Batch) -> KeyingComparison:
    """The agreement and the differences of a batch's finished keyings (with poll and campaign); raises StateError."""
    rounds = {keying.round: keying for keying in batch.keyings.select_related("teller")}
    decision = rounds.pop(Keying.Round.DECISION, None)
    keyings = tuple(rounds[number] for number in sorted(rounds))
    wanted = 1 if batch.poll.campaign.is_single_keying_allowed else 2
    if len(keyings) < wanted or not all(keying.is_finished for keying in keyings):
        raise StateError(
            "两遍都录完才能核对。" if wanted == 2 else "录完才能核对。",
            way=way_to("录入", "ballots:batch_keying", batch.pk),
        )
    for keying in keyings:
        keying.batch = batch
        try:
            require_complete(keying)
        except CannotKey as error:
            raise StateError(
                f"{error}收回数在录完之后改过，请退回重录。", way=way_to("退回重录", "ballots:batch_keying", batch.pk)
            ) from None
    if len(keyings) == 1:
        return KeyingComparison(batch, keyings, ())
    differing = _totals_differing if batch.is_aggregated else _sheets_differing
    first, second = keyings
    return KeyingComparison(batch, keyings, tuple(differing(first, second, decision)))


def _sheets_differing(first: Keying, second: Keying, decision: Keying | None) -> Iterable[Difference]:
    decided = {sheet.number: sheet for sheet in decision.sheets.all()} if decision else {}
    for mine, other in zip(first.sheets.all(), second.sheets.all(), strict=True):
        if mine.marks != other.marks:
            cells = enumerate(zip(mine.marks, other.marks, strict=False))
            differing = tuple(place for place, (left, right) in cells if left != right)
            yield Difference(mine.number, mine, other, decided.get(mine.number), differing)


def _totals_differing(first: Keying, second: Keying, decision: Keying | None) -> Iterable[Difference]:
    decided = (decision and decision.totals) or [None] * len(first.cell_counts)
    for place, (count, other) in enumerate(zip(first.cell_counts, second.cell_counts, strict=True)):
        if count != other:
            yield Difference(place + 1, count, other, decided[place])


def _decision(batch: Batch, number: int, by) -> tuple[Keying, Difference]:
    """The keying that holds what was decided, and the difference in question; its teller is who decided last."""
    comparison = compare_keyings(batch)
    matches = [difference for difference in comparison.differences if difference.number == number]
    if not matches:
        raise CannotKey(f"第{number}处两遍一致，不需要认定。")
    decision, _ = Keying.objects.update_or_create(batch=batch, round=Keying.Round.DECISION, defaults={"teller": by})
    return decision, matches[0]


def decide_sheet(batch: Batch, *, number: int, sheet: PaperSheet, by) -> None:
    """Record the true contents of a sheet that was keyed differently, as the paper has them; it may be done again."""
    with transaction.atomic():
        fresh = locked_batch(batch)
        require_keying(fresh)
        if fresh.is_aggregated:
            raise CannotKey("这个票批只报总数，没有逐张的票。")
        decision, _ = _decision(fresh, number, by)
        check_sheet(fresh.poll.ballot_form, sheet)
        KeyedSheet.objects.update_or_create(
            keying=decision, number=number, defaults={"marks": sheet.marks, "void_reason": sheet.void_reason}
        )


def decide_total(batch: Batch, *, number: int, counts: list[int], by) -> None:
    """Record the true counts of a cell of the totals; they must sum to the valid sheets."""
    with transaction.atomic():
        fresh = locked_batch(batch)
        require_keying(fresh)
        if not fresh.is_aggregated:
            raise CannotKey("这个票批逐张录入，不报总数。")
        decision, difference = _decision(fresh, number, by)
        cells = fresh.keyings.get(round=Keying.Round.FIRST).cell_counts
        # Checked as a whole, with this one cell in its place.
        check_totals(fresh, [counts if place == number - 1 else cell for place, cell in enumerate(cells)])
        totals = decision.totals or [None] * len(cells)
        totals[difference.number - 1] = counts
        decision.totals = totals
        decision.save(update_fields=["totals"])


def agree(batch: Batch, *, by) -> int:
    """Write the ballots of a batch whose keyings agree and delete the keyed sheets; returns how many were written.

    Raises StateError where it is not to be agreed now, or was already; CannotKey while differences are undecided.
    """
    with transaction.atomic():
        fresh = locked_batch(batch)
        require_keying(fresh)
        comparison = compare_keyings(fresh)
        if comparison.undecided_count:
            raise CannotKey(f"还有{comparison.undecided_count}处不一致没有认定。")
        form = fresh.poll.ballot_form
        if fresh.is_aggregated:
            marks, opinions = Counter(distribute(form, _final_totals(comparison), fresh.valid_count)), []
        else:
            sheets = _final_sheets(comparison)
            _add_void(fresh, Counter(sheet.void_reason for sheet in sheets if sheet.is_void))
            marks = Counter(sheet.marks for sheet in sheets if not sheet.is_void)
            opinions = _final_opinions(comparison)
        written = casting.record_ballots(
            batch=fresh, marks=marks.items(), opinions=opinions, agreement=comparison.agreement, by=by
        )
        fresh.keyings.filter(round=Keying.Round.DECISION).update(
            state=Keying.State.FINISHED, finished_at=timezone.now()
        )
        fresh.keyings.all().forget()
    batch.refresh_from_db()
    return written


def _final_sheets(comparison: KeyingComparison) -> list[KeyedSheet]:
    decided = {row.number: row.decided for row in comparison.differences if isinstance(row.decided, KeyedSheet)}
    return [decided.get(sheet.number, sheet) for sheet in comparison.keyings[0].sheets.all()]


def _final_totals(comparison: KeyingComparison) -> list[list[int]]:
    totals = list(comparison.keyings[0].cell_counts)
    for difference in comparison.differences:
        if isinstance(difference.decided, list):
            totals[difference.number - 1] = difference.decided
    return totals


def _final_opinions(comparison: KeyingComparison) -> list[casting.OpinionText]:
    """Every opinion that somebody keyed; of two readings of the same one the first."""
    opinions: dict[tuple[int, int], str] = {}
    for keying in comparison.keyings:
        for sheet in keying.sheets.all():
            for target_id, text in sheet.opinions:
                opinions.setdefault((sheet.number, target_id), text)
    return [casting.OpinionText(target_id, text) for (_, target_id), text in opinions.items()]


def _add_void(batch: Batch, reasons: Mapping[str, int]) -> None:
    """Count sheets that turned out void while they were keyed along with those set aside before."""
    for reason, count in reasons.items():
        row = VoidSheets.objects.filter(batch=batch, reason=reason).first() or VoidSheets(batch=batch, reason=reason)
        row.count = (row.count or 0) + count
        row.save()
    batch.void_count += sum(reasons.values())
    batch.save(update_fields=["void_count"])


def distribute(form: BallotForm, totals: Sequence[Sequence[int]], count: int) -> list[str]:
    """Ballots that give each cell its counts. Which marks stand together on one is chance: totals do not say it."""
    columns = []
    for row, (section, _) in zip(totals, sections_of_cells(form), strict=True):
        column = [mark for mark, number in zip(section.symbols, row, strict=True) for _ in range(number)]
        secrets.SystemRandom().shuffle(column)
        columns.append(column)
    return ["".join(marks) for marks in zip(*columns, strict=True)] if count else []
