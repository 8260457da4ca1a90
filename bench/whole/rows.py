"""Rows written by the database itself, from a pattern row and a series: a province of a million rows in minutes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ..databases import loading


@contextmanager
def growing(url: str) -> Iterator:
    """A cursor that writes a part of a province, all or nothing. Foreign keys are right as they are written: to look each
    of tens of millions up at the end would take longer than all the rest.
    """
    with loading(url) as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def names_of_columns(cursor, table: str) -> list[str]:
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    return [column[0] for column in cursor.description]


def repeat_row(cursor, table: str, key: int, source: str, changes: Mapping[str, str]) -> int:
    """Write one row again for each row `u` of a source, with some columns changed by expressions of `u` and the pattern `p`."""
    columns = names_of_columns(cursor, table)
    values = ", ".join(changes.get(column, f'p."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} p, {source} WHERE p.{columns[0]} = {int(key)}"
    )
    return cursor.rowcount


def follow_keys(cursor) -> None:
    """Let every sequence go on after the keys that were written by number."""
    cursor.execute(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c "
        "WHERE c.table_schema = 'public' AND c.is_identity = 'YES'"
    )
    for table, column in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "
            f"GREATEST((SELECT max({column}) FROM {table} WHERE {column} < 2000000000), 1))"
        )
