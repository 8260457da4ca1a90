"""The one writer of ballots (DESIGN 7)."""

import json
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from time import monotonic, sleep

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from campaigns.ballot_form import BallotForm, InvalidMarks, Section
from campaigns.models import Poll
from pingyi.errors import is_locked

from ..models import Ballot, Batch, Code, Opinion, Receipt, SharedSlip, random_key
from .codes import Ticket, digest

MAX_OPINION_LENGTH = 1000
# Between two tries on a database that somebody else holds.
SECONDS_BETWEEN_TRIES = 0.1
NOT_OPEN = "评议现在不收票：还没有开始，或者已经截止。此前已经看到回执的，票已收到，不受影响。"
CLOSED = "评议现在不收票，这次提交没有计入。此前已经看到回执的，票已收到，不受影响。"
USED = "这个选票码已经用过或者已经作废，一个码只能投一票。"
ALREADY = "这部手机在本次评议中已经投过票，一人只能投一票。"
FULL = "收到的票数已达到会场人数，请向工作人员说明。"
EARLY = "评议还没有到开始收票的日子，这次提交没有计入，选票码没有用掉。"
OVER = "已经过了评议收票的最后一天，这次提交没有计入，选票码没有用掉。此前已经看到回执的，票已收到，不受影响。"

# A cast is four short statements, for which everybody else in the room waits. They are written out: the ORM takes longer
# to put them together than the database to carry them out (`make bench`).
# Whether the day is one of the campaign's is asked with the state, under the lock: nothing between looking and writing.
SELECT_POLL = """
    SELECT poll.state, poll.form, CASE
        WHEN NOT campaign.is_stopped_on_time THEN ''
        WHEN campaign.starts_on > %s THEN 'early'
        WHEN campaign.ends_on < %s THEN 'over'
        ELSE '' END
    FROM campaigns_poll poll JOIN campaigns_campaign campaign ON campaign.id = poll.campaign_id WHERE poll.id = %s"""
INSERT_RECEIPT = "INSERT INTO ballots_receipt (digest, poll_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"
INSERT_BALLOT = "INSERT INTO ballots_ballot (id, batch_id, marks) VALUES (%s, %s, %s)"
SPEND_SLIP = "DELETE FROM ballots_code WHERE digest = %s AND batch_id = %s"
SPEND_ANY = "DELETE FROM ballots_code WHERE digest = (SELECT digest FROM ballots_code WHERE batch_id = %s LIMIT 1)"


class Refused(Exception):
    """A ballot that is not taken; nothing was written. The message is for the participant.

    `reason` is the word by which the address of a page names it.
    """

    reason = "closed"


class PollNotOpen(Refused):
    """The poll does not take ballots now."""


class TooEarly(PollNotOpen):
    """The campaign's first day has not come."""

    reason = "early"


class TooLate(PollNotOpen):
    """The campaign's last day is past."""

    reason = "over"


class CodeUsed(Refused):
    """The code was used, or voided."""

    reason = "used"


class AlreadyCast(Refused):
    """This browser has cast its ballot of the screen batch."""

    reason = "already"


class RoomFull(Refused):
    """As many ballots as people present were cast."""

    reason = "full"


@dataclass(frozen=True)
class OpinionText:
    """An opinion as it came in: the target's key and the text."""

    target_id: int
    # Not shown in tracebacks, which end in logs.
    text: str = field(repr=False)


def cast(*, ticket: Ticket, key: str, marks: str, opinions: Sequence[OpinionText] = ()) -> str:
    """Take one ballot, once, and return the receipt number.

    `key` is the submission's idempotency key: the same one again gives the same receipt and writes nothing. Raises
    Refused, InvalidMarks where marks or opinions do not fit the ballot, or OperationalError where the database was held by
    somebody else for as long as is tried.
    """
    deadline = monotonic() + settings.LOCK_SECONDS
    while True:
        try:
            return _cast_once(ticket=ticket, key=key, marks=marks, opinions=opinions)
        except OperationalError as error:
            if not is_locked(error) or monotonic() > deadline or connection.in_atomic_block:
                raise
            sleep(SECONDS_BETWEEN_TRIES)


