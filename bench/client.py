"""People at their phones, in a process of their own: `python -m bench.client < orders.json`, answers as JSON.

`rush` sends prepared requests as fast as they are answered, over so many connections that stay open. `meeting` lets
people walk the whole way from code to receipt, each at a time of their own.
"""

import http.client
import json
import random
import re
import selectors
import socket
import sys
import threading
import time

from . import processors
from .evenly import connect_evenly
from .memory import processes_of

SECONDS_TO_ANSWER = 180


class _Connection:
    """An open connection and the request that is under way on it."""

    def __init__(self, connected: socket.socket):
        self.socket = connected
        self.sent_at = 0.0
        self._answer = b""

    def send(self, request: bytes) -> None:
        self.sent_at, self._answer = time.perf_counter(), b""
        self.socket.sendall(request)

    def read(self) -> int | None:
        """The bytes that have come in; the status once the answer is whole, 0 where the server hung up."""
        part = self.socket.recv(65536)
        if not part:
            return 0
        self._answer += part
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end:
            return None
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if length is None or len(body) < int(length[1]):
            return None
        return int(head[9:12])


def _connect(port: int) -> socket.socket:
    connected = socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_ANSWER)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def rush(*, port: int, clients: int, requests: list[str], expected: int, server: int | None = None) -> dict:
    """Send every request once; requests a second, and how long an answer took.

    `server` is the first process of the server: its children get as many connections each.
    """
    waiting = [request.encode() for request in reversed(requests)]
    latencies, failures = [], []
    with selectors.DefaultSelector() as selector:
        count, processes = min(clients, len(waiting)), processes_of(server)[1:] if server else []
        sockets = connect_evenly(lambda: _connect(port), count=count, processes=processes)
        connections = [_Connection(connected) for connected in sockets]
        started, clocks = time.perf_counter(), _clocks()
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(waiting.pop())
        while selector.get_map():
            ready = selector.select(timeout=SECONDS_TO_ANSWER)
            if not ready:
                failures += ["no answer"] * len(selector.get_map())
                break
            for key, _ in ready:
                connection = key.data
                if (status := connection.read()) is None:
                    continue
                latencies.append(time.perf_counter() - connection.sent_at)
                if status != expected:
                    failures.append(str(status))
                if waiting and status:
                    connection.send(waiting.pop())
                else:
                    selector.unregister(connection.socket)
        seconds = time.perf_counter() - started
        processor = {name: clock - clocks[name] for name, clock in _clocks().items()}
    for connection in connections:
        connection.socket.close()
    return {
        "requests_per_second": len(latencies) / seconds,
        "processor_seconds": processor,
        **percentiles(latencies),
        "sent": len(latencies),
        "failed": len(failures) + len(waiting),
        "failures": sorted(set(failures)),
    }


def _clocks() -> dict[str, float]:
    """How long this process has been on a processor, and how long none was, where that is known."""
    idle = processors.idle()
    return {"client": time.process_time()} | ({} if idle is None else {"idle": idle})


def percentiles(latencies: list[float]) -> dict:
    """Milliseconds that half of the answers took at most, and 99 of 100."""
    ordered = sorted(latencies)
    return {
        name: round(1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 2)
        for name, percent in (("p50_ms", 50), ("p99_ms", 99))
    }


class _Person:
    """Scans a slip, marks the ballot, looks it over, submits it and reads the receipt."""

    STEPS = ("scan", "fill", "answer", "review", "submit", "receipt")

    def __init__(self, port: int, code: str, marks: str):
        self._port, self._code, self._marks = port, code, marks
        self._cookies: dict[str, str] = {}
        self.latencies: dict[str, float] = {}

    def take_part(self, *, after: float, pause: float) -> None:
        time.sleep(after)
        self._request("scan", "GET", f"/v/{self._code}/", expected=302)
        page = self._request("fill", "GET", "/ballot/", expected=200)
        ballot = re.search(r'name="ballot" value="(\w+)"', page)[1]
        time.sleep(pause)
        form = f"ballot={ballot}&marks={self._marks}"
        self._request("answer", "POST", "/ballot/answer/", form, expected=302)
        page = self._request("review", "GET", "/ballot/review/", expected=200)
        key = re.search(r'name="key" value="([^"]+)"', page)[1]
        time.sleep(pause)
        self._request("submit", "POST", "/ballot/cast/", f"{form}&key={key.replace(':', '%3A')}", expected=302)
        self._request("receipt", "GET", "/ballot/receipt/", expected=200)

    def _request(self, step: str, method: str, path: str, body: str | None = None, *, expected: int) -> str:
        # A phone that was put aside has lost its connection.
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS_TO_ANSWER)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        page = response.read().decode()
        self.latencies[step] = time.perf_counter() - started
        if response.status != expected:
            raise ValueError(f"{step}: {response.status}")
        for header in response.msg.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        connection.close()
        return page


def meeting(*, port: int, codes: list[str], marks: str, seconds: float, pause: float) -> dict:
    """Everybody submits within so many seconds, at random; how long each page took, and what failed."""
    chance = random.Random(1)
    people = [_Person(port, code, marks) for code in codes]
    failures: list[str] = []

    def take_part(person, after):
        try:
            person.take_part(after=after, pause=pause)
        except (OSError, http.client.HTTPException, TypeError, ValueError) as error:
            failures.append(repr(error))

    arrivals = [chance.uniform(0, max(0.0, seconds - 2 * pause)) for _ in people]
    threads = [
        threading.Thread(target=take_part, args=(person, after)) for person, after in zip(people, arrivals, strict=True)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    latencies = {step: [value.latencies[step] for value in people if step in value.latencies] for step in _Person.STEPS}
    return {
        "people": len(people),
        "seconds": round(time.perf_counter() - started, 1),
        "failed": len(failures),
        "failures": sorted(set(failures))[:5],
        "steps": {step: percentiles(times) for step, times in latencies.items() if times},
        "all": percentiles([value for times in latencies.values() for value in times]) if people else {},
    }


if __name__ == "__main__":
    orders = json.load(sys.stdin)
    print(json.dumps({"rush": rush, "meeting": meeting}[orders.pop("deed")](**orders)))
