"""A pool of connections that stands before PostgreSQL is told by `doctor`, with a lock_timeout that it left out."""

import itertools
import socket
import socketserver
import threading
from contextlib import contextmanager

import pytest
from django.db import connection

from reports.examining import look_over
from reports.remarks import WARNING
from tests import postgres

from .servers import connected

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["postgresql"], indirect=True)]
_numbers = itertools.count(1)
# The message with the number of the server's process: its kind and its length.
KEY_MESSAGE = b"K\x00\x00\x00\x0c"


class Pool(socketserver.BaseRequestHandler):
    """Passes everything on but the number of the server's process, in the place of which it tells its own, as a pool does."""

    def handle(self):
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(self.server.behind)
            back = threading.Thread(target=self.answer, args=(server,), daemon=True)
            back.start()
            while asked := self.request.recv(65536):
                server.sendall(asked)
            server.shutdown(socket.SHUT_WR)
            back.join()

    def answer(self, server):
        while told := server.recv(65536):
            place = told.find(KEY_MESSAGE)
            if place >= 0:
                number = place + len(KEY_MESSAGE)
                told = told[:number] + b"\x00\x00\x00\x01" + told[number + 4 :]
            self.request.sendall(told)


@contextmanager
def pool_before(engine):
    """The port of a pool before a cluster."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Pool)
    server.daemon_threads = True
    server.behind = str(next(engine.folder.glob(".s.PGSQL.*[0-9]")))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def name(engine, django_db_blocker):
    with django_db_blocker.unblock():
        name = f"pooled_{next(_numbers)}"
        engine.create(name, template="template")
        yield name


def warnings():
    return [remark.sentence for remark in look_over(is_thorough=False) if remark.grade == WARNING]


def told_of(sentences, words):
    return any(words in sentence for sentence in sentences)


def test_a_pool_is_told_and_a_straight_connection_is_not(engine, name):
    with connected(postgres.url(engine.folder, name)):
        straight = warnings()
    with pool_before(engine) as port, connected(f"postgres://{postgres.ACCOUNT}@127.0.0.1:{port}/{name}"):
        pooled = warnings()

    assert not told_of(straight, "连接池")
    assert told_of(pooled, "只能用 session 模式")
    assert not told_of(pooled, "lock_timeout")


def test_a_lock_timeout_that_was_left_out_is_told(engine, name):
    with connected(postgres.url(engine.folder, name)):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
        told = warnings()

    assert told_of(told, "lock_timeout 没有生效")
