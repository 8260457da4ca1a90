"""Connections of the bench go to the processes of a server in fair shares."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from itertools import cycle

import pytest

from bench.evenly import TRIES, connect_evenly

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="the processes are seen in /proc alone")

# A process that is handed connections, and keeps them.
KEEPER = """
import socket, sys
orders, held = socket.socket(fileno=int(sys.argv[1])), []
while (handed := socket.recv_fds(orders, 1, 1))[0]:
    held += handed[1]
    orders.send(b".")
"""


class TwoProcesses:
    """A server of this process (`a`) and of a child (`b`); who takes which connection is written down beforehand."""

    def __init__(self, listener: socket.socket, orders: socket.socket, child: int):
        self.processes = (os.getpid(), child)
        self._listener, self._orders = listener, orders
        self._taken: list[socket.socket] = []
        self.made: dict[socket.socket, str] = {}

    def taking(self, turns: Iterable[str]):
        """How to connect while the processes take their turns."""
        turn = iter(turns)

        def connect() -> socket.socket:
            connection = socket.create_connection(self._listener.getsockname())
            self.made[connection] = next(turn)
            self._take(self.made[connection])
            return connection

        return connect

    def _take(self, letter: str) -> None:
        end, _ = self._listener.accept()
        if letter == "a":
            self._taken.append(end)
            return
        socket.send_fds(self._orders, [b"!"], [end.fileno()])
        assert self._orders.recv(1) == b"."
        end.close()

    def close(self) -> None:
        for connection in (*self.made, *self._taken):
            connection.close()


@pytest.fixture
def server():
    own, other = socket.socketpair()
    with own, other, socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-c", KEEPER, str(other.fileno())]
        with subprocess.Popen(command, pass_fds=[other.fileno()]) as child:
            two = TwoProcesses(listener, own, child.pid)
            yield two
            two.close()
            child.kill()


@pytest.mark.parametrize(
    ("count", "turns", "expected"),
    [
        (4, "abba", "aabb"),
        (4, "aaaaaaab" + "aaab", "aabb"),
        (4, "bbbb" + "bbba" + "abbb", "aabb"),
        (1, "b", "b"),
        (3, "aab", "aab"),
        (3, "aaa" + "bbb", "aab"),
    ],
    ids=["at once", "slow second", "slow first", "alone", "odd", "odd and slow"],
)
def test_each_process_gets_its_share(server, count, turns, expected):
    chosen = connect_evenly(server.taking(turns), count=count, processes=server.processes)

    assert sorted(server.made[connection] for connection in chosen) == list(expected)
    assert "".join(server.made.values()) == turns
    assert {connection for connection in server.made if connection.fileno() != -1} == set(chosen)


def test_a_process_that_takes_none_leaves_all_to_the_other(server):
    chosen = connect_evenly(server.taking(cycle("b")), count=4, processes=server.processes)

    assert [server.made[connection] for connection in chosen] == ["b"] * 4
    assert len(server.made) == 4 * TRIES
    assert {connection for connection in server.made if connection.fileno() != -1} == set(chosen)


def test_processes_that_are_not_known_are_not_looked_for(server):
    chosen = connect_evenly(server.taking("abbb"), count=4, processes=())

    assert "".join(server.made[connection] for connection in chosen) == "abbb"
