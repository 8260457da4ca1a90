"""Connections to a server of several processes, to each process as many.

A new connection is taken by whichever process wakes first. Of eight, one process may get all: it answers half as fast as
two do, and a processor has nothing to do. So chance would decide what a round over few connections measures.
"""

import os
import socket
import sys
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

TRIES = 40
SECONDS_TO_BE_TAKEN = 10
SECONDS_BETWEEN_LOOKS = 0.002


def connect_evenly(
    connect: Callable[[], socket.socket], *, count: int, processes: Collection[int]
) -> list[socket.socket]:
    """So many connections, to each process its share; what comes beyond is closed.

    They stay as they come where the processes cannot be seen, or where one of them takes none, however often it is tried.
    """
    share = count // max(1, len(processes))
    taken: dict[int, list[socket.socket]] = {process: [] for process in processes}
    beyond: list[socket.socket] = []
    for _ in range(TRIES):
        # All of them before any is looked at: each process that wakes finds some left.
        for connection in [connect() for _ in range(count)]:
            own = taken.get(_process_of(connection, processes), beyond)
            (own if len(own) < share else beyond).append(connection)
        if all(len(own) >= share for own in taken.values()):
            break
        # Few are kept open at a time: the server cuts those beyond its cap, the longest idle first.
        _close(beyond[count:])
        del beyond[count:]
    in_turn = [connection for turn in zip_longest(*taken.values()) for connection in turn if connection] + beyond
    _close(in_turn[count:])
    return in_turn[:count]


def _close(connections: Iterable[socket.socket]) -> None:
    for connection in connections:
        connection.close()


def _process_of(connection: socket.socket, processes: Collection[int]) -> int:
    """The process that has taken a connection; 0 where that is not to be seen."""
    number = _number_at_the_server(connection) if processes else ""
    return next((process for process in processes if f"socket:[{number}]" in _open_files(process)), 0)


def _number_at_the_server(connection: socket.socket) -> str:
    """The kernel's number of the server's end of a connection, once a process has taken it; empty where it is not listed."""
    ends = [_as_listed(end) for end in (connection.getpeername(), connection.getsockname())]
    deadline = time.monotonic() + SECONDS_TO_BE_TAKEN
    while time.monotonic() < deadline:
        try:
            rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        except OSError:
            break
        # 0 is the number of all that wait to be taken.
        if number := next((row[9] for row in rows if row[1:3] == ends and row[9] != "0"), ""):
            return number
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return ""


def _as_listed(end: tuple[str, int]) -> str:
    """An address and a port as the kernel lists them: four bytes in the machine's order, and the number."""
    return f"{int.from_bytes(socket.inet_aton(end[0]), sys.byteorder):08X}:{end[1]:04X}"


def _open_files(process: int) -> set[str]:
    places = Path(f"/proc/{process}/fd")
    files = set()
    with suppress(OSError):  # the process has ended
        for place in places.iterdir():
            with suppress(OSError):  # it was closed meanwhile
                files.add(os.readlink(place))
    return files
