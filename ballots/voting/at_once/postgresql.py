"""PostgreSQL's statement for a ballot, which waits for nobody.

Casts of one meeting hold the poll's row together (`FOR KEY SHARE`) and are on disk together; whoever ends the casting
takes it for itself (`FOR UPDATE`), waits for them and is waited for. Where somebody holds a row nothing is written either.

Each part of the statement takes its rows from the part before, as all of them see the tables of one moment. Rows are locked
by reading them, before anything is written, and a receipt that is there already stops all that follows. Each part names
its poll or its batch, so that of tables which are split by poll one part alone is looked at.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from .submission import OFF_DAYS, Submission

# `xmin`, the transaction that wrote the poll as it is, tells whether its ballot is still the one that is known here.
HELD = f"""held AS (
    SELECT poll.id FROM campaigns_poll poll JOIN campaigns_campaign campaign ON campaign.id = poll.campaign_id
    WHERE poll.id = $1 AND poll.xmin = $2 AND poll.state IN ('open', 'rehearsing') AND {OFF_DAYS.format(today="$3")} = ''
    FOR KEY SHARE OF poll SKIP LOCKED)"""  # noqa: S608  words of this file alone
SLIP = f"""{HELD}, code AS (
    SELECT code.digest FROM held, ballots_code code WHERE code.digest = $8 AND code.batch_id = $4
    FOR UPDATE OF code SKIP LOCKED), admitted AS (SELECT FROM code)"""  # noqa: S608
# The mark of the browser comes before the receipt: two ballots of one browser at the same moment meet here, and the second
# leaves nothing. Two with one receipt are of one browser, as its key is good for one ticket alone.
SCREEN = f"""{HELD}, code AS (
    SELECT code.digest FROM held, ballots_code code WHERE code.batch_id = $4 LIMIT 1
    FOR UPDATE OF code SKIP LOCKED), admitted AS (
    INSERT INTO ballots_receipt (digest, poll_id)
    SELECT $8, $1 FROM code WHERE NOT EXISTS (SELECT FROM ballots_receipt WHERE poll_id = $1 AND digest = $5)
    ON CONFLICT DO NOTHING RETURNING digest)"""  # noqa: S608
TAKEN = """, receipt AS (
    INSERT INTO ballots_receipt (digest, poll_id) SELECT $5, $1 FROM admitted ON CONFLICT DO NOTHING RETURNING digest
), spent AS (
    DELETE FROM ballots_code spent USING code, receipt WHERE spent.batch_id = $4 AND spent.digest = code.digest
    RETURNING spent.batch_id)"""
OPINIONS = """, opinion AS (
    INSERT INTO ballots_opinion (id, target_id, kind, text)
    SELECT own.id, own.target_id, own.kind, own.text
    FROM spent, unnest($9, $10, $11, $12) AS own (id, target_id, kind, text))"""
BALLOT = " INSERT INTO ballots_ballot (id, batch_id, marks) SELECT $6, batch_id, $7 FROM spent"
TYPES = "bigint, xid, date, bigint, bigint, bigint, text, bigint"
TYPES_OF_OPINIONS = f"{TYPES}, bigint[], bigint[], text[], text[]"
# By their names in the database: PostgreSQL takes longer to plan one than to carry it out, so each connection does it once.
STATEMENTS = {
    "cast_by_slip": f"({TYPES}) AS WITH {SLIP}{TAKEN}{BALLOT}",
    "cast_at_screen": f"({TYPES}) AS WITH {SCREEN}{TAKEN}{BALLOT}",
    "cast_by_slip_with_opinions": f"({TYPES_OF_OPINIONS}) AS WITH {SLIP}{TAKEN}{OPINIONS}{BALLOT}",
    "cast_at_screen_with_opinions": f"({TYPES_OF_OPINIONS}) AS WITH {SCREEN}{TAKEN}{OPINIONS}{BALLOT}",
}
# Connections of the driver, each with the names of what was prepared on it.
_prepared: dict[str, WeakSet] = {name: WeakSet() for name in STATEMENTS}


def write_on_postgresql(own: BaseDatabaseWrapper, sent: Submission) -> bool:
    """Whether a ballot was written.

    On a connection that is lost meanwhile nobody knows whether it was: False, and the receipt tells.
    """
    name = "cast_at_screen" if sent.is_screen else "cast_by_slip"
    arguments = [
        sent.poll_id,
        sent.version,
        sent.today,
        sent.batch_id,
        sent.receipt,
        sent.ballot_id,
        sent.marks,
        sent.right,
    ]
    if sent.opinions:
        name += "_with_opinions"
        arguments += [list(column) for column in zip(*sent.opinions, strict=True)]
    # It is not asked first whether the connection still stands: the answer takes a third as long as the ballot.
    own.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _execute(own, name, arguments)
    except (InterfaceError, OperationalError):
        if own.in_atomic_block or own.is_usable():
            raise
        own.close()
        return False


def _execute(own: BaseDatabaseWrapper, name: str, arguments: Sequence[Any]) -> bool:
    """Whether the statement wrote a ballot; the connection prepares it when it comes for the first time."""
    with own.cursor() as cursor:
        if own.connection not in _prepared[name]:
            cursor.execute(f"PREPARE {name} {STATEMENTS[name]}")
            _prepared[name].add(own.connection)
        cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(arguments))})", arguments)
        return cursor.rowcount == 1
