"""Slow, silent and greedy clients of the web server: they wait or are cut, and everybody else is answered."""

import os
import select
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LARGE = 20_000_000
APPLICATION = f"""
def application(environ, start_response):
    is_large = environ["PATH_INFO"] == "/large"
    body = b"x" * {LARGE} if is_large else environ["wsgi.input"].read() or b"ok"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
SILENCE = b""
HALF_A_HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le"
HALF_A_BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nm0-0=1"
# Only a hang takes longer.
PATIENCE = 120
# So long nobody is cut for being slow, however slow the test is.
UNHURRIED = {"PINGYI_SECONDS_TO_SEND": "600"}


class Server:
    """A server with one thread, and everybody who has connected to it."""

    def __init__(self, folder, stack, **variables):
        (folder / "patient.py").write_text(APPLICATION)
        self._stack = stack
        self._listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        number = self._listening.fileno()
        command = [sys.executable, "-m", "gunicorn", "-c", "python:pingyi.gunicorn", "--bind", f"fd://{number}"]
        variables |= {"PINGYI_WORKERS": "1", "PINGYI_THREADS": "1", "PYTHONPATH": f"{folder}:{ROOT}"}
        server = subprocess.Popen(
            [*command, "patient"], env=os.environ | variables, cwd=folder, pass_fds=[number], stdin=subprocess.DEVNULL
        )
        stack.callback(server.wait)
        stack.callback(server.terminate)
        self.wait_until_answered()

    def connect(self, sent):
        connection = self._stack.enter_context(
            socket.create_connection(self._listening.getsockname(), timeout=PATIENCE)
        )
        connection.sendall(sent)
        return connection

    def answers(self, request):
        return self.connect(request).recv(4096).startswith(b"HTTP/1.1 200 OK")

    def wait_until_answered(self):
        """A connection with an answer on it. A server that cuts after a second cuts whoever is held up for a second too."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(OSError):
                connection = self.connect(WHOLE)
                if connection.recv(4096).startswith(b"HTTP/1.1 200 OK"):
                    return connection
            assert time.monotonic() < deadline, "waited in vain"


@pytest.fixture
def serve(tmp_path):
    with ExitStack() as stack:
        yield lambda **variables: Server(tmp_path, stack, **variables)


def is_cut(connection):
    """Whether the server has closed a connection on which it says nothing."""
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable) and connection.recv(1) == b""


def wait_until_cut(connection):
    """A connection that is cut before all was read ends with a reset."""
    with suppress(ConnectionResetError):
        # The answer to a request that was whole may come in several parts.
        while connection.recv(4096):
            pass


@pytest.mark.parametrize("sent", [SILENCE, HALF_A_HEAD, HALF_A_BODY])
def test_those_who_have_not_sent_a_whole_request_keep_nobody_waiting(serve, sent):
    server = serve(**UNHURRIED)
    held = [server.connect(sent) for _ in range(30)]

    assert all(server.answers(WHOLE) for _ in range(5))
    assert not any(map(is_cut, held))


def test_whoever_takes_a_large_answer_slowly_keeps_nobody_waiting_and_gets_all_of_it(serve):
    server = serve(**UNHURRIED)
    slow = [server.connect(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") for _ in range(3)]
    begun = [connection.recv(1000) for connection in slow]

    assert server.answers(WHOLE)

    for connection, received in zip(slow, begun, strict=True):
        while part := connection.recv(1 << 20):
            received += part
        assert len(received.partition(b"\r\n\r\n")[2]) == LARGE


@pytest.mark.parametrize("sent", [SILENCE, HALF_A_HEAD, HALF_A_BODY, WHOLE])
def test_a_connection_without_a_whole_request_is_cut_after_a_while(serve, sent):
    server = serve(PINGYI_SECONDS_TO_SEND="1")
    connection = server.wait_until_answered() if sent == WHOLE else server.connect(sent)

    wait_until_cut(connection)

    server.wait_until_answered()


@pytest.mark.parametrize("sent", [HALF_A_HEAD, HALF_A_BODY])
def test_a_request_that_trickles_in_is_cut_too(serve, sent):
    server = serve(PINGYI_SECONDS_TO_SEND="1")

    with pytest.raises(OSError, match=r"reset|pipe"):
        connection = server.connect(sent)
        for _ in range(PATIENCE * 10):
            time.sleep(0.1)
            connection.sendall(b"1")


def test_beyond_the_cap_of_an_address_the_longest_idle_are_cut_and_whole_requests_answered(serve):
    server = serve(PINGYI_IDLE_CONNECTIONS="5", **UNHURRIED)

    held = [server.connect(SILENCE) for _ in range(9)]

    for connection in held[:4]:
        wait_until_cut(connection)
    assert all(server.answers(WHOLE) for _ in range(20))


def test_a_trusted_proxy_has_no_cap_for_it_speaks_for_many(serve):
    server = serve(
        PINGYI_IDLE_CONNECTIONS="5",
        PINGYI_TRUSTED_PROXIES="127.0.0.1",
        DJANGO_SETTINGS_MODULE="pingyi.settings",
        PINGYI_SECRET_KEY="x",
        **UNHURRIED,
    )

    held = [server.connect(SILENCE) for _ in range(9)]

    assert server.answers(WHOLE)
    assert not any(map(is_cut, held))
