"""Counting what is in sealed boxes against counting a row per answer and against merely reading the boxes.

Each function runs with Django set up (`children.run_in_child`) and takes the database's URL.
"""

import hashlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from ballots.counting import tally, totals
from campaigns.models import Campaign

from .databases import connect, engine_of

COUNTS = (
    "count(*) FILTER (WHERE mark = '1'), count(*) FILTER (WHERE mark = '2'), "
    "count(*) FILTER (WHERE mark = '3'), count(*) FILTER (WHERE mark = '-')"
)


def read_boxes(url: str) -> dict:
    """Merely read the bytes of the boxes, with the driver alone."""
    with closing(connect(url)) as connection:
        return _timed(lambda: _stream(connection, "SELECT content FROM ballots_sealedbox"), iter)


def count_units(url: str) -> dict:
    """The counts of every unit from its boxes, with the application's own count."""
    campaign = Campaign.objects.get()
    return _timed(lambda: totals.count_boxes(campaign), _cells_of_units)


def _cells_of_units(boxes: Iterable[totals.BoxCount]) -> Iterator[tuple]:
    for target_id, indicators, cells in boxes:
        for indicator, (grades, _, abstained, _) in zip(indicators, cells, strict=True):
            yield (target_id, indicator, *grades, abstained)


def count_whole(url: str) -> dict:
    """The counts of the whole campaign from its boxes, with the application's own count."""
    campaign = Campaign.objects.get()
    return _timed(lambda: totals.count_total(campaign).items(), _cells_of_whole)


def _cells_of_whole(cells: Iterable[tuple[int, tally.CellCount]]) -> Iterator[tuple]:
    for indicator, (grades, _, abstained, _) in cells:
        yield (indicator, *grades, abstained)


def group_by(url: str, columns: str) -> dict:
    """The same counts by the database from a row per answer."""
    query = f"SELECT {columns}, {COUNTS} FROM answer GROUP BY {columns}"  # noqa: S608  our own words
    with closing(connect(url)) as connection:
        if engine_of(url) == "postgresql":
            connection.cursor().execute("SET work_mem = '256MB'")  # more than the default, in its favour
        return _timed(lambda: _stream(connection, query), iter)


def read_whole(url: str) -> dict:
    """Read whatever a recount must read and hash what it must hash, with the driver alone: forms, boxes, counts."""
    with closing(connect(url)) as connection:
        return _timed(lambda: _read_whole(connection), iter)


def _read_whole(connection) -> Iterator[tuple]:
    for table, columns in (
        ("campaigns_poll", "id, path, CAST(names AS text), CAST(form AS text)"),
        ("ballots_batch", "id, poll_id, state, channel, category_id, issued_count, returned_count, void_count"),
        ("ballots_tallyrow", "*"),
    ):
        yield from _stream(connection, f"SELECT {columns} FROM {table}")  # noqa: S608  our own names
    query = "SELECT batch_id, target_id, content, sha256, sm3, ballot_count FROM ballots_sealedbox"
    for _, _, content, *digests, _ in _stream(connection, query):
        bytes_of_box = content.encode()
        yield tuple(digests), tuple(hashlib.new(name, bytes_of_box).hexdigest() for name in ("sha256", "sm3"))


def _timed(count: Callable[[], Iterable], cells: Callable[[Iterable], Iterable[tuple]]) -> dict:
    """The seconds of a count whose results are looked at by nobody; what came out is looked at in a second one.

    Two ways of counting agree in every cell, or their digests differ.
    """
    started, worked = time.perf_counter(), time.process_time()
    deque(count(), maxlen=0)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - worked
    number = digest = 0
    for row in cells(count()):
        number += 1
        digest += hash(row)
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "cells": number,
        "digest": f"{digest % 2**64:016x}",
    }


def _stream(connection, query: str) -> Iterator[tuple]:
    """The rows of a query without holding them all."""
    # A named cursor leaves the rows on the server until they are wanted.
    cursor = connection.cursor() if isinstance(connection, sqlite3.Connection) else connection.cursor("rows")
    cursor.execute(query)
    yield from cursor
    cursor.close()
