"""The one writer of ballots (DESIGN 7)."""

import json
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Sequence
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
from . import at_once
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

# A cast that is not taken at once is four short statements, for which everybody else in the room waits on SQLite. They are
# written out: the ORM takes longer to put them together than the database to carry them out (`make bench`).
# Each names its poll or a batch of it: tables that are split by poll are looked at in one part (tests/ballots/test_one_poll.py).
# Whether the day is one of the campaign's is asked with the state, under the lock: nothing between looking and writing.
SELECT_POLL = f"""
    SELECT poll.state, poll.form, {at_once.OFF_DAYS.format(today="%s")}{{version}}
    FROM campaigns_poll poll JOIN campaigns_campaign campaign ON campaign.id = poll.campaign_id WHERE poll.id = %s{{lock}}"""  # noqa: S608  words of ours alone
# Casts hold the poll's row together; whoever ends the casting takes it with FOR UPDATE.
SELECT_POLL_ALONE = SELECT_POLL.format(version="", lock="")
SELECT_POLL_TOGETHER = SELECT_POLL.format(version=", poll.xmin", lock=" FOR KEY SHARE OF poll")
INSERT_RECEIPT = "INSERT INTO ballots_receipt (digest, poll_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"
INSERT_BALLOT = "INSERT INTO ballots_ballot (id, batch_id, marks) VALUES (%s, %s, %s)"
SPEND_SLIP = "DELETE FROM ballots_code WHERE digest = %s AND batch_id = %s"
# The lock waits for whoever has a right in hand, and goes on to the next where that one was spent.
SPEND_ANY = (
    "DELETE FROM ballots_code WHERE batch_id = %s"
    " AND digest = (SELECT digest FROM ballots_code WHERE batch_id = %s LIMIT 1{lock})"
)


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
    receipt = digest(key, purpose="receipt")
    try:
        if not _take_at_once(ticket, receipt, marks, opinions):
            _take(ticket, receipt, marks, opinions)
    except (Refused, InvalidMarks):
        # Asked last, when whoever came between has written what it will: this very submission may be taken already.
        if not _is_kept(receipt, ticket):
            raise
    return receipt_number(key)


def _take_at_once(ticket: Ticket, receipt: int, marks: str, opinions: Sequence[OpinionText]) -> bool:
    """Whether the ballot was taken by one statement; where it was not, `_take` does it or says why not."""
    known = at_once.known_form(ticket.poll_id)
    if known is None:
        return False
    version, form = known
    try:
        settled, rows = _settled(form, marks), _opinions(form, opinions)
    except InvalidMarks:  # of a form that may be another by now
        return False
    return at_once.take(
        at_once.Submission(
            poll_id=ticket.poll_id,
            version=version,
            # Of this site, without asking whether the request has a time zone of its own: none has.
            today=timezone.localdate(timezone=timezone.get_default_timezone()).isoformat(),
            batch_id=ticket.batch_id,
            right=digest(ticket.browser, purpose="browser") if ticket.slip is None else ticket.slip,
            is_screen=ticket.slip is None,
            receipt=receipt,
            ballot_id=random_key(),
            marks=settled,
            opinions=[(row.pk, row.target_id, row.kind, row.text) for row in rows],
        )
    )


