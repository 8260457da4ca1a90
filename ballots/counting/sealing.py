"""Sealing: the one reader of ballots (DESIGN 5 and 6)."""

import math
import secrets
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Count, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.utils import timezone

from campaigns.ballot_form import BallotForm
from campaigns.models import Campaign, Poll, UnsavedText
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import Ballot, Batch, Code, KeyedSheet, Keying, Opinion, Receipt, SealedBox, TallyRow, random_key
from . import erasing, tally
from .boxes import box_digest, box_sm3, box_text, tally_rows
from .reconciling import attendance_problems

# In one transaction: on SQLite nobody casts meanwhile, so it lasts no longer than a tenth of a second or two.
POLLS_AT_ONCE, BALLOTS_AT_ONCE = 100, 20_000


class CannotSeal(Exception):
    """Polls that could not be sealed, each with a Chinese sentence why, in `refused`. The others were sealed."""

    def __init__(self, refused: list[tuple[Poll, str]], sealed: int):
        super().__init__("；".join(f"“{poll.unit_name}”：{reason}" for poll, reason in refused))
        self.refused = refused
        self.sealed = sealed


def ballots_of(batch: Batch) -> int:
    """How many ballots of a batch were taken; closing asks, and tells nobody before it is done."""
    return Ballot.objects.filter(batch=batch).count()


def have_taken(polls: Collection[int]) -> bool:
    """Whether anything of a ballot came in at some polls, by their keys: a ballot, a spent right, an opinion on one, paper
    counted or keyed.

    Asked under the polls' locks, so that no cast is on its way. It says no more than that: not what, nor how much, nor where.
    """
    batches = list(Batch.objects.filter(poll__in=polls))
    return (
        Ballot.objects.filter(batch__in=batches).exists()
        or Receipt.objects.filter(poll__in=polls).exists()
        or Opinion.objects.filter(target__poll__in=polls, origin=None).exists()
        or Keying.objects.filter(batch__in=batches).exists()
        or any(batch.returned_count for batch in batches)
        or any(collected_by_batch(batch for batch in batches if batch.state != Batch.State.VOID).values())
    )


def collected(batch: Batch) -> int:
    """How many ballots of a batch are in: turnout. A phone batch tells it by its spent rights alone, paper by hand."""
    return collected_by_batch([batch])[batch.pk]


def collected_by_batch(batches: Iterable[Batch]) -> dict[int, int]:
    """`collected` of many batches, by key, in two queries."""
    batches = list(batches)
    collected = {}
    for model, is_unspent in ((Code, True), (Ballot, False)):
        wanted = [batch for batch in batches if batch.is_paper != is_unspent]
        counts = dict(
            model.objects.filter(batch__in=wanted).order_by().values_list("batch").annotate(number=Count("pk"))
        )
        for batch in wanted:
            number = counts.get(batch.pk, 0)
            if is_unspent:
                collected[batch.pk] = batch.printed_count - number
            else:
                collected[batch.pk] = number if batch.returned_count is None else batch.returned_count
    return collected


def seal(poll: Poll, *, by) -> None:
    """Cut the ballots into sorted boxes, write the tally rows and delete the ballots: for good.

    Raises tally.IdentityError where the numbers cannot be true, StateError where the poll is not closed; then nothing
    is changed.
    """
    for refusal in _seal_lot([poll.pk], by=by).values():
        raise refusal
    poll.refresh_from_db()


def _seal_lot(keys: list[int], *, by) -> dict[int, Exception]:
    """Seal polls in one transaction, by their keys; returns why those were refused that cannot be sealed.

    A row that the database refuses would undo the others of the lot: then each is sealed by itself.
    """
    try:
        with transaction.atomic():
            return _seal_together(keys, by=by)
    except (IntegrityError, DataError):
        if len(keys) == 1:
            raise
        return {key: refusal for single in keys for key, refusal in _seal_lot([single], by=by).items()}


