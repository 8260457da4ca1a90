"""Closing and sealing: the one reader of ballots (DESIGN 5 and 6)."""

import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.db.models import Count

from campaigns.ballot_form import BallotForm
from campaigns.models import Campaign, Channel, Poll
from campaigns.models.poll import StateError

from . import tally
from .boxes import box_digest, box_text, tally_rows
from .codes import void_unused
from .keying import forget
from .models import Ballot, Batch, Code, KeyedSheet, Keying, Opinion, Receipt, SealedBox, TallyRow, random_key

logger = logging.getLogger(__name__)

# Written anew in well under a second.
REWRITTEN_BYTES = 64 * 1024 * 1024
REWRITE_WAIT = "1s"
UNAGREED = "纸质票还没有录完并核对一致，请先完成录入和核对，再截止。"


class CannotClose(Exception):
    """Numbers that do not reconcile; nothing was written.

    `problems` has one Chinese sentence each; `general` those about people, `by_batch` those of each batch by its key.
    """

    def __init__(self, general: list[str], by_batch: Mapping[Batch, list[str]]):
        of_batches = [f"“{batch}”：{problem}" for batch, found in by_batch.items() for problem in found]
        self.problems = of_batches + general
        self.general = general
        self.by_batch = {batch.pk: found for batch, found in by_batch.items()}
        super().__init__("；".join(self.problems))


class CannotSeal(Exception):
    """Polls whose identities are broken; `problems` has one Chinese sentence each. The others were sealed."""

    def __init__(self, problems: list[str], sealed: int):
        super().__init__("；".join(problems))
        self.problems = problems
        self.sealed = sealed


@dataclass(frozen=True)
class BatchFacts:
    """What a person counted of one batch: papers handed out, and invalid as a whole.

    For phone batches `returned` is None: the ballots taken say it; so they do where nobody counted what was handed
    out (`issued` None). For paper it is what was taken out of the box.
    """

    issued: int | None
    returned: int | None = None
    void: int = 0


def collected(batch: Batch) -> int:
    """How many ballots of a batch are in: turnout. A phone batch tells it by its spent rights alone, paper by hand."""
    return collected_by_batch([batch])[batch.pk]


def collected_by_batch(batches: Iterable[Batch]) -> dict[int, int]:
    """`collected` of many batches, by key, in two queries."""
    batches = list(batches)
    found = {}
    for model, is_unspent in ((Code, True), (Ballot, False)):
        wanted = [batch for batch in batches if batch.is_paper != is_unspent]
        counts = dict(
            model.objects.filter(batch__in=wanted).order_by().values_list("batch").annotate(number=Count("pk"))
        )
        for batch in wanted:
            number = counts.get(batch.pk, 0)
            if is_unspent:
                found[batch.pk] = batch.printed_count - number
            else:
                found[batch.pk] = number if batch.returned_count is None else batch.returned_count
    return found


def close(poll: Poll, *, by, attended: int | None, facts: Mapping[int, BatchFacts]) -> None:
    """Close a poll for ballots: void what was not used, reconcile the numbers and fix them.

    `facts` has the key of each batch that is not voided. Raises CannotClose with everything that does not fit, or
    StateError; then the poll stays open and nothing is changed.
    """
    with transaction.atomic():
        # Casts hold the same lock: each is counted below, or finds the poll closed.
        locked = Poll.objects.select_for_update().get(pk=poll.pk)
        if locked.state != Poll.State.OPEN:
            raise StateError(f"“{locked.organization}”的评议点现为“{locked.get_state_display()}”，不能截止。")
        batches = list(locked.batches.counting().select_related("category"))
        by_batch = {batch: _close_batch(batch, facts.get(batch.pk)) for batch in batches}
        general = _attendance_problems(locked, attended, [batch for batch in batches if not by_batch[batch]])
        if general or any(by_batch.values()):
            raise CannotClose(general, by_batch)
        locked.attended_count = attended
        locked.save(update_fields=["attended_count"])
        locked.close(by=by)
    poll.refresh_from_db()


