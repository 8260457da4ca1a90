"""The databases that are measured: private ones in temporary folders, as durable as those in use."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2

from tests.postgres import private_cluster

ENGINES = ("sqlite", "postgresql")
# A power cut may take nothing that was acknowledged. New rows of a transaction need not go through the log as well:
# a province is loaded in a third of the time.
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "max_wal_size": "4GB",
    "synchronous_commit": "on",  # private clusters do without otherwise
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# The options that pingyi.settings gives to SQLite.
SQLITE_SETTINGS = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"


class Databases:
    """Databases of one engine by name, each known by its DATABASE_URL."""

    def __init__(self, engine: str, place: str):
        self.engine = engine
        # A folder for SQLite, a cluster's address for PostgreSQL.
        self._place = place

    def url(self, name: str) -> str:
        if self.engine == "sqlite":
            return f"sqlite:///{self._place}/{name}.sqlite3"
        return f"{self._place.rpartition('/')[0]}/{name}"

    def create(self, name: str) -> str:
        """An empty database; returns its URL."""
        if self.engine == "postgresql":
            self._administer(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def copy(self, source: str, name: str) -> str:
        """A copy of a database that nobody is connected to; returns its URL."""
        if self.engine == "postgresql":
            self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        else:
            with closing(connect(self.url(source))) as old, closing(connect(self.url(name))) as new:
                old.backup(new)
        return self.url(name)

    def drop(self, name: str) -> None:
        if self.engine == "postgresql":
            self._administer(f'DROP DATABASE "{name}"')
        else:
            for path in Path(self._place).glob(f"{name}.sqlite3*"):
                path.unlink()

    def _administer(self, statement: str) -> None:
        with closing(connect(self._place)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)


@contextmanager
def private_databases(engine: str) -> Iterator[Databases]:
    """A place for databases of one engine, gone afterwards whatever happened."""
    if engine == "postgresql":
        with private_cluster(**DURABLE) as url:
            yield Databases(engine, url)
        return
    folder = tempfile.mkdtemp(prefix="bench")
    try:
        yield Databases(engine, folder)
    finally:
        shutil.rmtree(folder)


def connect(url: str):
    """The driver's own connection to a database, with the durability that pingyi has."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        connection = sqlite3.connect(parts.path, timeout=20, isolation_level=None)
        connection.executescript(SQLITE_SETTINGS)
        return connection
    return psycopg2.connect(host=unquote(parts.netloc.partition("@")[2]), user=parts.username, dbname=parts.path[1:])


def engine_of(url: str) -> str:
    return "sqlite" if urlsplit(url).scheme == "sqlite" else "postgresql"


def size_of(url: str, *tables: str) -> int:
    """Bytes on disk of tables with their indexes."""
    with closing(connect(url)) as connection:
        cursor = connection.cursor()
        if engine_of(url) == "postgresql":
            cursor.execute("SELECT sum(pg_total_relation_size(one::regclass)) FROM unnest(%s) AS one", [list(tables)])
        else:
            marks = ",".join("?" * len(tables))
            cursor.execute(
                "SELECT sum(pgsize) FROM dbstat WHERE name IN "  # noqa: S608  our own marks
                f"(SELECT name FROM sqlite_master WHERE tbl_name IN ({marks}))",
                tables,
            )
        return int(cursor.fetchone()[0])


@contextmanager
def loading(url: str) -> Iterator:
    """A cursor that writes much at once, all or nothing, and leaves the database tidy."""
    with closing(connect(url)) as connection:
        cursor = connection.cursor()
        if engine_of(url) == "sqlite":
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("BEGIN")
        yield cursor
        if engine_of(url) == "sqlite":
            cursor.execute("COMMIT")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.commit()
            connection.autocommit = True
            cursor.execute("VACUUM ANALYZE")


def load_rows(cursor, table: str, columns: str, rows) -> None:
    """Write many rows in bulk: COPY on PostgreSQL, one prepared INSERT on SQLite. No value holds a tab."""
    if hasattr(cursor, "copy_expert"):
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _CopyText(rows))
    else:
        marks = ",".join("?" * len(columns.split(",")))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608  our own names


class _CopyText:
    """Rows as a file in COPY's text format, made while it is read."""

    ROWS_AT_ONCE = 5000

    def __init__(self, rows):
        self._rows = iter(rows)
        self._rest = ""

    def read(self, size: int) -> str:
        if not self._rest:
            self._rest = "".join(
                "\t".join(map(_copy_value, row)) + "\n" for row in islice(self._rows, self.ROWS_AT_ONCE)
            )
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def _copy_value(value) -> str:
    return "\\N" if value is None else str(value).replace("\\", "\\\\").replace("\n", "\\n")
