"""Codes: making them, and the signed ticket that a code is exchanged for.

A slip's code exists in clear on its slip alone; the database holds the 63-bit digest of an unused one and deletes it when
it is used. A screen code stands on the wall for everybody, and its batch holds as many nameless rights as people present.
It is made of the batch's secret and the time, changes every few minutes, and lets people in while the door is open.

The code of a shared slip admits to one ballot of each form. Each form has a row and a digest of its own, which only the
code itself can bring together: the slip's holder may cast one and leave another, and no two rows say so.
"""

import hmac
import secrets
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property

from django.conf import settings
from django.db import transaction

from campaigns.models import Poll
from campaigns.models.states import StateError
from pingyi.keys import mac, signer_for

from ..models import MOST_FORMS, Batch, Code, random_key

# No 0/O, 1/I/L, U/V: what is read aloud or typed from paper must not be mistaken.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 10
# A screen code is so many letters that change, and at least two that name the batch.
SCREEN_LETTERS, BATCH_LETTERS = 7, 2
# The code before the present one still lets in: who scanned it is on the way.
GRACE_SECONDS = 60
# Older ones are known as old for a while, not taken for guesses.
OLD_CODES = 20
# As long as a meeting may last, with an hour for questions.
TICKET_SECONDS = 3 * 3600
MAX_PRINTED = 2000


def digest(text: str, *, purpose: str) -> int:
    """The positive 63-bit keyed digest under which a receipt, mark or ticket of a poll is known.

    It is made with the oldest key that counts: a new key in the middle of a poll lets nobody vote a second time.
    """
    return _digest_with(settings.CODE_KEYS[-1], text, purpose=purpose)


def digests(text: str, *, purpose: str) -> list[int]:
    """Digests of a code with each key, the present one first: it is kept under that, and looked for under all."""
    return [_digest_with(key, text, purpose=purpose) for key in settings.CODE_KEYS]


def _digest_with(key: str, text: str, *, purpose: str) -> int:
    return int.from_bytes(mac(key, f"{purpose}:{text}")[:8], "big") >> 1


def normalize(typed: str) -> str:
    """The code that a person typed, without spaces, dashes of any kind, lower case and full-width letters."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", typed))).upper()


TAKES_NO_MORE = "这个票批已经不收票，不能再发选票码。"

# A screen code's letters for a batch whose number is as long as any that there will be.
MOST_LETTERS = SCREEN_LETTERS + 7


def impossible(typed: str) -> str:
    """A sentence about why a text cannot be a code, for whoever typed it; empty where it could."""
    code = normalize(typed)
    if strange := "、".join(dict.fromkeys(letter for letter in code if letter not in ALPHABET)):
        return f"码里从来没有“{strange}”，请再看一眼，把看错的字改过来。"
    lengths = f"小条上的码是{CODE_LENGTH}位，会场屏幕上的是{SCREEN_LETTERS + BATCH_LETTERS}位或更多"
    if len(code) < SCREEN_LETTERS + BATCH_LETTERS:
        return f"您输入了{len(code)}位，少了：{lengths}。请对照着补全。"
    if len(code) > MOST_LETTERS:
        return f"您输入了{len(code)}位，多了：{lengths}。请对照着删去多的。"
    return ""


def pretty(code: str) -> str:
    """A code in two groups, as printed and shown."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def _random_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def invent_slips(count: int) -> list[str]:
    """Codes in clear, in random order, that give no right yet: `issue_slips` makes them valid.

    Raises ValueError with a message for the user where the number is out of range.
    """
    if not 1 <= count <= MAX_PRINTED:
        raise ValueError(f"每次可制作1至{MAX_PRINTED}张选票码，现为{count}张。")
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes[_random_code(CODE_LENGTH)] = None
    return list(codes)


def issue_slips(batch: Batch, slips: Iterable[str]) -> None:
    """Make invented codes valid in a slips batch, and in those tied to it; only their digests are kept. Raises StateError."""
    if batch.method != Batch.Method.SLIPS:
        raise StateError("这个票批不用一次性选票码。")
    slips = list(slips)
    with transaction.atomic():
        lock_polls(batch.sharing_slip())
        # Only now it holds still which forms a slip admits to. The slips in hand name those of before.
        tie = batch.shared_slip_id
        # Of a poll that went back to preparation the batch is gone.
        if not Batch.objects.filter(pk=batch.pk).exists():
            raise StateError(TAKES_NO_MORE)
        batch.refresh_from_db(fields=["shared_slip", "slip_place"])
        if batch.shared_slip_id != tie:
            raise StateError("这个票批刚刚与别的评议表同票，请再制作一次选票码。")
        for form in batch.on_slip():
            if form.pk != batch.pk:
                _write_rights(form, [slip_digest(code, place=form.slip_place) for code in slips])
        _store(batch, [slip_digest(code, place=batch.slip_place) for code in slips])