def _attendance_problems(poll: Poll, attended: int | None, batches: list[Batch]) -> list[str]:
    """What does not fit between people and papers; `batches` have their numbers."""
    base, problems = poll.campaign.base, []
    if attended is not None and poll.entitled_count is not None and attended > poll.entitled_count:
        problems.append(f"实际参评人数{attended}多于应参评人数{poll.entitled_count}，请核对。")
    # Each person present hands in one ballot: whoever got paper got no code. More may have been handed out than that.
    handed_in = sum(batch.returned_count for batch in batches if batch.channel == Channel.MEETING)
    if attended is not None and handed_in > attended:
        problems.append(f"集中评议收回的票多于实际参评人数{attended}。领了纸质票的人不能再领选票码，请核对人数或票数。")
    if attended is None and base == Campaign.Base.ATTENDED:
        problems.append("本次评议以实到人数为分母，请填写实际参评人数。")
    if poll.entitled_count is None and base == Campaign.Base.ENTITLED:
        problems.append("本次评议以全体应参评人员为分母，请填写应参评人数。")
    # A rate over people cannot stand on more ballots than people.
    people = {Campaign.Base.ATTENDED: attended, Campaign.Base.ENTITLED: poll.entitled_count}.get(base)
    if people is not None and sum(batch.returned_count for batch in batches) > people:
        problems.append(f"收回的票多于作分母的{poll.campaign.get_base_display()}{people}人，请核对人数。")
    return problems


def _close_batch(batch: Batch, facts: BatchFacts | None) -> list[str]:
    """Fix one batch's numbers, or say what does not fit."""
    if facts is None:
        return ["没有填写发出数。"]
    ballots = Ballot.objects.filter(batch=batch).count()
    problems = _paper_problems(batch, facts, ballots) if batch.is_paper else _phone_problems(batch, facts, ballots)
    if problems:
        return problems
    returned = ballots if facts.returned is None else facts.returned
    issued = returned if facts.issued is None else facts.issued
    batch.close(issued=issued, returned=returned, void=facts.void, unused=void_unused(batch))
    return []


def _paper_problems(batch: Batch, facts: BatchFacts, entered: int) -> list[str]:
    if facts.issued is None or facts.returned is None:
        return ["纸质票须填写发出数和收回数。"]
    problems = tally.Sheets(issued=facts.issued, returned=facts.returned, void=facts.void).problems()
    if not batch.is_agreed and (facts.returned != facts.void or batch.keyings.exists()):
        problems.append(UNAGREED)
    elif facts.returned - facts.void != entered:
        problems.append(
            f"收回{facts.returned}张、整票无效{facts.void}张，应录入{facts.returned - facts.void}张，实际录入{entered}张。"
        )
    return problems


def _phone_problems(batch: Batch, facts: BatchFacts, ballots: int) -> list[str]:
    """The sentences do not say how many ballots are in: that is told only after the closing."""
    problems = []
    if facts.returned is not None or facts.void:
        problems.append("手机投票的收回数由系统计数，不能填写，也没有整票无效。")
    if facts.issued is not None and ballots > facts.issued:
        problems.append(
            f"收回的测评票多于发出的测评票（发出{facts.issued}），请核对发出数；"
            "发出数确实无误的，本次测评无效，应作废票批，重新进行测评。"
        )
    if facts.issued is not None and facts.issued > batch.printed_count:
        problems.append(f"发出{facts.issued}张，多于制作的{batch.printed_count}张。")
    if ballots != collected(batch):
        problems.append("收到的票数与用去的选票码数不一致，票箱可能被动过，请报告系统管理员。")
    return problems


def void_batch(batch: Batch, *, by, reason: str, issued: int | None = None, returned: int | None = None) -> None:
    """Take a batch out of the count before the poll is sealed; its unused codes go, its ballots stay for the record.

    `issued` and `returned` are what people counted, kept as they are even where they cannot be true (scenario C13);
    without them an open batch keeps what the system took, a closed one what was fixed at closing.
    """
    with transaction.atomic():
        poll = Poll.objects.select_for_update().get(pk=batch.poll_id)
        if poll.state not in (Poll.State.OPEN, Poll.State.CLOSED):
            raise StateError(f"评议点现为“{poll.get_state_display()}”，不能作废票批。")
        batch.refresh_from_db()
        if batch.state == Batch.State.VOID:
            raise StateError("这个票批已经作废。")
        if batch.state == Batch.State.OPEN:
            batch.returned_count = collected(batch)
            batch.unused_count = void_unused(batch)
        batch.issued_count = batch.issued_count if issued is None else issued
        batch.returned_count = batch.returned_count if returned is None else returned
        batch.void_count = min(batch.void_count, batch.returned_count)
        batch.save(update_fields=["unused_count", "issued_count", "returned_count", "void_count"])
        batch.void(by=by, reason=reason)


