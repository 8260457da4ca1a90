"""Counting what is in sealed boxes against counting a row per answer and against merely reading the boxes.

Each function runs with Django set up (`children.run_in_child`) and takes the database's URL.
"""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from ballots.counting import totals
from campaigns.models import Campaign

from .databases import connect, engine_of

COUNTS = (
    "count(*) FILTER (WHERE mark = '1'), count(*) FILTER (WHERE mark = '2'), "
    "count(*) FILTER (WHERE mark = '3'), count(*) FILTER (WHERE mark = '-')"
)
CONTENTS = {
    "sqlite": "SELECT CAST(content AS BLOB) FROM ballots_sealedbox",
    "postgresql": "COPY (SELECT content FROM ballots_sealedbox) TO STDOUT (FORMAT binary)",
}


def read_boxes(url: str) -> dict:
    """Merely read the bytes of the boxes, with the driver alone and in the fastest way it has."""
    with closing(connect(url)) as connection:
        read = _read_rows if engine_of(url) == "sqlite" else _read_copy
        return _timed(lambda count: read(connection.cursor(), CONTENTS[engine_of(url)], count))


def _read_rows(cursor, query: str, count: "_Count") -> None:
    cursor.execute(query)
    count.cells = sum(len(content) for (content,) in cursor)


def _read_copy(cursor, query: str, count: "_Count") -> None:
    cursor.copy_expert(query, _Bytes(count))


class _Bytes:
    """Takes in whatever a COPY gives, and forgets it."""

    def __init__(self, count: "_Count"):
        self._count = count

    def write(self, row: bytes) -> None:
        self._count.cells += len(row)


def count_units(url: str) -> dict:
    """The counts of every unit from its boxes, with the application's own count."""
    campaign = Campaign.objects.get()
    return _timed(lambda count: count.take(_cells_of_units(campaign)))


def _cells_of_units(campaign: Campaign) -> Iterator[tuple]:
    for _, target_id, indicators, cells in totals.count_boxes(campaign):
        for indicator, (grades, _, abstained, _) in zip(indicators, cells, strict=True):
            yield (target_id, indicator, *grades, abstained)


def count_whole(url: str) -> dict:
    """The counts of the whole campaign from its boxes, with the application's own count."""
    campaign = Campaign.objects.get()
    return _timed(lambda count: count.take(_cells_of_whole(campaign)))


def _cells_of_whole(campaign: Campaign) -> Iterator[tuple]:
    for indicator, (grades, _, abstained, _) in totals.count_total(campaign).items():
        yield (indicator, *grades, abstained)


def group_by(url: str, columns: str) -> dict:
    """The same counts by the database from a row per answer."""
    query = f"SELECT {columns}, {COUNTS} FROM answer GROUP BY {columns}"  # noqa: S608  our own words
    with closing(connect(url)) as connection:
        if engine_of(url) == "postgresql":
            connection.cursor().execute("SET work_mem = '256MB'")  # more than the default, in its favour
        return _timed(lambda count: count.take(_stream(connection, query)))


def read_whole(url: str) -> dict:
    """Read whatever a recount must read and hash what it must hash, with the driver alone: forms, boxes, counts."""
    with closing(connect(url)) as connection:
        return _timed(lambda count: _read_whole(connection, count))


def _read_whole(connection, count: "_Count") -> None:
    for table, columns in (
        ("campaigns_poll", "id, path, names, form"),
        ("ballots_batch", "id, poll_id, state, channel, category_id, issued_count, returned_count, void_count"),
        ("ballots_tallyrow", "*"),
    ):
        count.cells += sum(1 for _ in _stream(connection, f"SELECT {columns} FROM {table}"))  # noqa: S608  our own names
    query = "SELECT batch_id, target_id, content, sha256, sm3, ballot_count FROM ballots_sealedbox"
    for _, _, content, *digests, _ in _stream(connection, query):
        bytes_of_box = content.encode()
        own = [hashlib.new(name, bytes_of_box).hexdigest() for name in ("sha256", "sm3")]
        count.cells += own == digests


class _Count:
    """Takes in counts without keeping them, and shows whether two ways of counting agree in every one."""

    def __init__(self):
        self.cells = self._sum = 0

    def take(self, rows: Iterable[tuple]) -> None:
        cells = total = 0
        for row in rows:
            cells += 1
            total += hash(row)
        self.cells += cells
        self._sum += total

    @property
    def digest(self) -> str:
        return f"{self._sum % 2**64:016x}"


def _timed(deed: Callable[[_Count], None]) -> dict:
    """Do it on an open connection: the seconds, and what came out."""
    started, worked, count = time.perf_counter(), time.process_time(), _Count()
    deed(count)
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - worked,
        "cells": count.cells,
        "digest": count.digest,
    }


def _stream(connection, query: str) -> Iterator[tuple]:
    """The rows of a query without holding them all."""
    # A named cursor leaves the rows on the server until they are wanted.
    cursor = connection.cursor() if isinstance(connection, sqlite3.Connection) else connection.cursor("rows")
    cursor.execute(query)
    yield from cursor
    cursor.close()
