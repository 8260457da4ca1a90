"""Wrong codes and bursts of ballots, noticed without keeping who: counted in memory, in each process for itself.

A right code is never held up, for a whole meeting may sit behind one address. Wrong ones are answered so many times
for an address, and for the batch that a screen code would name; after that only with the word to wait. With several
processes, each counts for itself: the limits hold for one. A burst that one of them notices all of them show.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from time import time

from django.conf import settings

from pingyi import notices
from pingyi.throttle import Throttle, faceless

from .codes import named_batch

# A minute after the limit was reached so many wrong codes are answered again.
WRONG_CODES_A_MINUTE = 10
# Ballots of one address within so many seconds are a burst: people take their time, each for themselves.
BURST_SECONDS = 5
# So long the poll's page tells of a burst.
BURST_IS_TOLD_SECONDS = 3600
MOST_ADDRESSES = 10_000


@cache
def _throttles() -> tuple[Throttle, Throttle]:
    """Of addresses, and of batches."""
    limits = settings.WRONG_CODES_OF_ADDRESS, settings.WRONG_CODES_OF_BATCH
    of_address, of_batch = (Throttle(holds=limit, a_minute=WRONG_CODES_A_MINUTE) for limit in limits)
    return of_address, of_batch


def is_guessing(typed: str, *, address: str) -> bool:
    """Count a wrong code; whether there were so many that whoever typed it has to wait."""
    of_address, of_batch = _throttles()
    batch = named_batch(typed)
    # Both are counted, whatever the first says.
    overs = [of_address.is_over(faceless(address)), batch is not None and of_batch.is_over(batch)]
    return any(overs)


@dataclass
class _Window:
    """The ballots of one address for one batch since a moment not long ago."""

    since: float = field(default_factory=time)
    count: int = 0


_windows: dict[tuple[int, bytes], _Window] = {}
_lock = Lock()


def count_cast(batch_id: int, *, address: str) -> None:
    """Count a ballot of a screen batch, and put up a notice where too many come from one address at once."""
    key = (batch_id, faceless(address))
    with _lock:
        window = _windows.get(key)
        if window is None or not 0 <= time() - window.since <= BURST_SECONDS:
            if len(_windows) >= MOST_ADDRESSES:
                _windows.clear()
            window = _windows[key] = _Window()
        window.count += 1
        is_burst = window.count >= settings.BURST_BALLOTS
    if is_burst:
        notices.put_up(batch_id)


def bursts(batch_ids: list[int]) -> Iterator[int]:
    """The batches that had a burst of late."""
    return (batch_id for batch_id in batch_ids if notices.is_up(batch_id, seconds=BURST_IS_TOLD_SECONDS))


def forget_everything() -> None:
    """Start anew, with the limits that the settings have now."""
    _throttles.cache_clear()
    _windows.clear()
