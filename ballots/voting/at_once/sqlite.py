"""SQLite's statement for a ballot: a row for a view, whose trigger does the rest.

SQLite writes in no statement to more than one table, but a trigger may. View and trigger are of the connection alone and
leave nothing in the database's file. Everybody waits for the lock, and it is held for as long as the statement runs, not
while Python puts the next one together.
"""

import json

from django.db import IntegrityError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from .submission import OFF_DAYS, Submission

COLUMNS = ("poll_id", "version", "today", "batch_id", "mark", "receipt", "ballot_id", "marks", "opinions")
# Whatever stands in the way ends the statement, and nothing of it remains.
STOP = "SELECT RAISE(ABORT, 'no ballot was taken')"
STOP_UNLESS_SPENT = f"{STOP} WHERE changes() = 0"
# The poll's version is the text of its form.
STOP_UNLESS_HELD = f"""{STOP} WHERE NOT EXISTS (
        SELECT 1 FROM campaigns_poll poll JOIN campaigns_campaign campaign ON campaign.id = poll.campaign_id
        WHERE poll.id = NEW.poll_id AND poll.state IN ('open', 'rehearsing') AND poll.form = NEW.version
        AND {OFF_DAYS.format(today="NEW.today")} = '')"""  # noqa: S608  words of this file alone
SPEND_SLIP = "DELETE FROM ballots_code WHERE digest = NEW.mark AND batch_id = NEW.batch_id"
SPEND_ANY = """DELETE FROM ballots_code WHERE batch_id = NEW.batch_id
        AND digest = (SELECT digest FROM ballots_code WHERE batch_id = NEW.batch_id LIMIT 1)"""
# A mark or a receipt that is there already ends the statement too.
KEEP_MARK = "INSERT INTO ballots_receipt (digest, poll_id) VALUES (NEW.mark, NEW.poll_id)"
KEEP_RECEIPT = "INSERT INTO ballots_receipt (digest, poll_id) VALUES (NEW.receipt, NEW.poll_id)"
PARTS = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(4))
WRITE_OPINIONS = f"""INSERT INTO ballots_opinion (id, target_id, kind, text)
        SELECT {PARTS} FROM json_each(NEW.opinions)"""  # noqa: S608
WRITE_BALLOT = "INSERT INTO ballots_ballot (id, batch_id, marks) VALUES (NEW.ballot_id, NEW.batch_id, NEW.marks)"
# The statements of each trigger, in their order; it knows the row for its view as NEW.
STEPS = {
    "cast_by_slip": (STOP_UNLESS_HELD, SPEND_SLIP, STOP_UNLESS_SPENT, KEEP_RECEIPT, WRITE_OPINIONS, WRITE_BALLOT),
    "cast_at_screen": (
        *(STOP_UNLESS_HELD, SPEND_ANY, STOP_UNLESS_SPENT, KEEP_MARK, KEEP_RECEIPT, WRITE_OPINIONS, WRITE_BALLOT),
    ),
}
NULLS = ", ".join(f"NULL AS {column}" for column in COLUMNS)
PREPARATIONS = [
    statement
    for name, steps in STEPS.items()
    for statement in (
        f"CREATE TEMP VIEW IF NOT EXISTS {name} AS SELECT {NULLS} WHERE 0",
        f"CREATE TEMP TRIGGER IF NOT EXISTS {name}_now INSTEAD OF INSERT ON {name} BEGIN {'; '.join(steps)}; END",
    )
]
STATEMENTS = {name: f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(COLUMNS))})" for name in STEPS}  # noqa: S608


def write_on_sqlite(own: BaseDatabaseWrapper, sent: Submission) -> bool:
    """Whether a ballot was written; raises OperationalError where somebody else holds the database."""
    name = "cast_at_screen" if sent.is_screen else "cast_by_slip"
    arguments = (
        *(sent.poll_id, sent.version, sent.today, sent.batch_id, sent.right, sent.receipt, sent.ballot_id, sent.marks),
        json.dumps(sent.opinions),
    )
    with own.cursor() as cursor:
        try:
            _execute(cursor, STATEMENTS[name], arguments)
        except IntegrityError:
            return False
    return True


def _execute(cursor, statement: str, arguments: tuple) -> None:
    """Carry the statement out; a connection that does not know its view yet is told first."""
    try:
        cursor.execute(statement, arguments)
    except OperationalError as error:
        if "no such table" not in str(error):
            raise
        for preparation in PREPARATIONS:
            cursor.execute(preparation)
        cursor.execute(statement, arguments)