@dataclass(frozen=True)
class Issue:
    """Slips that are drawn for a batch, by the digests of their codes; the batch as it was when they were begun."""

    batch: Batch
    digests: Sequence[int]

    @classmethod
    def of(cls, batch: Batch, slips: Iterable[str]) -> "Issue":
        return cls(batch, [slip_digest(code, place=batch.slip_place) for code in slips])


def issue_together(issues: Sequence[Issue]) -> None:
    """Make the invented codes of many batches valid, of all or of none; raises StateError where a batch is not as it was.

    None of the batches shares its slips. As many queries for many as for few, but for the codes' own rows.
    """
    keys = [issue.batch.pk for issue in issues]
    with transaction.atomic():
        lock_polls(issue.batch for issue in issues)
        open_now = Batch.objects.filter(method=Batch.Method.SLIPS, state=Batch.State.OPEN, shared_slip=None)
        batches = open_now.filter(poll__state__in=Poll.ACCEPTING).in_bulk(keys)
        for issue in issues:
            if issue.batch.pk not in batches:
                raise StateError(f"“{issue.batch.poll.unit_name}”的“{issue.batch}”：{TAKES_NO_MORE}")
            batch = batches[issue.batch.pk]
            if batch.printed_count != issue.batch.printed_count:
                raise StateError(f"“{issue.batch.poll.unit_name}”的“{issue.batch}”同时在别处制作了选票码。")
            batch.printed_count += len(issue.digests)
        rows = sorted((value, issue.batch.pk) for issue in issues for value in issue.digests)
        # As in a single batch, in the order of the digests.
        Code.objects.bulk_create((Code(digest=value, batch_id=key) for value, key in rows), batch_size=500)
        Batch.objects.bulk_update(batches.values(), ["printed_count"])


