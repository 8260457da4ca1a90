"""A meeting goes on while somebody holds the server's connections, and nobody fills its disk (DESIGN 7)."""

import selectors
import socket
import time
from contextlib import suppress
from threading import Event, Lock, Thread

import pytest

from .browsers import Phone
from .meetings import count_cells, different_marks, make_meeting, side_by_side

pytestmark = pytest.mark.slow

SILENT, HALF_SENT = 100, 100
HALF_A_BALLOT = b"POST /ballot/cast/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 200\r\n\r\nballot="
MEGABYTE = b"x" * (1 << 20)
PATIENCE = 120
# So long nobody is cut for being slow: neither those who hold their connections nor a phone on a busy machine.
SECONDS_TO_SEND = "240"


class Siege:
    """Connections of one address that are silent or half-sent; each that the server cuts is opened again."""

    def __init__(self, port):
        self._port, self._ended, self._changing = port, Event(), Lock()
        self._open = selectors.DefaultSelector()
        self._keeper = Thread(target=self._keep)

    def __enter__(self):
        for number in range(SILENT + HALF_SENT):
            self._connect(b"" if number < SILENT else HALF_A_BALLOT)
        self._keeper.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._keeper.join()
        for key in list(self._open.get_map().values()):
            key.fileobj.close()
        self._open.close()

    @property
    def held(self):
        """How many are open, between two that are cut and opened again."""
        with self._changing:
            return len(self._open.get_map())

    def _connect(self, sent):
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
        with suppress(OSError):  # cut already: so it is found, and opened again
            connection.sendall(sent)
        self._open.register(connection, selectors.EVENT_READ, sent)

    def _keep(self):
        while not self._ended.is_set():
            for key, _ in self._open.select(0.1):
                with self._changing:
                    self._open.unregister(key.fileobj)
                    key.fileobj.close()
                    self._connect(key.data)


def test_forty_phones_cast_while_two_hundred_connections_of_their_own_address_are_held(site):
    site.stop()
    site.start(PINGYI_SECONDS_TO_SEND=SECONDS_TO_SEND)
    meeting = make_meeting(site, voters=40)
    marks = different_marks(40)
    seconds = []

    def cast(slip, own):
        phone = Phone(site.port)
        started = time.monotonic()
        phone.prepare(slip, own)
        receipt = phone.receipt(phone.send())
        seconds.append((time.monotonic() - started) / 5)
        return receipt

    with Siege(site.port) as siege:
        deeds = [lambda pair=pair: cast(*pair) for pair in zip(meeting.slips, marks, strict=True)]
        receipts = side_by_side(deeds, 40)
        held = siege.held

    print(f"a page took {sorted(seconds)[37]:.2f} s at most for 38 of 40 phones that cast at once")
    assert len(set(receipts)) == 40
    assert held == SILENT + HALF_SENT
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))


def post(site, head, *, parts):
    """Send a POST in parts until the server answers or hangs up; the answer, and how many parts were sent."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(f"POST {head}\r\nHost: 127.0.0.1\r\n\r\n".encode())
        answer, sent = b"", 0
        with suppress(OSError):
            for part in parts:
                connection.sendall(part)
                sent += 1
        with suppress(OSError):  # whoever was slow to send the last part hears of it behind the answer
            while chunk := connection.recv(1 << 16):
                answer += chunk
    return answer.decode(), sent


def test_a_large_upload_is_refused_kindly_before_it_is_read(site):
    head = "/v/ HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 300000000"

    answer, _ = post(site, head, parts=[])

    assert answer.startswith("HTTP/1.1 413 ")
    assert "这个页面一次最多收256.0" in answer


def test_an_upload_in_chunks_is_cut_at_the_limit_and_refused_kindly(site):
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"

    answer, _ = post(site, "/v/ HTTP/1.1\r\nTransfer-Encoding: chunked", parts=[chunk] * 5)

    assert answer.startswith("HTTP/1.1 413 ")
    assert "这个页面一次最多收256.0" in answer


def test_whoever_goes_on_sending_after_the_refusal_is_cut(site):
    head = "/v/ HTTP/1.1\r\nContent-Length: 300000000000"

    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(f"POST {head}\r\nHost: 127.0.0.1\r\n\r\n".encode())
        with pytest.raises(OSError, match=r"reset|pipe"):
            while True:
                connection.sendall(MEGABYTE)
                time.sleep(0.02)
