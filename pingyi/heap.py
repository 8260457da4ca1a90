"""Memory of a server that draws in threads: the C library's heaps are few, used by all of them, and given back. And of a long count."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

# glibc gives each thread a heap of its own, up to eight a processor, and what a PDF took remains in each of them.
M_ARENA_MAX = -8
HEAPS = 2
# New objects until the young ones are looked at, such looks until the older are, and those until all are.
SELDOM = (50_000, 20, 20)


def use_few_heaps() -> bool:
    """Whether this process and those that part from it keep to two heaps; other C libraries have one anyway."""
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS))
    except (AttributeError, OSError):
        return False


def return_freed() -> bool:
    """Whether the system got back what this process has freed; glibc keeps most of it, after a PDF 50 MB."""
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (AttributeError, OSError):
        return False


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Meanwhile objects that hold each other are seldom looked for: a long count makes few, and each look goes over all it holds."""
    thresholds = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