def _cast_once(*, ticket: Ticket, key: str, marks: str, opinions: Sequence[OpinionText]) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            state, form, off_days = _locked_poll(cursor, ticket.poll_id)
            _remember(cursor, digest(key, purpose="receipt"), ticket, otherwise=_SameSubmission())
            if state not in Poll.ACCEPTING:
                raise PollNotOpen(CLOSED)
            if off_days and state == Poll.State.OPEN:
                raise TooEarly(EARLY) if off_days == "early" else TooLate(OVER)
            form.check_marks(marks)
            if form.choice_lists:
                marks = _settled(form, marks)
            _claim(cursor, ticket)
            cursor.execute(INSERT_BALLOT, [random_key(), ticket.batch_id, marks])
            _write_opinions(form, opinions)
    except _SameSubmission:
        pass
    return receipt_number(key)


def _settled(form: BallotForm, marks: str) -> str:
    """The marks as they are counted; raises InvalidMarks where more was chosen from a list than may be."""
    if problems := form.overchosen(marks):
        raise InvalidMarks("".join(problems))
    return form.settled(marks)


class _SameSubmission(Exception):
    """The idempotency key is known: this very submission was taken before."""


def receipt_number(key: str) -> str:
    """Eight characters that the participant may keep; they lead to nothing."""
    return f"{digest(key, purpose='receipt number') % 10**8:08d}"


def admits(ticket: Ticket) -> Batch:
    """The batch that a ticket may cast in, with its poll and campaign; raises what `cast` would refuse it with.

    A kindness to people before they fill a ballot in. It holds nothing: `cast` decides.
    """
    batch = (
        Batch.objects.select_related("category", "poll__campaign", "poll__organization")
        .filter(pk=ticket.batch_id)
        .first()
    )
    if batch is None:
        raise CodeUsed(USED)
    if not batch.poll.is_accepting:
        raise PollNotOpen(NOT_OPEN)
    check_days(batch.poll)
    if batch.state != Batch.State.OPEN:
        raise CodeUsed(USED)
    if ticket.slip is not None:
        if not batch.codes.filter(digest=ticket.slip).exists():
            raise CodeUsed(USED)
    elif Receipt.objects.filter(digest=digest(ticket.browser, purpose="browser")).exists():
        raise AlreadyCast(ALREADY)
    elif not batch.codes.exists():
        raise RoomFull(FULL)
    return batch


def check_days(poll: Poll) -> None:
    """Raise TooEarly or TooLate outside the campaign's days; a rehearsal may be held on any day."""
    campaign, today = poll.campaign, timezone.localdate()
    if poll.state != Poll.State.OPEN:
        return
    if campaign.is_early(today):
        raise TooEarly(f"评议从{_day(campaign.starts_on)}开始收票，现在还没有开始。请到时再扫码，选票码仍然有效。")
    if campaign.is_over(today):
        raise TooLate(f"评议收票到{_day(campaign.ends_on)}为止，现在不再收票。此前已经看到回执的，票已收到，不受影响。")


def _day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""


def _locked_poll(cursor, poll_id: int) -> tuple[str, BallotForm, str]:
    """State and form of the poll, and whether today is "early" or "over".

    Locked: casts of one poll take turns with each other and with its closing.
    """
    # On SQLite every transaction holds the one lock from its beginning.
    locking = " FOR UPDATE OF poll" if connection.features.has_select_for_update else ""
    today = timezone.localdate().isoformat()
    cursor.execute(SELECT_POLL + locking, [today, today, poll_id])
    row = cursor.fetchone()
    if row is None:
        raise PollNotOpen("没有找到这次评议，它可能已经取消。")
    state, form, off_days = row
    return state, _form(form or '{"sections": []}'), off_days


@lru_cache(maxsize=256)
def _form(text: str) -> BallotForm:
    """The form as it was frozen; parsing it anew took longer than writing a ballot."""
    return BallotForm.from_json(json.loads(text))


def _claim(cursor, ticket: Ticket) -> None:
    """Spend the right to cast: exactly one code row is deleted, or the ballot is refused."""
    if ticket.slip is not None:
        cursor.execute(SPEND_SLIP, [ticket.slip, ticket.batch_id])
        if not cursor.rowcount:
            raise CodeUsed(USED)
        return
    _remember(cursor, digest(ticket.browser, purpose="browser"), ticket, otherwise=AlreadyCast(ALREADY))
    cursor.execute(SPEND_ANY, [ticket.batch_id])
    if not cursor.rowcount:
        is_open = Batch.objects.filter(pk=ticket.batch_id, state=Batch.State.OPEN).exists()
        raise RoomFull(FULL) if is_open else CodeUsed(USED)


