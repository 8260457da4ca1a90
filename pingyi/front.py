"""The worker of gunicorn that takes requests in whole before one of its threads sees them.

gunicorn keeps the processes. Within each waitress reads all connections in one loop, gives complete requests to the
threads and sends what they answered: who sends or reads slowly costs a socket and no thread. Added here: a deadline for
each request, a cap of idle connections for each address, the limit that a page sets to what is sent to it, and the log.
"""

import logging
import os
import socket
import time
from functools import cached_property

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.task import ErrorTask, Task, ThreadedTaskDispatcher, WSGITask

from .addresses import is_proxy
from .bodies import ANY_PAGE_TAKES, largest_body

# A phone in bad Wi-Fi sends its head within a second or two, and a ballot with it.
SECONDS_TO_SEND = int(os.environ.get("PINGYI_SECONDS_TO_SEND", "15"))
# Whoever sends a large file gets a second more for each so many bytes of it.
BYTES_A_SECOND = 50_000
# An answer of which nothing more is taken for so long is given up.
SECONDS_TO_TAKE = 60
# Connections of one address, in one process, on which no request is being answered. Those beyond are cut, the longest
# idle first; a request that arrives whole is never refused, so a whole meeting may come from one address.
IDLE_OF_ONE_ADDRESS = int(os.environ.get("PINGYI_IDLE_CONNECTIONS", "150"))
IDLE_AT_ALL = 900
# After a refusal what is still being sent is thrown away for so long, or the sender would see a broken connection.
SECONDS_TO_LINGER = 3
SECONDS_TO_STOP = 25


class WholeRequest(HTTPRequestParser):
    """A request as it comes in, whole unless it is larger than its page takes: then its body is not read."""

    is_too_large = False

    @property
    def size(self) -> int:
        """The bytes of its body, as announced or as they have come in."""
        return max(self.content_length, self.body_bytes_received)

    @cached_property
    def _largest(self) -> int:
        return largest_body(self.path)

    def received(self, data):
        consumed = super().received(data)
        if self.error or self.size <= ANY_PAGE_TAKES or self.size <= self._largest:
            return consumed
        self._leave_unread()
        return len(data)

    def _leave_unread(self):
        """Give the application the length alone, which answers by it (`bodies.RefuseLargeBodies`)."""
        self.headers["CONTENT_LENGTH"] = str(self.size)
        self.is_too_large = self.completed = True
        self.expect_continue = False
        self.close()
        self.body_rcv = None


class _Logged(Task):
    """An answer that ends up as a line of the access log, where there is one."""

    def finish(self):
        super().finish()
        seconds = time.time() - self.start_time
        self.channel.server.log_access(self.request, self.status, self.content_bytes_written, seconds)


class _Answer(_Logged, WSGITask):
    """The application's answer to a request."""

    def execute(self):
        if self.request.is_too_large:
            self.set_close_on_finish()
        super().execute()


class _Error(_Logged, ErrorTask):
    """The answer to something that is no request."""