def _seal_together(keys: list[int], *, by) -> dict[int, Exception]:
    """Write each table once for all the polls. Whatever can be refused is, before the first row is written."""
    locked = Poll.objects.select_related("campaign", "organization").select_for_update(of=["self"])
    polls = list(locked.filter(pk__in=keys).order_by("pk"))
    refused: dict[int, Exception] = {poll.pk: _not_closed(poll) for poll in polls if poll.state != Poll.State.CLOSED}
    closed = [poll for poll in polls if poll.pk not in refused]
    batches, marks = _batches_of(closed), _marks_of(closed)
    sealed, boxes, rows = [], [], []
    for poll in closed:
        try:
            own_boxes, own_rows = _count(poll, batches[poll.pk], marks)
        except tally.IdentityError as refusal:
            refused[poll.pk] = refusal
            continue
        sealed.append(poll)
        boxes += own_boxes
        rows += own_rows
    if sealed:
        SealedBox.objects.bulk_create(boxes)
        TallyRow.objects.bulk_create(rows, batch_size=500)
        _forget([batch for poll in sealed for batch in batches[poll.pk]], sealed)
        _shuffle_opinions(sealed)
    for poll in sealed:
        poll.seal(by=by)
    return refused


def _not_closed(poll: Poll) -> StateError:
    return StateError(
        f"“{poll.unit_name}”的评议点现为“{poll.get_state_display()}”，须先截止再封存。",
        way=way_to("评议点", "ballots:poll_detail", poll.pk),
    )


def _batches_of(polls: list[Poll]) -> dict[int, list[Batch]]:
    batches: dict[int, list[Batch]] = {poll.pk: [] for poll in polls}
    by_key = {poll.pk: poll for poll in polls}
    for batch in Batch.objects.filter(poll__in=polls).select_related("category").order_by("pk"):
        batch.poll = by_key[batch.poll_id]
        batches[batch.poll_id].append(batch)
    return batches


def _marks_of(polls: list[Poll]) -> dict[int, list[str]]:
    """The marks of each ballot of the polls, by batch."""
    marks = defaultdict(list)
    for batch_id, ballot in Ballot.objects.filter(batch__poll__in=polls).values_list("batch_id", "marks"):
        marks[batch_id].append(ballot)
    return marks


def _count(poll: Poll, batches: list[Batch], marks: dict[int, list[str]]) -> tuple[list[SealedBox], list[TallyRow]]:
    """The boxes and the rows of a poll; raises IdentityError where its numbers cannot be true."""
    form = poll.ballot_form
    # The number of those entitled may have been corrected since the closing.
    counting = [batch for batch in batches if batch.state != Batch.State.VOID]
    if problems := attendance_problems(poll, poll.attended_count, counting):
        raise tally.IdentityError("".join(problems))
    boxes = [box for batch in batches for box in _cut(batch, form, marks.get(batch.pk, []))]
    return boxes, tally_rows(poll, boxes)


def _forget(batches: list[Batch], polls: list[Poll]) -> None:
    Ballot.objects.filter(batch__in=batches).delete()
    Code.objects.filter(batch__in=batches).delete()
    Receipt.objects.filter(poll__in=polls).delete()
    # Of voided batches, and what agreed batches left is gone already.
    Keying.objects.filter(batch__in=batches).forget()