def _remember(cursor, value: int, ticket: Ticket, *, otherwise: Exception) -> None:
    """Keep a digest; the primary key, not a look before, says whether it is there already."""
    cursor.execute(INSERT_RECEIPT, [value, ticket.poll_id])
    if not cursor.rowcount:
        raise otherwise


def check_opinion(section: Section, text: str) -> None:
    """Raise InvalidMarks for a text that is too long, or that holds what no keyboard writes and no report can print."""
    if len(text) > MAX_OPINION_LENGTH:
        raise InvalidMarks(f"对“{section.name}”的意见有{len(text)}字，至多{MAX_OPINION_LENGTH}字，请删短后再提交。")
    if any(_is_unprintable(character) for character in text):
        raise InvalidMarks(f"对“{section.name}”的意见里有无法显示的字符（可能是粘贴带来的），请删去后再提交。")


def _is_unprintable(character: str) -> bool:
    """Control characters but newline and tab, surrogates, non-characters, and the sign that stands for broken bytes."""
    if character in "\n\t":
        return False
    is_no_character = ord(character) & 0xFFFE == 0xFFFE
    return is_no_character or character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cs")


def _write_opinions(form: BallotForm, opinions: Iterable[OpinionText]) -> None:
    rows = []
    for opinion in opinions:
        try:
            section = form.section(opinion.target_id)
        except KeyError:
            raise InvalidMarks("意见栏不属于这张票。") from None
        check_opinion(section, opinion.text)
        rows.append(Opinion(target_id=section.id, kind=section.opinion_kind, text=opinion.text))
    secrets.SystemRandom().shuffle(rows)
    Opinion.objects.bulk_create(rows)


def record_ballots(
    *,
    batch: Batch,
    marks: Iterable[tuple[str, int]],
    opinions: Sequence[OpinionText] = (),
    agreement: str = Batch.Agreement.FILE,
    by=None,
) -> int:
    """Write all ballots of a batch that were taken on paper or elsewhere: pairs of marks and how many bear them.

    Runs once for a batch: `agreement` says how the contents were settled, and a batch that was settled is refused.
    All in a single transaction; returns how many were written. `x` is admitted; a list from which too much was chosen is
    spoiled as a whole. Raises InvalidMarks, Refused where the poll takes
    none, StateError where the batch is settled already.
    """
    with transaction.atomic():
        poll = Poll.objects.select_for_update().get(pk=batch.poll_id)
        if not poll.is_accepting:
            raise PollNotOpen("评议点不在收票状态，不能录入。")
        form = poll.ballot_form
        rows: list[Ballot] = []
        for text, count in marks:
            form.check_marks(text, allow_spoiled=True)
            settled = form.settled(text)
            rows.extend(Ballot(id=random_key(), batch=batch, marks=settled) for _ in range(count))
        batch.agree(how=agreement, by=by)
        rows.sort(key=lambda ballot: ballot.id)
        Ballot.objects.bulk_create(rows, batch_size=400)
        _write_opinions(form, opinions)
        return len(rows)


def wipe(poll: Poll) -> None:
    """Delete every ballot, opinion, receipt, code and batch of a poll: the end of a rehearsal, of nothing else.

    Opinions that somebody recorded, on a draft, are no part of it.
    """
    batches = Batch.objects.filter(poll=poll)
    Opinion.objects.filter(target__poll=poll, origin=None).delete()
    Ballot.objects.filter(batch__in=batches).delete()
    Receipt.objects.filter(poll=poll).delete()
    drop_batches(poll)


def drop_batches(poll: Poll) -> int:
    """Delete the batches of a poll that hold no ballot, with their codes; returns how many codes went.

    The database refuses where a ballot is there. Of a shared slip only this poll's own codes go.
    """
    batches = Batch.objects.filter(poll=poll)
    dropped, _ = Code.objects.filter(batch__in=batches).delete()
    ties = set(batches.exclude(shared_slip=None).values_list("shared_slip", flat=True))
    batches.delete()
    SharedSlip.objects.filter(pk__in=ties, batches=None).delete()
    return dropped
