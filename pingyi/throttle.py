"""Counts by somebody that are kept in memory, in one process, and tell nobody who it was.

An address is known by a digest under a key that each process invents when it starts; nothing is stored or logged.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass, field
from threading import Lock

_KEY = secrets.token_bytes(32)
# More are not remembered: whoever fills the memory begins anew, with everybody else.
MOST_REMEMBERED = 20_000


def faceless(who: str) -> bytes:
    """A name for somebody that means nothing outside this process."""
    return hashlib.blake2b(who.encode(), key=_KEY, digest_size=12).digest()


@dataclass
class Throttle:
    """A vessel for each key that holds so many drops and loses so many a minute."""

    holds: int
    a_minute: float
    _levels: dict[object, tuple[float, float]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def is_over(self, key: object) -> bool:
        """Put a drop in; whether the vessel is too full for it. A minute later there is room for one again."""
        now = time.time()
        with self._lock:
            level = self._level(key, now) + 1
            self._make_room()
            self._levels[key] = (min(level, self.holds + self.a_minute - 1), now)
        return level > self.holds

    def _level(self, key: object, now: float) -> float:
        level, since = self._levels.get(key, (0.0, now))
        return max(0.0, level - max(0.0, now - since) * self.a_minute / 60)

    def _make_room(self) -> None:
        if len(self._levels) >= MOST_REMEMBERED:
            self._levels.clear()

    def forget(self) -> None:
        """Empty every vessel."""
        self._levels.clear()
