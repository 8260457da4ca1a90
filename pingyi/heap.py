"""Memory of a server that draws in threads: the C library's heaps are few and used by all of them."""

import ctypes

# glibc gives each thread a heap of its own, up to eight a processor, and what a PDF took remains in each of them.
M_ARENA_MAX = -8
HEAPS = 2


def use_few_heaps() -> bool:
    """Whether this process and those that part from it keep to two heaps; other C libraries have one anyway."""
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS))
    except (AttributeError, OSError):
        return False
