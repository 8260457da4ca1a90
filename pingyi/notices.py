"""Moments that all processes of a server know of: numbers with a time, in memory that they share, never on a disk.

The memory is made when this module is imported, so it has to be before the processes part (`pingyi.gunicorn`).
"""

import mmap
import struct
import time

SLOTS = 4096
_RECORD = struct.Struct("<qd")
_memory = mmap.mmap(-1, SLOTS * _RECORD.size)


def put_up(number: int) -> None:
    """Let everybody know of a number from now on; another number of the same slot is forgotten."""
    _RECORD.pack_into(_memory, _place(number), number, time.time())


def is_up(number: int, *, seconds: int) -> bool:
    """Whether the number was put up so many seconds ago at most."""
    kept, at = _RECORD.unpack_from(_memory, _place(number))
    return kept == number and time.time() - at <= seconds


def _place(number: int) -> int:
    return number % SLOTS * _RECORD.size
