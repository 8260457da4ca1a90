"""Paper ballots counted, and keyed twice by two tellers who do not see each other; `comparing` settles and writes them.

Every deed on a batch as a whole takes the poll's lock, as casting and closing do. Saving a sheet takes only the lock of
its keying: while a batch is being keyed its poll cannot close, so no sheet comes too late.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from campaigns.ballot_form import BallotForm, InvalidMarks
from campaigns.models import Category, Poll
from campaigns.models.columns import max_length
from campaigns.models.states import StateError
from campaigns.ways import Refusal, way_to

from ..models import Batch, KeyedSheet, Keying, VoidSheets
from ..voting import casting

MAX_REASON_LENGTH = max_length(VoidSheets, "reason")
ROUNDS = (Keying.Round.FIRST, Keying.Round.SECOND)


class CannotKey(Refusal):
    """Sheets or totals that do not fit the batch; nothing was written. The message is for the teller."""


@dataclass(frozen=True)
class PaperSheet:
    """The contents of one sheet: marks, or the reason why it is invalid as a whole; opinions by target."""

    # Not shown in tracebacks, which end in logs.
    marks: str = field(default="", repr=False)
    void_reason: str = ""
    opinions: tuple[tuple[int, str], ...] = field(default=(), repr=False)


def count_sheets(
    batch: Batch,
    *,
    channel: str,
    category: Category,
    issued: int,
    returned: int,
    void_reasons: Sequence[tuple[str, int]],
    is_aggregated: bool,
) -> None:
    """Write what people counted of a paper batch before it is closed; `void_reasons` are the sheets set aside.

    Once the batch is agreed what was keyed stands: only the channel, the category and what was issued still change.
    Raises CannotKey where the numbers cannot be, StateError where the batch takes no more.
    """
    with transaction.atomic():
        fresh = locked_batch(batch)
        if returned > issued:
            raise CannotKey(
                f"收回{returned}张，多于发出{issued}张，请核对。确实如此的，本次测评无效：应作废票批，重新进行测评。",
                way=way_to("作废票批", "ballots:batch_void", batch.pk),
            )
        fresh.channel, fresh.category, fresh.issued_count = channel, category, issued
        if not fresh.is_agreed:
            _recount(fresh, returned, void_reasons, is_aggregated)
        elif returned != fresh.returned_count:
            raise CannotKey(
                "票已经录完并写定，收回数不能再改；确有错误的，作废票批，重新录入。",
                way=way_to("作废票批", "ballots:batch_void", batch.pk),
            )
        fresh.save()
    batch.refresh_from_db()


def _recount(batch: Batch, returned: int, void_reasons: Sequence[tuple[str, int]], is_aggregated: bool) -> None:
    void = sum(count for _, count in void_reasons)
    if void > returned:
        raise CannotKey(f"整票无效共{void}张，多于收回的{returned}张。")
    keyed = KeyedSheet.objects.filter(keying__batch=batch).aggregate(most=Max("number"))["most"] or 0
    if keyed > returned - void:
        raise CannotKey(f"已经录入{keyed}张，收回{returned}张减去整票无效{void}张只有{returned - void}张，请核对。")
    if is_aggregated != batch.is_aggregated and batch.keyings.exists():
        raise CannotKey(
            "已经开始录入，不能改变录入方式；要改，先放弃已录的内容。",
            way=way_to("录入", "ballots:batch_keying", batch.pk),
        )
    batch.returned_count, batch.void_count, batch.is_aggregated = returned, void, is_aggregated
    batch.void_sheets.all().delete()
    VoidSheets.objects.bulk_create(VoidSheets(batch=batch, reason=reason, count=n) for reason, n in void_reasons)


def sheets_to_key(batch: Batch) -> int:
    """How many sheets a teller has before them: the returned ones without those set aside as void."""
    return batch.valid_count


def refusal(batch: Batch) -> str:
    """Why a batch, with its poll, cannot be keyed now; empty when it can."""
    if batch.is_agreed:
        return "这个票批的票已经写定，不能再录入。"
    if not batch.poll.is_accepting or batch.state != Batch.State.OPEN:
        return "评议点已经截止或票批已经作废，不能再录入。"
    if batch.returned_count is None:
        return "还没有填写收回数，清点后填写才能录入。"
    return ""


def locked_batch(batch: Batch) -> Batch:
    """The batch as it is now, its poll locked and taking ballots; raises StateError."""
    poll = Poll.objects.select_for_update(of=["self"]).select_related("campaign").get(pk=batch.poll_id)
    fresh = Batch.objects.filter(pk=batch.pk).first()
    if fresh is None:
        raise StateError("票批已经随评议点退回筹备撤下。")
    fresh.poll = poll
    if not poll.is_accepting or fresh.state != Batch.State.OPEN:
        raise StateError("评议点已经截止或票批已经作废，不能再改动。")
    return fresh


def require_keying(batch: Batch) -> None:
    if reason := refusal(batch):
        raise StateError(reason)


def start(batch: Batch, *, by) -> Keying:
    """A teller's keying of a batch: the one they are at, else the first or the second; raises StateError.

    The same person keys a second time only where the campaign allows single keying, and then it counts as single.
    """
    with transaction.atomic():
        fresh = locked_batch(batch)
        require_keying(fresh)
        there = {keying.round: keying for keying in fresh.keyings.filter(round__in=ROUNDS)}
        own = [keying for keying in there.values() if keying.teller_id == by.pk]
        for keying in own:
            if not keying.is_finished:
                return keying
        free = [number for number in ROUNDS if number not in there]
        if not free:
            raise StateError("两遍录入都有人在录或已经录完。")
        if own and not fresh.poll.campaign.is_single_keying_allowed:
            raise StateError("您已经录过一遍。两遍须由两个人各录一遍，请另一位计票员录入。")
        return Keying.objects.create(batch=fresh, round=free[0], teller=by, is_repeat=bool(own))


def _locked_keying(keying: Keying) -> Keying:
    """The keying as it is now, locked, still being keyed, of a batch that may be keyed; raises StateError."""
    rows = Keying.objects.select_for_update(of=["self"]).select_related("batch__poll")
    fresh = rows.filter(pk=keying.pk).first()
    if fresh is None:
        raise StateError("这一遍录入已经放弃，请重新开始。")
    require_keying(fresh.batch)
    if fresh.is_finished:
        raise StateError("这一遍已经录完，不能再改；要改，请党务干事退回重录。")
    return fresh


def save_sheet(keying: Keying, *, number: int, sheet: PaperSheet) -> None:
    """Keep one sheet as keyed; the same sheet sent twice is kept once.

    Raises InvalidMarks where it does not fit the ballot, CannotKey where it is not the next one or one too many,
    StateError where the keying is over.
    """
    with transaction.atomic():
        fresh = _locked_keying(keying)
        batch = fresh.batch
        if batch.is_aggregated:
            raise CannotKey("这个票批只报总数，不逐张录入。")
        check_sheet(batch.poll.ballot_form, sheet)
        row = KeyedSheet(
            keying=fresh,
            number=number,
            marks=sheet.marks,
            void_reason=sheet.void_reason,
            opinions=[list(opinion) for opinion in sheet.opinions],
        )
        last = last_number(fresh)
        if number <= last:
            _require_same(row)
            return
        if number != last + 1:
            raise CannotKey(f"已经录到第{last}张，下一张应是第{last + 1}张。请刷新页面再录。")
        if number > sheets_to_key(batch):
            raise CannotKey(
                f"应录{sheets_to_key(batch)}张，已经录满，这一张没有收下。票确实多出来的，请先核对收回数。",
                way=way_to("清点的数字", "ballots:batch_edit", batch.pk),
            )
        row.save(force_insert=True)


def check_sheet(form: BallotForm, sheet: PaperSheet) -> None:
    """Raise InvalidMarks unless the sheet fits the ballot."""
    if len(sheet.void_reason) > MAX_REASON_LENGTH:
        raise InvalidMarks(f"整票无效的原因至多{MAX_REASON_LENGTH}字。")
    if not sheet.void_reason:
        form.check_marks(sheet.marks, allow_spoiled=True)
    for target_id, text in sheet.opinions:
        try:
            casting.check_opinion(form.section(target_id), text)
        except KeyError:
            raise InvalidMarks("意见栏不属于这张票。") from None


def _require_same(row: KeyedSheet) -> None:
    """The sheet was sent before: alike it is taken for done, different it is refused."""
    kept = KeyedSheet.objects.filter(keying_id=row.keying_id, number=row.number).first()
    if kept is None or (kept.marks, kept.void_reason, kept.opinions) != (row.marks, row.void_reason, row.opinions):
        raise CannotKey(f"第{row.number}张已经录过，与这次的内容不同，没有改动。请刷新页面再录。")


def last_number(keying: Keying) -> int:
    return keying.sheets.aggregate(last=Max("number"))["last"] or 0


def undo(keying: Keying, *, number: int) -> KeyedSheet:
    """Take back the last sheet, which must be this number, and return it to be keyed again."""
    with transaction.atomic():
        fresh = _locked_keying(keying)
        last = fresh.sheets.order_by("-number").first()
        if last is None or last.number != number:
            raise CannotKey("能撤回的只有最后一张，请刷新页面再试。")
        last.delete()
        return last


def finish(keying: Keying) -> None:
    """A teller is through the stack; raises CannotKey while sheets are missing."""
    with transaction.atomic():
        fresh = _locked_keying(keying)
        require_complete(fresh)
        fresh.finish()


def require_complete(keying: Keying) -> None:
    if keying.batch.is_aggregated:
        if keying.totals is None:
            raise CannotKey("还没有填写各项总数。")
        check_totals(keying.batch, keying.totals)
        return
    keyed, wanted = last_number(keying), sheets_to_key(keying.batch)
    if keyed != wanted:
        raise CannotKey(
            f"{keying.get_round_display()}录了{keyed}张，应录{wanted}张。请核对收回数，或接着录。",
            way=way_to("清点的数字", "ballots:batch_edit", keying.batch_id),
        )


def save_totals(keying: Keying, totals: list[list[int]]) -> None:
    """Keep the counts of each cell, in the order of a section's `symbols`, and finish; each cell's must sum to the valid sheets."""
    with transaction.atomic():
        fresh = _locked_keying(keying)
        if not fresh.batch.is_aggregated:
            raise CannotKey("这个票批逐张录入，不报总数。")
        check_totals(fresh.batch, totals)
        fresh.totals = totals
        fresh.save(update_fields=["totals"])
        fresh.finish()


def check_totals(batch: Batch, totals: list[list[int]]) -> None:
    sections = sections_of_cells(batch.poll.ballot_form)
    if [len(row) for row in totals] != [len(section.symbols) for section, _ in sections]:
        raise CannotKey("各项总数与票面的项目不符。")
    valid = batch.valid_count
    for row, (section, indicator) in zip(totals, sections, strict=True):
        if sum(row) != valid or min(row) < 0:
            raise CannotKey(f"“{section.name}”的“{indicator.text}”各档合计{sum(row)}，应等于有效票{valid}。")


def sections_of_cells(form: BallotForm) -> list[tuple]:
    """For each cell its section and indicator, in the order of the marks."""
    return [(section, indicator) for section in form.sections for indicator in section.indicators]


def reopen(keying: Keying) -> None:
    """Send a finished keying back to its teller; what was decided about differences is void then."""
    with transaction.atomic():
        fresh = locked_batch(keying.batch)
        require_keying(fresh)
        fresh.keyings.filter(round=Keying.Round.DECISION).delete()
        keying.reopen()


def discard_keying(keying: Keying) -> None:
    """Throw away a keying with all its sheets; the round is free again."""
    with transaction.atomic():
        fresh = locked_batch(keying.batch)
        require_keying(fresh)
        fresh.keyings.filter(round=Keying.Round.DECISION).delete()
        keying.delete()
