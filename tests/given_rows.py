"""Counting the rows that the database gives."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def rows_given():
    """A list that gets, for each SELECT in the block, how many rows it gives."""
    rows = []

    def count(execute, sql, parameters, many, context):
        result = execute(sql, parameters, many, context)
        if not sql.startswith("SELECT"):
            return result
        # SQLite says no number of rows before they are read.
        with connection.connection.cursor() if connection.vendor == "postgresql" else _Plain() as cursor:
            cursor.execute(sql if connection.vendor == "postgresql" else _with_marks(sql), parameters or ())
            rows.append(len(cursor.fetchall()))
        return result

    with connection.execute_wrapper(count):
        yield rows


class _Plain:
    """A cursor of SQLite's own driver."""

    def __enter__(self):
        return connection.connection.cursor().connection.cursor()

    def __exit__(self, *_):
        return None


def _with_marks(sql):
    return sql.replace("%s", "?").replace("%%", "%")
