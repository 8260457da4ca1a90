"""Casting over HTTP against a bare Django view, and against the database's driver alone.

A request is one `POST /ballot/cast/`: the submission of a ballot whose code was exchanged for a cookie before. In the
meeting people walk the whole way, from the code in the address to the receipt.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median

from . import children, processors
from .databases import Databases, connect, engine_of
from .memory import postmaster_of
from .servers import Server, serving

MEETINGS = 20
# Of each load, before anything is measured.
ROUNDS_BEFORE = 2
# As many at once as a county has on the evening that most choose.
CROWDED = 40
# Longer than any load here lasts.
SECONDS_AT_MOST = 300
# The text that the bare view stores, as long as a submission.
BARE_REQUEST = (
    "POST /insert/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 14\r\n\r\nmarks=11121111"
)


def measure_casts(
    databases: Databases,
    *,
    clients: tuple[int, ...],
    requests: int,
    rounds: int,
    people: int,
    crowd: int,
    seconds: float,
) -> dict:
    """Casting on one engine: so many requests in each of many rounds, a meeting of so many people, and many meetings at once."""
    ours, bare = databases.create("casting"), databases.create("bare")
    batches = children.run_in_child("bench.orders:open_meetings", ours, meetings=CROWDED)["batches"]
    children.run_in_child("bench.bare.prepare:make_table", bare, settings="bench.bare.settings")
    rows = [_median("driver alone", 1, [driver_alone(bare, requests) for _ in range(rounds)])]
    with serving(bare, settings="bench.bare.settings") as bare_server, serving(ours) as server:
        loads = [_Load("bare view", bare_server, bare, cycle([BARE_REQUEST]), 200)]
        for what, chosen in (("casting, one meeting", batches[:1]), ("casting, many meetings", batches[:MEETINGS])):
            ready = _submissions(ours, chosen, requests * (rounds * len(clients) + ROUNDS_BEFORE))
            loads.append(_Load(what, server, ours, iter(ready), 302))
        rows += _rushes(loads, clients=clients, requests=requests, rounds=rounds)
        held = _meeting(ours, server.port, batches[:1], people, seconds)
        crowded = _meeting(ours, server.port, batches, crowd, seconds)
    profile = children.run_in_child("bench.where:profile_casts", ours, batch=batches[0], count=min(requests, 300))
    taken = sum(row["accepted"] for row in rows if row["what"].startswith("casting"))
    return {
        "rows": rows,
        "meeting": held,
        "crowd": crowded,
        "profile": profile,
        "accepted": taken + held["accepted"] + crowded["accepted"] + profile["accepted"],
        "counted": count_ballots(ours),
    }


@dataclass(frozen=True)
class _Load:
    """Requests that are ready to be sent to one server, each once."""

    what: str
    server: Server
    url: str
    ready: Iterator[str]
    expected: int

    def rush(self, clients: int, requests: int) -> dict:
        """A round; `processor` has the microseconds that went into a request, by who was on a processor."""
        sent = list(islice(self.ready, requests))
        before = self._worked()
        done = _client(
            deed="rush",
            port=self.server.port,
            server=self.server.process,
            clients=clients,
            requests=sent,
            expected=self.expected,
        )
        seconds = {who: now - before[who] for who, now in self._worked().items()} | done["processor_seconds"]
        return done | {"processor": {who: 1e6 * spent / requests for who, spent in seconds.items()}}

    def _worked(self) -> dict[str, float]:
        clocks = {
            "web": processors.worked_together(self.server.process),
            "database": processors.worked_together(postmaster_of(self.url)),
        }
        return {who: seconds for who, seconds in clocks.items() if seconds is not None}


def driver_alone(url: str, requests: int) -> dict:
    """Insert one row and commit, over and over, on one connection."""
    mark = "?" if engine_of(url) == "sqlite" else "%s"
    statement = f"INSERT INTO bare_storedline (batch, marks) VALUES ({mark}, {mark})"  # noqa: S608  our own marks
    latencies = []
    with closing(connect(url)) as connection:
        cursor = connection.cursor()
        for _ in range(requests):
            started = time.perf_counter()
            cursor.execute(statement, (1, "11121111"))
            if engine_of(url) == "postgresql":
                connection.commit()
            latencies.append(time.perf_counter() - started)
    ordered = sorted(latencies)
    return {
        "requests_per_second": requests / sum(latencies),
        "p50_ms": 1000 * median(ordered),
        "p99_ms": 1000 * ordered[requests * 99 // 100],
        "sent": requests,
        "failed": 0,
    }


def count_ballots(url: str) -> int:
    with closing(connect(url)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM ballots_ballot")
        return cursor.fetchone()[0]


def _submissions(url: str, batches: list[int], count: int) -> list[str]:
    return children.run_in_child("bench.orders:submissions", url, batches=batches, count=count)["requests"]


def _rushes(loads: list[_Load], *, clients: tuple[int, ...], requests: int, rounds: int) -> list[dict]:
    """A row for each load and number of clients; the loads take turns, so that whatever else is done here slows all of them.

    `share` is the middle one of the shares of the first load's rate, round by round.
    """
    # Both workers have loaded everything before anything is measured.
    warm = [sum(load.rush(8, requests)["sent"] for _ in range(ROUNDS_BEFORE)) for load in loads]
    rows = []
    for number in clients:
        turns = [_turn(loads, first=first, clients=number, requests=requests) for first in range(rounds)]
        for place, load in enumerate(loads):
            shares = [turn[place]["requests_per_second"] / turn[0]["requests_per_second"] for turn in turns]
            row = _median(load.what, number, [turn[place] for turn in turns])
            rows.append(row | {"share": round(median(shares), 3)})
    for row, sent in zip(rows, warm, strict=False):
        row["accepted"] += sent
    return rows


def _turn(loads: list[_Load], *, first: int, clients: int, requests: int) -> list[dict]:
    """A round of each load, in the order of the loads; another one begins each time, so that none always follows the same."""
    order = [(first + step) % len(loads) for step in range(len(loads))]
    done = {place: loads[place].rush(clients, requests) for place in order}
    return [done[place] for place in range(len(loads))]


def _median(what: str, clients: int, runs: list[dict]) -> dict:
    """The round in the middle by its rate, with the slowest and the fastest beside, and what failed in any."""
    runs = sorted(runs, key=lambda run: run["requests_per_second"])
    middle = runs[len(runs) // 2]
    failed = sum(run["failed"] for run in runs)
    return {
        "what": what,
        "clients": clients,
        "requests_per_second": round(middle["requests_per_second"]),
        "slowest_run": round(runs[0]["requests_per_second"]),
        "fastest_run": round(runs[-1]["requests_per_second"]),
        "p50_ms": round(middle["p50_ms"], 2),
        "p99_ms": round(middle["p99_ms"], 2),
        "failed": failed,
        "accepted": sum(run["sent"] for run in runs) - failed,
        "processor": _medians([run.get("processor", {}) for run in runs]),
    }


def _medians(runs: list[dict[str, float]]) -> dict[str, int]:
    """Of each figure the middle one, where every run has it."""
    return {name: round(median(run[name] for run in runs)) for name in runs[0]}


def _meeting(url: str, port: int, batches: list[int], people: int, seconds: float) -> dict:
    prepared = children.run_in_child("bench.orders:slips", url, batches=batches, count=people)
    meeting = _client(
        deed="meeting",
        port=port,
        codes=prepared["codes"],
        marks=prepared["marks"],
        seconds=seconds,
        pause=min(1.0, seconds / 10),
    )
    return meeting | {"meetings": len(batches), "accepted": people - meeting["failed"]}


def _client(**orders) -> dict:
    """Let the load come from a process of its own: it must not share an interpreter with what is measured."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        cwd=children.ROOT,
        input=json.dumps(orders),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=SECONDS_AT_MOST,
    )
    return json.loads(done.stdout)