def seal(poll: Poll, *, by) -> None:
    """Cut the ballots into sorted boxes, write the tally rows and delete the ballots: for good.

    Raises tally.IdentityError where the numbers cannot be true, StateError where the poll is not closed; then nothing
    is changed.
    """
    with transaction.atomic():
        locked = Poll.objects.select_related("campaign").select_for_update(of=["self"]).get(pk=poll.pk)
        if locked.state != Poll.State.CLOSED:
            raise StateError(f"“{locked.organization}”的评议点现为“{locked.get_state_display()}”，须先截止再封存。")
        form = BallotForm.from_json(locked.form)
        batches = list(locked.batches.select_related("category", "poll__campaign", "poll__organization"))
        # The number of those entitled may have been corrected since the closing.
        counting = [batch for batch in batches if batch.state != Batch.State.VOID]
        if problems := _attendance_problems(locked, locked.attended_count, counting):
            raise tally.IdentityError("".join(problems))
        boxes = [box for batch in batches for box in _cut(batch, form)]
        SealedBox.objects.bulk_create(boxes)
        TallyRow.objects.bulk_create(tally_rows(locked, form, boxes), batch_size=500)
        Ballot.objects.filter(batch__in=batches).delete()
        Code.objects.filter(batch__in=batches).delete()
        Receipt.objects.filter(poll=locked).delete()
        # Of voided batches, and what agreed batches left is gone already.
        forget(Keying.objects.filter(batch__in=batches))
        _shuffle_opinions(locked)
        locked.seal(by=by)
    poll.refresh_from_db()


def erase_traces() -> None:
    """Overwrite or give away the space of deleted rows, so that neither tables nor SQLite's log remember an order.

    Call it after sealing, outside any transaction; inside one (as in tests) it does nothing. PostgreSQL's write-ahead
    log is its server's: what was written stays there until the server recycles it.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in (Ballot, Code, Receipt, Opinion, KeyedSheet, Keying):
                _rewrite(cursor, model._meta.db_table)
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rewrite(cursor, table: str) -> None:
    """Write a table anew: a plain VACUUM leaves the bytes of dead rows, in the order they came, where live rows are left.

    Casting waits meanwhile, so a large table, or one that somebody reads for long (a backup), gets the plain VACUUM and
    is rewritten at a later seal.
    """
    name = connection.ops.quote_name(table)
    cursor.execute("SELECT pg_table_size(%s::regclass)", [name])
    (size,) = cursor.fetchone()
    if size <= REWRITTEN_BYTES:
        cursor.execute(f"SET lock_timeout = '{REWRITE_WAIT}'")
        try:
            cursor.execute(f"VACUUM (FULL) {name}")
            return
        except OperationalError:
            logger.warning("%s is in use: its deleted rows are overwritten at the next seal", table)
        finally:
            cursor.execute("RESET lock_timeout")
    cursor.execute(f"VACUUM {name}")


def _cut(batch: Batch, form: BallotForm) -> Iterator[SealedBox]:
    """One box for each target with indicators: the batch's sections about it, sorted."""
    all_marks = list(Ballot.objects.filter(batch=batch).values_list("marks", flat=True))
    expected = batch.valid_count if batch.state == Batch.State.CLOSED else len(all_marks)
    if len(all_marks) != expected:
        raise tally.IdentityError(f"“{batch}”有效票应为{expected}张，票库中有{len(all_marks)}张。")
    for section, cells in zip(form.sections, form.slices, strict=True):
        if section.indicators:
            content = box_text(batch, section, sorted(marks[cells] for marks in all_marks))
            yield SealedBox(
                batch=batch,
                target_id=section.id,
                content=content,
                sha256=box_digest(content),
                ballot_count=len(all_marks),
            )


def _shuffle_opinions(poll: Poll) -> None:
    """Write the opinions anew in random order under new random keys."""
    old = list(Opinion.objects.filter(target__poll=poll))
    if not old:
        return
    Opinion.objects.filter(target__poll=poll).delete()
    secrets.SystemRandom().shuffle(old)
    Opinion.objects.bulk_create(
        Opinion(id=random_key(), target_id=opinion.target_id, kind=opinion.kind, text=opinion.text) for opinion in old
    )


def seal_all(campaign: Campaign, *, by) -> int:
    """Seal every closed poll of a campaign, each in its own transaction; returns how many.

    Raises CannotSeal after all others were sealed where the identities of some are broken.
    """
    sealed, problems = 0, []
    for poll in campaign.polls.filter(state=Poll.State.CLOSED).select_related("organization"):
        try:
            seal(poll, by=by)
            sealed += 1
        except tally.IdentityError as error:
            problems.append(f"“{poll.organization}”：{error}")
    erase_traces()
    if problems:
        raise CannotSeal(problems, sealed)
    return sealed


def unsealed_by_poll(polls: Iterable[int]) -> dict[int, int]:
    """How many ballots lie outside the boxes of sealed polls, by the polls' keys: none, or something is wrong."""
    found = Ballot.objects.filter(batch__poll__in=polls, batch__poll__state=Poll.State.SEALED).order_by()
    return dict(found.values_list("batch__poll").annotate(number=Count("pk")))
