"""A ballot between filling in and casting. It waits in its participant's browser, never on the server.

So the page that shows it for a last look has an address of its own: Back and reload ask the browser for nothing twice.
"""

import json
import zlib
from dataclasses import dataclass, field

from cryptography.fernet import InvalidToken, MultiFernet

from pingyi.keys import lock_for

from .codes import Ticket

DRAFT_SECONDS = 30 * 60
# A browser keeps 4096 bytes of a cookie, its name and attributes among them; some 1,500 characters of opinions fit into one.
MOST_CHARACTERS = 3800


class NoDraft(Exception):
    """A text that is no draft, is too old, or is another ticket's."""


@dataclass(frozen=True)
class Draft:
    """The marks and opinions that a participant has sent on to the review, and the key of the submission to come."""

    # Not shown in tracebacks, which end in logs.
    marks: str = field(repr=False)
    opinions: dict[int, str] = field(repr=False)
    key: str

    def dumps(self, ticket: Ticket) -> str:
        """Encrypted: nobody who has the phone or the network in hand reads a mark."""
        parts = [ticket.fingerprint, self.key, self.marks, list(self.opinions.items())]
        content = json.dumps(parts, ensure_ascii=False)
        return _lock().encrypt(zlib.compress(content.encode())).decode()

    @classmethod
    def loads(cls, value: str, ticket: Ticket) -> "Draft":
        """Raises NoDraft."""
        try:
            content = json.loads(zlib.decompress(_lock().decrypt(value.encode(), ttl=DRAFT_SECONDS)))
        except InvalidToken:
            raise NoDraft from None
        fingerprint, key, marks, opinions = content
        if fingerprint != ticket.fingerprint:
            raise NoDraft
        return cls(marks, dict(opinions), key)


def encrypted(text: str) -> str:
    """A short text, encrypted for a cookie."""
    return _lock().encrypt(text.encode()).decode()


def decrypted(value: str, *, seconds: int) -> str | None:
    """The text again; None where it is no such text, or is too old."""
    try:
        return _lock().decrypt(value.encode(), ttl=seconds).decode()
    except InvalidToken:
        return None


def _lock() -> MultiFernet:
    return lock_for("ballots.draft")
