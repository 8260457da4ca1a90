"""Sealing: the one reader of ballots (DESIGN 5 and 6)."""

import secrets
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from campaigns.actions.in_turn import do_in_turn
from campaigns.ballot_form import BallotForm
from campaigns.models import Campaign, Poll, UnsavedText
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import Ballot, Batch, Code, KeyedSheet, Keying, Opinion, Receipt, SealedBox, TallyRow, random_key
from . import erasing, tally
from .boxes import box_digest, box_sm3, box_text, tally_rows
from .reconciling import attendance_problems


class CannotSeal(Exception):
    """Polls that could not be sealed, each with a Chinese sentence why, in `refused`. The others were sealed."""

    def __init__(self, refused: list[tuple[Poll, str]], sealed: int):
        super().__init__("；".join(f"“{poll.unit_name}”：{reason}" for poll, reason in refused))
        self.refused = refused
        self.sealed = sealed


def ballots_of(batch: Batch) -> int:
    """How many ballots of a batch were taken; closing asks, and tells nobody before it is done."""
    return Ballot.objects.filter(batch=batch).count()


def has_taken(poll: Poll) -> bool:
    """Whether anything of a ballot came in: a ballot, a spent right, an opinion on one, paper counted or keyed.

    Asked under the poll's lock, so that no cast is on its way. It says no more than that: not what, nor how much.
    """
    batches = list(poll.batches.all())
    return (
        Ballot.objects.filter(batch__in=batches).exists()
        or Receipt.objects.filter(poll=poll).exists()
        or Opinion.objects.filter(target__poll=poll, origin=None).exists()
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
    with transaction.atomic():
        locked = Poll.objects.select_related("campaign").select_for_update(of=["self"]).get(pk=poll.pk)
        if locked.state != Poll.State.CLOSED:
            raise StateError(
                f"“{locked.unit_name}”的评议点现为“{locked.get_state_display()}”，须先截止再封存。",
                way=way_to("评议点", "ballots:poll_detail", locked.pk),
            )
        form = locked.ballot_form
        batches = list(locked.batches.select_related("category", "poll__campaign", "poll__organization"))
        # The number of those entitled may have been corrected since the closing.
        counting = [batch for batch in batches if batch.state != Batch.State.VOID]
        if problems := attendance_problems(locked, locked.attended_count, counting):
            raise tally.IdentityError("".join(problems))
        boxes = [box for batch in batches for box in _cut(batch, form)]
        SealedBox.objects.bulk_create(boxes)
        TallyRow.objects.bulk_create(tally_rows(locked, form, boxes), batch_size=500)
        Ballot.objects.filter(batch__in=batches).delete()
        Code.objects.filter(batch__in=batches).delete()
        Receipt.objects.filter(poll=locked).delete()
        # Of voided batches, and what agreed batches left is gone already.
        Keying.objects.filter(batch__in=batches).forget()
        _shuffle_opinions(locked)
        locked.seal(by=by)
    poll.refresh_from_db()


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


def _cut(batch: Batch, form: BallotForm) -> Iterator[SealedBox]:
    """A box for each target with indicators: the batch's sections about it, sorted."""
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
                sm3=box_sm3(content),
                ballot_count=len(all_marks),
            )


def _shuffle_opinions(poll: Poll) -> None:
    """Write the opinions from ballots anew in random order under new random keys; recorded ones stay with their origin."""
    from_ballots = Opinion.objects.filter(target__poll=poll, origin=None)
    old = list(from_ballots)
    if not old:
        return
    from_ballots.delete()
    secrets.SystemRandom().shuffle(old)
    Opinion.objects.bulk_create(
        Opinion(id=random_key(), target_id=opinion.target_id, kind=opinion.kind, text=opinion.text) for opinion in old
    )


def seal_all(campaign: Campaign, *, by) -> int:
    """Seal every closed poll of a campaign, each in its own transaction; returns how many.

    Raises CannotSeal after all others were sealed where some could not be: the numbers of one cannot be true, or somebody
    else was at it meanwhile.
    """
    closed = campaign.polls.filter(state=Poll.State.CLOSED).select_related("organization")
    outcome = do_in_turn(closed, lambda poll: seal(poll, by=by), refusals=(tally.IdentityError, StateError))
    erase_traces()
    if outcome.refused:
        raise CannotSeal(outcome.refused, len(outcome.done))
    return len(outcome.done)


def unsealed_by_poll(polls: Iterable[int]) -> dict[int, int]:
    """How many ballots lie outside the boxes of sealed polls, by the polls' keys: none, or something is wrong."""
    unsealed = Ballot.objects.filter(batch__poll__in=polls, batch__poll__state=Poll.State.SEALED).order_by()
    return dict(unsealed.values_list("batch__poll").annotate(number=Count("pk")))
