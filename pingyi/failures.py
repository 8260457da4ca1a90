"""How many requests failed since the server started, in all its processes: counters in memory that they share.

Each process counts in a slot of its own, so that one that is killed leaves no lock behind. The memory is made when this
module is imported, which has to be before the processes part (`pingyi.gunicorn`).
"""

import mmap
import os
import struct
import threading
from enum import IntEnum

SLOTS = 1024
_NUMBER = struct.Struct("<Q")


class Failure(IntEnum):
    """Why a request got no proper answer."""

    ERROR = 0
    BUSY = 1


_memory = mmap.mmap(-1, SLOTS * len(Failure) * _NUMBER.size)
_lock = threading.Lock()


def note_failure(kind: Failure) -> None:
    place = _place(os.getpid() % SLOTS, kind)
    with _lock:
        (count,) = _NUMBER.unpack_from(_memory, place)
        _NUMBER.pack_into(_memory, place, count + 1)


def failure_count(kind: Failure) -> int:
    """The failures of a kind in all processes."""
    return sum(_NUMBER.unpack_from(_memory, _place(slot, kind))[0] for slot in range(SLOTS))


def _place(slot: int, kind: Failure) -> int:
    return (slot * len(Failure) + kind) * _NUMBER.size
