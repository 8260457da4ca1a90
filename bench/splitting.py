"""Splits the tables of ballots by poll, and joins the results of several databases, for `bench.apart` to measure."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from .databases import connect

# By table, the column that tells a row's poll and the column of its own key.
SPLIT = {
    "ballots_ballot": ("batch_id", "id"),
    "ballots_code": ("batch_id", "digest"),
    "ballots_receipt": ("poll_id", "digest"),
    "ballots_opinion": ("target_id", "id"),
    "ballots_sealedbox": ("batch_id", "id"),
}
COUNTS = (
    "valid_count",
    *(f"grade_{place}_count" for place in range(1, 8)),
    "unknown_count",
    "abstained_count",
    "spoiled_count",
)


def split_tables(url: str, parts: int) -> None:
    """Split each table by the hash of the column that tells the poll, with what lies in it."""
    with closing(connect(url)) as database, database:
        for table, (column, key) in SPLIT.items():
            _split(database.cursor(), table, column, key, parts)


def _split(cursor, table: str, column: str, key: str, parts: int) -> None:
    """A split table's key has the column by which it is split in it, so nothing refers to a row by its own key alone."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE confrelid = %s::regclass", [table]
    )
    for other, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {other} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    foreign = cursor.fetchall()
    cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_whole")
    cursor.execute(
        f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING ALL EXCLUDING INDEXES) PARTITION BY HASH ({column})"
    )
    for part in range(parts):
        cursor.execute(
            f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"
        )
    cursor.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}_whole")  # noqa: S608  our own names
    cursor.execute(f"DROP TABLE {table}_whole")
    cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({column}, {key})")
    for name, definition in foreign:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def join_provinces(url: str, folders: Sequence[Path]) -> None:
    """The tally rows of several databases as one table, split by province."""
    with closing(connect(url)) as database, database:
        cursor = database.cursor()
        cursor.execute("CREATE EXTENSION postgres_fdw")
        columns = ", ".join(f"{name} integer" for name in COUNTS)
        cursor.execute(
            f"CREATE TABLE tallyrow (province integer, indicator_id bigint, {columns}) PARTITION BY LIST (province)"
        )
        for number, folder in enumerate(folders):
            cursor.execute(
                f"CREATE SERVER p{number} FOREIGN DATA WRAPPER postgres_fdw"
                f" OPTIONS (host '{folder}', dbname 'province', async_capable 'true')"
            )
            cursor.execute(f"CREATE USER MAPPING FOR CURRENT_USER SERVER p{number} OPTIONS (user 'postgres')")
            cursor.execute(
                f"CREATE FOREIGN TABLE tallyrow_{number} PARTITION OF tallyrow FOR VALUES IN ({number})"
                f" SERVER p{number} OPTIONS (table_name 'tallyrow_of_province')"
            )
    for number, folder in enumerate(folders):
        _give_province(f"postgres://postgres@{str(folder).replace('/', '%2F')}/province", number)


def _give_province(url: str, number: int) -> None:
    with closing(connect(url)) as database, database:
        database.cursor().execute(
            f"CREATE VIEW tallyrow_of_province AS SELECT {number} AS province, indicator_id, {', '.join(COUNTS)}"  # noqa: S608
            " FROM ballots_tallyrow"
        )


def sums(url: str, table: str) -> tuple[int, ...]:
    """How many rows a table of results has, and the sum of each count."""
    with closing(connect(url)) as database:
        cursor = database.cursor()
        cursor.execute("SET enable_partitionwise_aggregate = on")
        cursor.execute(f"SELECT count(*), {', '.join(f'sum({name})' for name in COUNTS)} FROM {table}")  # noqa: S608
        return tuple(map(int, cursor.fetchone()))


def foreign_sums(url: str) -> int:
    """How many provinces add up their own rows before they send anything."""
    with closing(connect(url)) as database:
        cursor = database.cursor()
        cursor.execute("SET enable_partitionwise_aggregate = on")
        cursor.execute("EXPLAIN (VERBOSE, COSTS OFF) SELECT province, sum(valid_count) FROM tallyrow GROUP BY province")
        return sum("Remote SQL: SELECT" in line and "sum(" in line for (line,) in cursor.fetchall())
