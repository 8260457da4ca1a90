"""Closing a poll: numbers are reconciled and fixed, unused codes voided (DESIGN 5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from campaigns.models import Poll
from campaigns.models.states import StateError

from ..models import Batch
from ..voting.codes import lock_polls, void_unused
from . import tally
from .reconciling import attendance_problems
from .sealing import ballots_of, collected

# The same whichever of the numbers it is, and by however much: else the ballots could be counted by trying.
MISMATCH = (
    "填写的数与收到的票不能同时成立：收回的测评票多于发出的测评票，或者多于参评人数。请核对发出数和人数；"
    "确实无误的，本次测评无效，应作废票批，重新进行测评。收票期间不说明是哪一个票批，也不说明差多少。"
)
TAMPERED_WITH = "收到的票数与用去的选票码数不一致，票箱可能被动过，请报告系统管理员。"
# The states of a poll in which its batches can be taken out; before it opens it has those alone that share another's slips.
VOIDABLE = (Poll.State.PREPARING, Poll.State.OPEN, Poll.State.CLOSED)
UNAGREED = "纸质票还没有录完并核对一致，请先完成录入和核对，再截止。"


class CannotClose(Exception):
    """Numbers that do not reconcile; nothing was written.

    `problems` has one Chinese sentence each; `general` those about people, `by_batch` those of each batch by its key.
    """

    def __init__(self, general: list[str], by_batch: Mapping[Batch, list[str]]):
        of_batches = [f"“{batch}”：{problem}" for batch, problems in by_batch.items() for problem in problems]
        self.problems = of_batches + general
        self.general = general
        self.by_batch = {batch.pk: problems for batch, problems in by_batch.items()}
        super().__init__("；".join(self.problems))


@dataclass(frozen=True)
class BatchFacts:
    """The numbers that a person counted of one batch: papers handed out, invalid as a whole, and filled in by a helper.

    For phone batches `returned` is None: the ballots taken give it, and likewise where nobody counted what was
    handed out (`issued` None). For paper it is the number taken out of the box.
    """

    issued: int | None
    returned: int | None = None
    void: int = 0
    assisted: int = 0


def check(poll: Poll, *, attended: int | None, facts: Mapping[int, BatchFacts]) -> None:
    """Raise CannotClose with everything in the numbers that does not fit by itself.

    No ballot that came by phone is looked at, so anybody may ask as often as they like.
    """
    _check(poll, attended, facts, list(poll.batches.counting().select_related("category")))


def close(poll: Poll, *, by, attended: int | None, facts: Mapping[int, BatchFacts]) -> None:
    """Close a poll for ballots: void what was not used, reconcile the numbers and fix them.

    `facts` has the key of each batch that is not voided. Raises CannotClose with what does not fit, or StateError; then the
    poll stays open and nothing is changed. The ballots that came by phone are held against the numbers last of all, when
    nothing else stands in the way of closing: whoever wants to know how many they are has closed the poll.
    """
    with transaction.atomic():
        # Casts hold the same lock: each is counted below, or finds the poll closed.
        locked = Poll.objects.select_for_update().get(pk=poll.pk)
        if locked.state != Poll.State.OPEN:
            raise StateError(f"“{locked.unit_name}”的评议点现为“{locked.get_state_display()}”，不能截止。")
        batches = list(locked.batches.counting().select_related("category"))
        _check(locked, attended, facts, batches)
        counted = _counted(batches, facts)
        if attendance_problems(locked, attended, batches) or any(issued < returned for issued, returned in counted):
            raise CannotClose([MISMATCH], {batch: [] for batch in batches})
        for batch, (issued, returned) in zip(batches, counted, strict=True):
            told = facts[batch.pk]
            unused = void_unused(batch)
            batch.close(issued=issued, returned=returned, void=told.void, unused=unused, assisted=told.assisted)
        locked.attended_count = attended
        locked.save(update_fields=["attended_count"])
        locked.close(by=by)
    poll.refresh_from_db()


def _check(poll: Poll, attended: int | None, facts: Mapping[int, BatchFacts], batches: list[Batch]) -> None:
    by_batch = {batch: _own_problems(batch, facts.get(batch.pk)) for batch in batches}
    paper = [batch for batch in batches if batch.is_paper and not by_batch[batch]]
    for batch in paper:
        batch.returned_count = facts[batch.pk].returned
    general = attendance_problems(poll, attended, paper)
    if general or any(by_batch.values()):
        raise CannotClose(general, by_batch)


def _counted(batches: list[Batch], facts: Mapping[int, BatchFacts]) -> list[tuple[int, int]]:
    """The issued and returned ballots of each batch; raises CannotClose where more or less are in than rights were spent."""
    taken = {batch: ballots_of(batch) for batch in batches}
    broken = {batch: [] if batch.is_paper or taken[batch] == collected(batch) else [TAMPERED_WITH] for batch in batches}
    if any(broken.values()):
        raise CannotClose([], broken)
    counted = []
    for batch in batches:
        issued, returned = facts[batch.pk].issued, facts[batch.pk].returned
        batch.returned_count = taken[batch] if returned is None else returned
        counted.append((batch.returned_count if issued is None else issued, batch.returned_count))
    return counted


def _own_problems(batch: Batch, facts: BatchFacts | None) -> list[str]:
    """The contradictions within the numbers of one batch, which its tellers know anyway."""
    if facts is None:
        return ["没有填写发出数。"]
    return _paper_problems(batch, facts, ballots_of(batch)) if batch.is_paper else _phone_problems(batch, facts)


def _paper_problems(batch: Batch, facts: BatchFacts, entered: int) -> list[str]:
    if facts.issued is None or facts.returned is None:
        return ["纸质票须填写发出数和收回数。"]
    problems = tally.Sheets(issued=facts.issued, returned=facts.returned, void=facts.void).problems()
    if not batch.is_agreed and (facts.returned != facts.void or batch.keyings.exists()):
        problems.append(UNAGREED)
    elif facts.assisted > facts.returned:
        problems.append(f"代填{facts.assisted}张，多于收回的{facts.returned}张。")
    elif facts.returned - facts.void != entered:
        problems.append(
            f"收回{facts.returned}张、整票无效{facts.void}张，应录入{facts.returned - facts.void}张，实际录入{entered}张。"
        )
    return problems


def _phone_problems(batch: Batch, facts: BatchFacts) -> list[str]:
    problems = []
    if facts.returned is not None or facts.void:
        problems.append("手机投票的收回数由系统计数，不能填写，也没有整票无效。")
    # Held against what was handed out, never against the ballots: else these could be counted by trying.
    if facts.assisted and facts.issued is None:
        problems.append("填了代填的张数，请把发出数也填上。")
    elif facts.issued is not None and facts.assisted > facts.issued:
        problems.append(f"代填{facts.assisted}张，多于发出的{facts.issued}张。")
    if facts.issued is not None and facts.issued > batch.printed_count:
        problems.append(f"发出{facts.issued}张，多于制作的{batch.printed_count}张。")
    return problems


def void_batch(
    batch: Batch, *, by, reason: str, issued: int | None = None, returned: int | None = None, with_tied: bool = False
) -> None:
    """Take a batch out of the count before the poll is sealed; its unused codes go, its ballots stay for the record.

    `issued` and `returned` are what people counted, kept as they are even where they cannot be true (scenario C13);
    without them an open batch keeps what the system took, a closed one what was fixed at closing. The batches that share
    its slips go `with_tied` it as far as they still may, and stay without: a slip is then good for their forms alone.
    """
    with transaction.atomic():
        tied = batches_beside(batch) if with_tied else []
        lock_polls([batch, *tied])
        _void(batch, by=by, reason=reason, issued=issued, returned=returned)
        for other in tied:
            _void(other, by=by, reason=reason)


def batches_beside(batch: Batch) -> list[Batch]:
    """The batches tied to one by a shared slip that may still be voided."""
    tied = batch.sharing_slip().exclude(pk=batch.pk).exclude(state=Batch.State.VOID)
    return list(tied.filter(poll__state__in=VOIDABLE).select_related("poll__campaign"))


def _void(batch: Batch, *, by, reason: str, issued: int | None = None, returned: int | None = None) -> None:
    """Void a batch whose poll is locked; in a poll not open yet, which took no ballot, it goes altogether."""
    poll = Poll.objects.get(pk=batch.poll_id)
    if poll.state not in VOIDABLE:
        raise StateError(f"评议点现为“{poll.get_state_display()}”，不能作废票批。")
    batch.refresh_from_db()
    if batch.state == Batch.State.VOID:
        raise StateError("这个票批已经作废。")
    if poll.state == Poll.State.PREPARING:
        void_unused(batch)
        batch.delete()
        return
    if batch.state == Batch.State.OPEN:
        batch.returned_count = collected(batch)
        batch.unused_count = void_unused(batch)
    batch.issued_count = batch.issued_count if issued is None else issued
    batch.returned_count = batch.returned_count if returned is None else returned
    batch.void_count = min(batch.void_count, batch.returned_count or 0)
    batch.assisted_count = min(batch.assisted_count, batch.issued_count or 0)
    batch.save(update_fields=["unused_count", "issued_count", "returned_count", "void_count", "assisted_count"])
    batch.void(by=by, reason=reason)