class Connection(HTTPChannel):
    """A connection, on which every request has to arrive in time."""

    parser_class = WholeRequest
    task_class = _Answer
    error_task_class = _Error

    def __init__(self, server, sock, addr, adj, map=None):
        self.idle_since = time.monotonic()
        self._lingers_until = 0.0
        self._leaves_unread = False
        super().__init__(server, sock, addr, adj, map=map)
        server.make_room(self.addr[0])

    @property
    def is_idle(self) -> bool:
        """Whether no thread has anything to do with it: a request is awaited or coming in, or an answer going out."""
        return not self.requests and not self.will_close

    def is_late(self, now: float) -> bool:
        """Whether the request that should come is not whole by now."""
        if self._lingers_until:
            return now > self._lingers_until
        if not self.is_idle or self.total_outbufs_len:
            return False
        size = self.request.size if self.request else 0
        return now > self.idle_since + SECONDS_TO_SEND + size / BYTES_A_SECOND

    def service(self):
        self._leaves_unread = self.requests[0].is_too_large
        super().service()
        self.idle_since = time.monotonic()

    def handle_write(self):
        super().handle_write()
        if not self.total_outbufs_len:
            self.idle_since = time.monotonic()

    def handle_close(self):
        if not self._leaves_unread or self._lingers_until or not self._shut():
            super().handle_close()

    def _shut(self) -> bool:
        """Send no more, but go on reading for a while; whether that is possible."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        self._lingers_until = time.monotonic() + SECONDS_TO_LINGER
        self.will_close = False
        return True

    def readable(self):
        return bool(self._lingers_until) or super().readable()

    def handle_read(self):
        if self._lingers_until:
            self.recv(1 << 16)
        else:
            super().handle_read()


class _Front:
    """A listening socket, of either kind, with its connections."""

    channel_class = Connection

    def __init__(self, worker, listener, *, sockets, dispatcher, adj):
        self._log = worker.log.access_log if worker.cfg.accesslog else None
        sockinfo = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(
            worker.wsgi, sockets, _sock=listener, dispatcher=dispatcher, adj=adj, sockinfo=sockinfo, bind_socket=False
        )

    def make_room(self, address):
        """Cut the longest idle connections beyond the caps."""
        if len(self.active_channels) <= IDLE_OF_ONE_ADDRESS:
            return
        idle = [channel for channel in self.active_channels.values() if channel.is_idle]
        of_address = [] if is_proxy(address) else [channel for channel in idle if channel.addr[0] == address]
        for channels, most in ((of_address, IDLE_OF_ONE_ADDRESS), (idle, IDLE_AT_ALL)):
            if len(channels) > most:
                min(channels, key=lambda channel: channel.idle_since).will_close = True

    def maintenance(self, now):
        super().maintenance(now)
        now = time.monotonic()
        for channel in self.active_channels.values():
            if channel.is_late(now):
                channel.will_close = True

    def log_access(self, request, status, size, seconds):
        """No address, no browser and no referring page: who asked is not to be found even in a log that was asked for."""
        if self._log:
            at = time.strftime("[%d/%b/%Y:%H:%M:%S %z]")
            line = getattr(request, "first_line", b"-").decode("latin-1")
            self._log.info('%s "%s" %s %s %dms', at, line, status[:3], size, seconds * 1000)


class TcpFront(_Front, TcpWSGIServer):
    pass


class UnixFront(_Front, UnixWSGIServer):
    pass


class FrontWorker(Worker):
    """A process of gunicorn in which waitress serves."""

    def run(self):
        self._lead_log()
        sockets, dispatcher = {}, ThreadedTaskDispatcher()
        dispatcher.set_thread_count(self.cfg.threads)
        adj = adjustments()
        self._fronts = [
            (UnixFront if listener.sock.family == socket.AF_UNIX else TcpFront)(
                self, listener.sock, sockets=sockets, dispatcher=dispatcher, adj=adj
            )
            for listener in self.sockets
        ]
        while self.alive and self.ppid == os.getppid():
            self._turn(sockets)
        self._finish(sockets)
        dispatcher.shutdown()

    def _lead_log(self):
        """Let what waitress has to say pass through the mask of gunicorn's log."""
        errors, own = self.log.error_log, logging.getLogger("waitress")
        own.handlers, own.propagate = errors.handlers, False
        own.setLevel(errors.level)
        # A queue is what a meeting makes when everybody votes at once.
        logging.getLogger("waitress.queue").disabled = True

    def _turn(self, sockets):
        self.notify()
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)

    def _finish(self, sockets):
        """Answer what has arrived whole."""
        for front in self._fronts:
            front.accepting = False
        deadline = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < deadline and any(
            channel.requests or channel.total_outbufs_len
            for front in self._fronts
            for channel in front.active_channels.values()
        ):
            self._turn(sockets)

    def handle_exit(self, sig, frame):
        super().handle_exit(sig, frame)
        for front in getattr(self, "_fronts", ()):
            front.pull_trigger()


def adjustments() -> Adjustments:
    return Adjustments(
        ident=None,
        connection_limit=10**6,
        cleanup_interval=1,
        channel_timeout=SECONDS_TO_TAKE,
        log_socket_errors=False,
        recv_bytes=1 << 16,
        max_request_body_size=2**40,  # WholeRequest knows better
        max_request_header_size=32 * 1024,
        # No thread waits for a client that takes its answer slowly: it goes to a temporary file.
        outbuf_high_watermark=2**40,
        clear_untrusted_proxy_headers=False,
    )
