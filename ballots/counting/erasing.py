"""The bytes that deleted rows leave in a database's files: overwritten, given away, or known to be there still."""

import logging
import re
import time
from collections.abc import Iterable
from pathlib import Path

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

# Written anew in well under a second.
REWRITTEN_BYTES = 64 * 1024 * 1024
# How long a seal waits for whoever reads, and how long the worker does, which comes again: casting waits behind it.
SEAL_SECONDS, WORKER_SECONDS = 1.0, 0.2
# Between two tries while somebody looks at an older state.
SECONDS_BETWEEN_TRIES = 0.1
# SQLite's log is emptied when nothing was written for so long, and however busy it is when it has grown so large.
QUIET_SECONDS = 3
LARGE_LOG_BYTES = 1024 * 1024


def log_path() -> Path | None:
    """SQLite's write-ahead log; None on other databases."""
    return Path(f"{connection.settings_dict['NAME']}-wal") if connection.vendor == "sqlite" else None


def log_size() -> int:
    """The bytes in SQLite's write-ahead log."""
    path = log_path()
    return path.stat().st_size if path and path.exists() else 0


def empty_log(*, seconds: float) -> bool:
    """Move SQLite's write-ahead log into the database and cut it to nothing; whether that was done.

    Whoever reads an older state holds it up, and is waited for so long. Other databases keep their log themselves: True.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (timeout,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _, _ = cursor.fetchone()
        except OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {timeout}")
    return not busy


def empty_log_when_quiet() -> None:
    """Keep as little in SQLite's log as can be: it knows the order in which ballots came, until it is emptied."""
    path = log_path()
    if path is None or not log_size():
        return
    is_quiet = time.time() - path.stat().st_mtime > QUIET_SECONDS
    if is_quiet or log_size() > LARGE_LOG_BYTES:
        empty_log(seconds=WORKER_SECONDS)


def rewrite(tables: Iterable[str], *, seconds: float, with_large: bool) -> bool:
    """Write PostgreSQL's tables anew, whether all of them were: a plain VACUUM leaves the bytes of dead rows.

    Casting waits meanwhile, so a large table waits for leisure, and one that somebody reads for longer than so many
    seconds (a backup) for the next time; both get the plain VACUUM.
    """
    # Each is tried, whatever became of those before.
    ends_at = time.monotonic() + seconds
    answers = [_rewrite(table, seconds=seconds, ends_at=ends_at, with_large=with_large) for table in tables]
    return all(answers)


def _rewrite(table: str, *, seconds: float, ends_at: float, with_large: bool) -> bool:
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_table_size(%s::regclass)", [name])
        (size,) = cursor.fetchone()
        if size <= REWRITTEN_BYTES or with_large:
            cursor.execute(f"SET lock_timeout = '{round(1000 * seconds)}ms'")
            try:
                return _rewrite_until(ends_at, cursor, table)
            except OperationalError:
                logger.warning("%s is in use: its deleted rows are overwritten later", table)
            finally:
                cursor.execute("RESET lock_timeout")
        cursor.execute(f"VACUUM {name}")
    return False


def _rewrite_until(ends_at: float, cursor, table: str) -> bool:
    """Whether a table was rewritten without deleted rows, tried again until some moment: PostgreSQL's own statistics look at
    an older state too, for part of a second.
    """
    while True:
        cursor.execute(f"VACUUM (FULL, VERBOSE) {connection.ops.quote_name(table)}")
        if not _has_kept_rows(table):
            return True
        if time.monotonic() > ends_at:
            logger.warning("%s kept deleted rows for somebody who reads an older state: they go later", table)
            return False
        time.sleep(SECONDS_BETWEEN_TRIES)


def _has_kept_rows(table: str) -> bool:
    """Whether the rewriting that was just told of copied deleted rows too: somebody looks at an older state of the database.

    Whoever does so need not look at this table, so no lock tells. The second line of what PostgreSQL tells, in whichever
    language, begins with how many they are.
    """
    told = [text for text in connection.connection.notices if table in text]
    kept = [re.search(r"\d+", text.splitlines()[1]) for text in told if len(text.splitlines()) > 1]
    connection.connection.notices.clear()
    return not kept or any(number is None or int(number[0]) for number in kept)