def lock_polls(batches: Iterable[Batch]) -> None:
    """Hold the polls of batches until the transaction ends, in an order that is the same for everybody."""
    keys = {batch.poll_id for batch in batches}
    list(Poll.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def make_slips(batch: Batch, count: int) -> list[str]:
    """Invent and issue codes and return them in clear; they are kept nowhere else."""
    slips = invent_slips(count)
    issue_slips(batch, slips)
    return slips


def admit(batch: Batch, count: int) -> None:
    """Let a screen batch admit `count` more ballots, and open its door.

    Raises ValueError where the number is out of range, StateError where the batch takes no ballots.
    """
    if not 1 <= count <= MAX_PRINTED:
        raise ValueError(f"会场人数应为1至{MAX_PRINTED}，现为{count}。")
    if batch.method != Batch.Method.SCREEN:
        raise StateError("这个票批不用会场屏幕码。")
    _store(batch, [secrets.randbits(63) for _ in range(count)])


def _store(batch: Batch, digests: list[int]) -> None:
    with transaction.atomic():
        # Rights are added and voided in turn: under the poll's lock, as casting and closing hold it.
        poll = Poll.objects.select_for_update().only("state", "organization_id").get(pk=batch.poll_id)
        # As above.
        if not poll.is_accepting or not Batch.objects.filter(pk=batch.pk, state=Batch.State.OPEN).exists():
            raise StateError(TAKES_NO_MORE)
        batch.refresh_from_db(fields=["state", "printed_count", "screen_secret"])
        _write_rights(batch, digests)


def _write_rights(batch: Batch, digests: list[int]) -> None:
    """Write the rows of codes into a batch whose poll is locked."""
    # In the order of the digests, so that not even the physical order tells the order of the slips.
    Code.objects.bulk_create((Code(digest=value, batch=batch) for value in sorted(digests)), batch_size=500)
    batch.printed_count += len(digests)
    if batch.method == Batch.Method.SCREEN:
        batch.screen_secret = batch.screen_secret or _random_code(CODE_LENGTH)
        batch.is_door_open = True
    batch.save(update_fields=["printed_count", "screen_secret", "is_door_open"])


def void_unused(batch: Batch) -> int:
    """Delete the codes that nobody used and return how many they were."""
    unused, _ = Code.objects.filter(batch=batch).delete()
    return unused


def withdraw_slip(batch: Batch, typed: str) -> bool:
    """Make a slip that came back good for nothing, on all its forms at once; whether it was good for any of them.

    Its rights stay where they were, under digests that no code has: they are counted and voided with the unused ones at
    closing, so that no number tells before the seal on which form the slip had been used.
    """
    with transaction.atomic():
        forms = list(batch.sharing_slip())
        lock_polls(forms)
        rights = [
            Code.objects.filter(batch=form, digest__in=_slip_digests(typed, place=form.slip_place)) for form in forms
        ]
        return sum(right.update(digest=random_key()) for right in rights) > 0


def screen_code(batch: Batch, *, back: int = 0) -> str:
    """The code that lets into a screen batch now, or the one so many times before it."""
    span = int(time.time()) // settings.SCREEN_CODE_SECONDS - back
    number = digest(f"{batch.screen_secret}:{span}", purpose="screen code")
    return _spell(number, SCREEN_LETTERS)[-SCREEN_LETTERS:] + _spell(batch.pk, BATCH_LETTERS)


def _spell(number: int, least: int) -> str:
    """A number in the letters of codes, at least so many."""
    letters = ""
    while number or len(letters) < least:
        number, place = divmod(number, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return letters


def named_batch(typed: str) -> int | None:
    """The key of the batch that a text would name if it were a screen code."""
    code = normalize(typed)
    if len(code) < SCREEN_LETTERS + BATCH_LETTERS or not set(code) <= set(ALPHABET):
        return None
    number = 0
    for letter in code[SCREEN_LETTERS:][:12]:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number


class UnknownCode(LookupError):
    """No such code, or one that was used or voided: its row is gone, so the database cannot say which."""


class OldCode(LookupError):
    """A screen code that has changed since."""


class DoorShut(LookupError):
    """The screen's code, while the secretary lets nobody in."""


@dataclass(frozen=True)
class Ticket:
    """The right that a code was exchanged for: the batch, and either the slip's digest or this browser's mark in a screen batch."""

    batch_id: int
    poll_id: int
    slip: int | None
    browser: str

    @cached_property
    def fingerprint(self) -> str:
        """A word that differs from ticket to ticket, to recognise its pages by; derived, and kept nowhere."""
        identity = f"{self.batch_id}:{self.slip}:{self.browser}"
        return f"{digest(identity, purpose='ticket fingerprint'):016x}"

    def dumps(self) -> str:
        """Sealed with the project's key; carries no clear code."""
        return signer_for("ballots.ticket").sign_object(astuple(self))

    @classmethod
    def loads(cls, value: str) -> "Ticket":
        """Raises signing.BadSignature (or SignatureExpired)."""
        return cls(*signer_for("ballots.ticket").unsign_object(value, max_age=TICKET_SECONDS))


def exchange(typed: str, *, browser: str = "") -> Ticket:
    """The ticket for a code as scanned or typed, of a shared slip the first; raises UnknownCode, OldCode or DoorShut.

    `browser` is the random mark that one browser keeps. The same browser gets the same screen ticket whenever it scans,
    so it can cast once; two batches see marks of it that have nothing in common.
    """
    return exchange_all(typed, browser=browser)[0]


def exchange_all(typed: str, *, browser: str = "") -> list[Ticket]:
    """Likewise one ticket for each form of a shared slip, in their order on it, used or not; raises as `exchange`."""
    code = normalize(typed)
    if len(code) == CODE_LENGTH and (tickets := _tickets_of_slip(code)):
        return tickets
    batch = _batch_of_screen(code)
    seed = browser or secrets.token_urlsafe(12)
    return [Ticket(batch.pk, batch.poll_id, None, f"{digest(f'{batch.pk}:{seed}', purpose='screen browser'):x}")]


def _tickets_of_slip(code: str) -> list[Ticket]:
    """Empty where the code gives no right any more, on any form."""
    kept = Code.objects.filter(digest__in=slip_digests(code)).select_related("batch").first()
    if kept is None:
        return []
    batch = kept.batch
    # All forms of a slip were made valid with one key: the one that made this digest.
    key = _slip_digests(code, place=batch.slip_place).index(kept.digest)
    forms = [batch] if batch.shared_slip_id is None else batch.sharing_slip()
    return [Ticket(form.pk, form.poll_id, _slip_digests(code, place=form.slip_place)[key], "") for form in forms]


def _batch_of_screen(code: str) -> Batch:
    """The batch that a screen code lets into; one that is closed is told by the ballot's own pages."""
    key = named_batch(code)
    batch = None if key is None else Batch.objects.exclude(screen_secret="").filter(pk=key).first()
    age = _age(batch, code) if batch else None
    if batch is None or age is None:
        raise UnknownCode
    if batch.state == Batch.State.OPEN:
        is_past_grace = time.time() % settings.SCREEN_CODE_SECONDS >= GRACE_SECONDS
        if age > 1 or (age == 1 and is_past_grace):
            raise OldCode
        if not batch.is_door_open:
            raise DoorShut
    return batch


def _age(batch: Batch, code: str) -> int | None:
    """How many codes ago this one was shown; None where it never was, or long ago."""
    return next((back for back in range(OLD_CODES) if hmac.compare_digest(screen_code(batch, back=back), code)), None)


def slip_digest(typed: str, *, place: int = 1) -> int:
    """The digest under which a slip's code is kept while it is unused, for the form at a place on the slip."""
    return _slip_digests(typed, place=place)[0]


def slip_digests(typed: str) -> list[int]:
    """Its digests for all places that a slip may have, with each key."""
    return [value for place in range(1, MOST_FORMS + 1) for value in _slip_digests(typed, place=place)]


def _slip_digests(typed: str, *, place: int) -> list[int]:
    return digests(normalize(typed), purpose="code" if place == 1 else f"code {place}")
