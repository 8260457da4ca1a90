"""Codes: making them, and the signed ticket that a code is exchanged for.

A code exists in clear only on its slip (or on the wall screen) and in the participant's cookie; the database holds the
63-bit digest of an unused one and deletes it when it is used.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction

from .models import Batch, Code

# No 0/O, 1/I/L, U/V: what is read aloud or typed from paper must not be mistaken.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 10
SCREEN_CODE_LENGTH = 6
TICKET_SECONDS = 2 * 3600
MAX_PRINTED = 2000


def digest(text: str, *, purpose: str) -> int:
    """The positive 63-bit keyed digest under which a code, key or ticket is stored."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).digest()
    return int.from_bytes(mac[:8], "big") >> 1


def normalize(typed: str) -> str:
    """What a person typed, without spaces, dashes and lower case."""
    return "".join(typed.split()).replace("-", "").replace("－", "").upper()


def pretty(code: str) -> str:
    """A code in groups of five, as printed."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def _random_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def make_slips(batch: Batch, count: int) -> list[str]:
    """Make one-time codes for a slips batch and return them in clear, in random order; they are kept nowhere else.

    Raises ValueError with a message for the user where the number is out of range.
    """
    if not 1 <= count <= MAX_PRINTED:
        raise ValueError(f"每次可制作1至{MAX_PRINTED}张选票码，现为{count}张。")
    codes = {_random_code(CODE_LENGTH) for _ in range(count)}
    while len(codes) < count:
        codes.add(_random_code(CODE_LENGTH))
    _store(batch, (digest(code, purpose="code") for code in codes), count)
    shuffled = list(codes)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled


def admit(batch: Batch, count: int) -> None:
    """Let a screen batch admit `count` more ballots, giving it its screen code the first time."""
    if not 1 <= count <= MAX_PRINTED:
        raise ValueError(f"会场人数应为1至{MAX_PRINTED}，现为{count}。")
    with transaction.atomic():
        if not batch.screen_code:
            batch.screen_code = _random_code(SCREEN_CODE_LENGTH)
            batch.save(update_fields=["screen_code"])
        _store(batch, (secrets.randbits(63) for _ in range(count)), count)


def _store(batch: Batch, digests: Iterable[int], count: int) -> None:
    with transaction.atomic():
        # In the order of the digests, so that not even the physical order tells the order of the slips.
        Code.objects.bulk_create((Code(digest=value, batch=batch) for value in sorted(digests)), batch_size=500)
        batch.printed_count += count
        batch.save(update_fields=["printed_count"])


def void_unused(batch: Batch) -> int:
    """Delete the codes that nobody used and return how many they were."""
    unused, _ = Code.objects.filter(batch=batch).delete()
    return unused


class UnknownCode(LookupError):
    """No such code, or one that was used; which of the two is told by the ticket in the participant's own browser."""


@dataclass(frozen=True)
class Ticket:
    """What a code was exchanged for: the batch, and either the slip's digest or a random mark of this browser."""

    batch_id: int
    poll_id: int
    slip: int | None
    browser: str

    def dumps(self) -> str:
        """Sealed with the project's key; carries no clear code."""
        return signing.dumps([self.batch_id, self.poll_id, self.slip, self.browser], salt="ballots.ticket")

    @classmethod
    def loads(cls, value: str) -> "Ticket":
        """Raises signing.BadSignature (or SignatureExpired, after two hours)."""
        return cls(*signing.loads(value, salt="ballots.ticket", max_age=TICKET_SECONDS))


def exchange(typed: str) -> Ticket:
    """The ticket for a code as scanned or typed; raises UnknownCode."""
    code = normalize(typed)
    if len(code) == SCREEN_CODE_LENGTH:
        batch = Batch.objects.filter(screen_code=code).first()
        if batch:
            return Ticket(batch.pk, batch.poll_id, None, secrets.token_urlsafe(12))
    elif len(code) == CODE_LENGTH:
        slip = digest(code, purpose="code")
        batch = Batch.objects.filter(codes=slip).first()
        if batch:
            return Ticket(batch.pk, batch.poll_id, slip, "")
    raise UnknownCode
