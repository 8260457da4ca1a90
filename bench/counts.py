"""Counting what is in sealed boxes against counting a row per answer and against merely reading the boxes.

Each function runs with Django set up (`children.run_in_child`) and takes the database's URL.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from statistics import median

from ballots.counting import totals
from campaigns.models import Campaign

from .databases import connect, engine_of

COUNTS = (
    "count(*), count(*) FILTER (WHERE mark = '1'), count(*) FILTER (WHERE mark = '2'), "
    "count(*) FILTER (WHERE mark = '3'), count(*) FILTER (WHERE mark = '-')"
)


def read_boxes(url: str, runs: int) -> dict:
    """Merely read the bytes of the boxes, with the driver alone."""
    with closing(connect(url)) as connection:
        return _timed(runs, lambda count: _read(connection, count))


def _read(connection, count: "_Count") -> None:
    for (content,) in _stream(connection, "SELECT content FROM ballots_sealedbox"):
        count.add((len(content),))


def count_units(url: str, runs: int) -> dict:
    """The counts of every unit from its boxes, with the application's own count."""
    campaign = Campaign.objects.get()
    return _timed(runs, lambda count: _count_units(campaign, count))


def _count_units(campaign: Campaign, count: "_Count") -> None:
    for box in totals.count_boxes(campaign):
        for indicator, cell in zip(box.indicators, box.cells, strict=True):
            count.add((box.target_id, indicator, cell.total, *cell.grades, cell.abstained))


def count_whole(url: str, runs: int) -> dict:
    """The counts of the whole campaign from its boxes, with the application's own count."""
    campaign = Campaign.objects.get()
    return _timed(runs, lambda count: _count_total(campaign, count))


def _count_total(campaign: Campaign, count: "_Count") -> None:
    for indicator, cell in totals.count_total(campaign).items():
        count.add((indicator, cell.total, *cell.grades, cell.abstained))


def group_by(url: str, runs: int, columns: str) -> dict:
    """The same counts by the database from a row per answer."""
    query = f"SELECT {columns}, {COUNTS} FROM answer GROUP BY {columns}"  # noqa: S608  our own words
    with closing(connect(url)) as connection:
        if engine_of(url) == "postgresql":
            connection.cursor().execute("SET work_mem = '256MB'")  # more than the default, in its favour
        return _timed(runs, lambda count: _group_by(connection, query, count))


def _group_by(connection, query: str, count: "_Count") -> None:
    for row in _stream(connection, query):
        count.add(tuple(row))


class _Count:
    """Takes in counts without keeping them, and shows whether two ways of counting agree in every one."""

    def __init__(self):
        self.cells = self._sum = 0

    def add(self, row: tuple[int, ...]) -> None:
        self.cells += 1
        self._sum += hash(row)

    @property
    def digest(self) -> str:
        return f"{self._sum % 2**64:016x}"


def _timed(runs: int, deed: Callable[[_Count], None]) -> dict:
    """Do it several times on an open connection: the seconds of the run in the middle, and what came out of the last."""
    seconds = []
    for _ in range(runs):
        started, count = time.perf_counter(), _Count()
        deed(count)
        seconds.append(time.perf_counter() - started)
    return {"seconds": median(seconds), "runs": seconds, "cells": count.cells, "digest": count.digest}


def _stream(connection, query: str) -> Iterator[tuple]:
    """The rows of a query without holding them all."""
    # A named cursor leaves the rows on the server until they are wanted.
    cursor = connection.cursor() if isinstance(connection, sqlite3.Connection) else connection.cursor("rows")
    cursor.execute(query)
    yield from cursor
    cursor.close()