def _take(ticket: Ticket, receipt: int, marks: str, opinions: Sequence[OpinionText]) -> None:
    """Take the ballot step by step, or raise Refused or InvalidMarks.

    Right, mark of the browser, receipt: the order in which one statement takes them too, so that none waits for another
    that waits for it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        state, form, off_days = _held_poll(cursor, ticket.poll_id)
        if state not in Poll.ACCEPTING:
            raise PollNotOpen(CLOSED)
        if off_days:
            raise TooEarly(EARLY) if off_days == "early" else TooLate(OVER)
        settled, rows = _settled(form, marks), _opinions(form, opinions)
        _claim(cursor, ticket)
        _remember(cursor, receipt, ticket, otherwise=CodeUsed(USED))
        cursor.execute(INSERT_BALLOT, [random_key(), ticket.batch_id, settled])
        Opinion.objects.bulk_create(rows)


def _settled(form: BallotForm, marks: str) -> str:
    """The marks as they are counted; raises InvalidMarks where they do not fit, or more was chosen from a list than may be."""
    form.check_marks(marks)
    if not form.choice_lists:
        return marks
    if problems := form.overchosen(marks):
        raise InvalidMarks("".join(problems))
    return form.settled(marks)


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
    elif _is_kept(digest(ticket.browser, purpose="browser"), ticket):
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


def _held_poll(cursor, poll_id: int) -> tuple[str, BallotForm, str]:
    """State and form of the poll, and whether today is "early" or "over"; held until the transaction ends.

    Casts hold a poll together. Its closing, and whatever else ends the casting, waits for them and they for it.
    """
    today = timezone.localdate().isoformat()
    # On SQLite every transaction holds the one lock from its beginning.
    is_together = connection.features.has_select_for_update
    cursor.execute(SELECT_POLL_TOGETHER if is_together else SELECT_POLL_ALONE, [today, today, poll_id])
    row = cursor.fetchone()
    if row is None:
        raise PollNotOpen("没有找到这次评议，它可能已经取消。")
    state, text, off_days, *version = row
    form = _form(text or '{"sections": []}')
    at_once.know_form(poll_id, version=version[0] if version else text, form=form)
    return state, form, off_days


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
    browser = digest(ticket.browser, purpose="browser")
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    cursor.execute(SPEND_ANY.format(lock=lock), [ticket.batch_id, ticket.batch_id])
    if not cursor.rowcount:
        raise _no_right_left(ticket, browser)
    _remember(cursor, browser, ticket, otherwise=AlreadyCast(ALREADY))


def _no_right_left(ticket: Ticket, browser: int) -> Refused:
    """The refusal of a screen batch that has no right left."""
    if _is_kept(browser, ticket):
        return AlreadyCast(ALREADY)
    is_open = Batch.objects.filter(pk=ticket.batch_id, state=Batch.State.OPEN).exists()
    return RoomFull(FULL) if is_open else CodeUsed(USED)


def _remember(cursor, value: int, ticket: Ticket, *, otherwise: Exception) -> None:
    """Keep a digest; the primary key, not a look before, says whether it is there already."""
    cursor.execute(INSERT_RECEIPT, [value, ticket.poll_id])
    if not cursor.rowcount:
        raise otherwise


def _is_kept(value: int, ticket: Ticket) -> bool:
    """Whether a digest is there already, in the ticket's own poll: none is looked for in all of them."""
    return Receipt.objects.filter(poll=ticket.poll_id, digest=value).exists()


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


def _opinions(form: BallotForm, opinions: Iterable[OpinionText]) -> list[Opinion]:
    """The opinions of a ballot, not written yet, in random order; raises InvalidMarks where they do not fit the form."""
    rows = []
    for opinion in opinions:
        try:
            section = form.section(opinion.target_id)
        except KeyError:
            raise InvalidMarks("意见栏不属于这张票。") from None
        check_opinion(section, opinion.text)
        rows.append(Opinion(target_id=section.id, kind=section.opinion_kind, text=opinion.text))
    secrets.SystemRandom().shuffle(rows)
    return rows


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
        Opinion.objects.bulk_create(_opinions(form, opinions))
        return len(rows)


def wipe(poll: Poll) -> None:
    """Delete every ballot, opinion, receipt, code and batch of a poll: the end of a rehearsal, of nothing else.

    Opinions that somebody recorded, on a draft, are no part of it.
    """
    batches = Batch.objects.filter(poll=poll)
    Opinion.objects.filter(target__poll=poll, origin=None).delete()
    Ballot.objects.filter(batch__in=batches).delete()
    Receipt.objects.filter(poll=poll).delete()
    drop_batches([poll.pk])


def drop_batches(polls: Collection[int]) -> int:
    """Delete the batches of some polls, by their keys, that hold no ballot, with their codes; returns how many codes went.

    The database refuses where a ballot is there. Of a shared slip only these polls' own codes go.
    """
    batches = Batch.objects.filter(poll__in=polls)
    dropped, _ = Code.objects.filter(batch__in=batches).delete()
    ties = set(batches.exclude(shared_slip=None).values_list("shared_slip", flat=True))
    batches.delete()
    SharedSlip.objects.filter(pk__in=ties, batches=None).delete()
    return dropped
