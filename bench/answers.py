"""The table that others would have: one row an answer. Filled in the database from the sections of the ballots."""

from .databases import load_rows

# As a Django model would have it, but for the index that each foreign key brings.
COLUMNS = "ballot_id bigint NOT NULL, target_id bigint NOT NULL, indicator_id bigint NOT NULL, mark varchar(1) NOT NULL"
KEY = {"sqlite": "id integer PRIMARY KEY", "postgresql": "id bigserial PRIMARY KEY"}
FOREIGN_KEYS = ("ballot_id", "target_id", "indicator_id")


def make_tables(cursor, cells) -> None:
    """Empty tables; `cells` says of each questionnaire which indicator stands where: (questionnaire, position, indicator)."""
    engine = "postgresql" if hasattr(cursor, "copy_expert") else "sqlite"
    cursor.execute(f"CREATE TABLE answer ({KEY[engine]}, {COLUMNS})")
    cursor.execute("CREATE TABLE cell (questionnaire_id bigint, position integer, indicator_id bigint)")
    load_rows(cursor, "cell", "questionnaire_id,position,indicator_id", cells)
    cursor.execute("CREATE TABLE section (ballot_id bigint, target_id bigint, questionnaire_id bigint, marks text)")


def fill(cursor) -> int:
    """A row for each mark of each section, in the order of the ballots; returns how many."""
    cursor.execute(
        "INSERT INTO answer (ballot_id, target_id, indicator_id, mark) "
        "SELECT ballot_id, target_id, indicator_id, substr(marks, position, 1) "
        "FROM section JOIN cell USING (questionnaire_id)"
    )
    count = cursor.rowcount
    cursor.execute("DROP TABLE section")
    return count


def index_foreign_keys(cursor) -> None:
    for column in FOREIGN_KEYS:
        cursor.execute(f"CREATE INDEX answer_{column} ON answer ({column})")