def erase_traces(*, at_leisure: bool = False) -> bool:
    """Overwrite or give away the space of deleted rows, so that neither tables nor SQLite's log remember an order.

    Whether that was done; the sealed polls then say so, and until then that it waits. Call it after sealing, outside any
    transaction; inside one it does nothing. The worker does so `at_leisure`, again and again. PostgreSQL's write-ahead log
    is its server's: what was written stays there until the server recycles it.
    """
    if connection.in_atomic_block:
        return False
    # A poll sealed from here on has bytes that may come too late.
    waiting = list(Poll.objects.awaiting_erasure().values_list("pk", flat=True))
    seconds = erasing.WORKER_SECONDS if at_leisure else erasing.SEAL_SECONDS
    if connection.vendor == "postgresql":
        tables = [model._meta.db_table for model in (Ballot, Code, Receipt, Opinion, KeyedSheet, Keying, UnsavedText)]
        with_large = at_leisure and not Poll.objects.accepting().exists()
        is_done = erasing.rewrite(tables, seconds=seconds, with_large=with_large)
    else:
        is_done = erasing.empty_log(seconds=seconds)
    if is_done:
        Poll.objects.filter(pk__in=waiting).update(erased_at=timezone.now())
        # That line too is in SQLite's log, with the pages that it stands on.
        erasing.empty_log(seconds=seconds)
    return is_done


def clean_up() -> None:
    """Erase the traces that a seal had to leave, and keep SQLite's log short; the worker does so every few seconds."""
    if Poll.objects.awaiting_erasure().exists():
        erase_traces(at_leisure=True)
    else:
        erasing.empty_log_when_quiet()


def _cut(batch: Batch, form: BallotForm, all_marks: list[str]) -> Iterator[SealedBox]:
    """A box for each target with indicators: the batch's sections about it, sorted."""
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
                sm3=box_sm3(content),
                ballot_count=len(all_marks),
            )


def _shuffle_opinions(polls: list[Poll]) -> None:
    """Write the opinions from ballots anew in random order under new random keys; recorded ones stay with their origin."""
    from_ballots = Opinion.objects.filter(target__poll__in=polls, origin=None)
    old = list(from_ballots)
    if not old:
        return
    from_ballots.delete()
    secrets.SystemRandom().shuffle(old)
    Opinion.objects.bulk_create(
        Opinion(id=random_key(), target_id=opinion.target_id, kind=opinion.kind, text=opinion.text) for opinion in old
    )


def seal_all(campaign: Campaign, *, by, seconds: float = math.inf) -> int:
    """Seal every closed poll of a campaign, some hundred in a transaction; returns how many.

    After so many seconds no further lot is begun: whatever is left stays closed, and waits to be asked for again. Raises
    CannotSeal after the others were sealed where some could not be: the numbers of one cannot be true, or somebody else was
    at it meanwhile.
    """
    sealed = 0
    refused: dict[int, Exception] = {}
    ends_at = time.monotonic() + seconds
    for lot in _lots(campaign.polls.filter(state=Poll.State.CLOSED)):
        if time.monotonic() > ends_at:
            break
        refusals = _seal_lot(lot, by=by)
        sealed += len(lot) - len(refusals)
        refused |= refusals
    erase_traces()
    if refused:
        polls = campaign.polls.filter(pk__in=refused).select_related("organization").defer("form")
        raise CannotSeal([(poll, str(refused[poll.pk])) for poll in polls], sealed)
    return sealed


def _lots(polls: QuerySet[Poll]) -> Iterator[list[int]]:
    """The keys of polls, as many at once as one transaction seals."""
    lot: list[int] = []
    ballots = 0
    sizes = polls.annotate(returned=Sum("batches__returned_count", default=0)).order_by("path", "pk")
    for key, returned in sizes.values_list("pk", "returned"):
        if lot and (len(lot) == POLLS_AT_ONCE or ballots + returned > BALLOTS_AT_ONCE):
            yield lot
            lot, ballots = [], 0
        lot.append(key)
        ballots += returned
    if lot:
        yield lot


def unsealed_by_poll(polls: Iterable[int] | RawSQL) -> dict[int, int]:
    """How many ballots lie outside the boxes of sealed polls, by the polls' keys: none, or something is wrong."""
    unsealed = Ballot.objects.filter(batch__poll__in=polls, batch__poll__state=Poll.State.SEALED).order_by()
    return dict(unsealed.values_list("batch__poll").annotate(number=Count("pk")))
