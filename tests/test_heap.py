import gc
import subprocess
import sys

import pytest

from pingyi import heap

# Threads that hold memory at the same time, and then the number of heaps that glibc has made for them.
DRAWING = """
import ctypes, sys, threading
from pingyi.heap import use_few_heaps
if sys.argv[1] == "few":
    assert use_few_heaps()
together = threading.Barrier(8)
def draw():
    together.wait()
    kept = [bytes(2000) for _ in range(2000)]
    together.wait()
threads = [threading.Thread(target=draw) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
"""

# Memory that is freed below some that is kept, and what the process still holds: before, with it, and given back; in MB.
FREEING = """
from pathlib import Path
from pingyi.heap import return_freed
def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) // 256
before = held()
pieces = [bytearray(b"x" * 60_000) for _ in range(1000)]
last = bytearray(b"x" * 60_000)
del pieces
freed = held()
assert return_freed()
print(freed - before, held() - before)
"""

glibc = pytest.mark.skipif(not heap.use_few_heaps(), reason="not of this C library")


def heaps(how):
    done = subprocess.run([sys.executable, "-c", DRAWING, how], capture_output=True, text=True, check=True)
    return done.stdout.count("<heap nr=")


@glibc
def test_threads_share_two_heaps():
    assert heaps("few") <= heap.HEAPS
    assert heaps("many") > heap.HEAPS


@glibc
def test_what_was_freed_is_given_back():
    done = subprocess.run([sys.executable, "-c", FREEING], capture_output=True, text=True, check=True)
    freed, given_back = map(int, done.stdout.split())

    assert freed > 40
    assert given_back < 10


def test_a_c_library_without_these_settings_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: object())

    assert not heap.use_few_heaps()
    assert not heap.return_freed()


def test_cycles_are_looked_for_seldom_only_meanwhile():
    usual = gc.get_threshold()

    with pytest.raises(ZeroDivisionError), heap.rarely_collected():
        assert gc.get_threshold() == heap.SELDOM
        raise ZeroDivisionError

    assert gc.get_threshold() == usual
