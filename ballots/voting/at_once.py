"""A ballot taken in one statement, on PostgreSQL: whole or not at all, and without waiting for anybody (DESIGN 7).

Casts of one meeting hold the poll's row together (`FOR KEY SHARE`) and are on disk together; whoever ends the casting
takes it for itself (`FOR UPDATE`), waits for them and is waited for. Where anything stands in the way, a row that somebody
holds included, nothing is written and nobody is told why: `casting` then takes or refuses the ballot step by step.

Each part of the statement takes its rows from the part before, as all of them see the tables of one moment. Rows are locked
by reading them, before anything is written, and a receipt that is there already stops all that follows. Each part names
its poll or its batch, so that of tables which are split by poll one part alone is looked at.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

from django.db import InterfaceError, OperationalError, connection

from campaigns.ballot_form import BallotForm

from ..models import Opinion, random_key

# The reason of a day on which no ballot is taken; empty on all others. A rehearsal may be held on any day.
OFF_DAYS = """CASE
        WHEN NOT campaign.is_stopped_on_time OR poll.state = 'rehearsing' THEN ''
        WHEN campaign.starts_on > {today} THEN 'early'
        WHEN campaign.ends_on < {today} THEN 'over'
        ELSE '' END"""

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
MOST_FORMS_KNOWN = 1000

# By poll: the version of its row, and the form in it.
_forms: dict[int, tuple[str, BallotForm]] = {}
# Connections of the driver, each with the names of what was prepared on it.
_prepared: dict[str, WeakSet] = {name: WeakSet() for name in STATEMENTS}


def know_form(poll_id: int, *, version: str, form: BallotForm) -> None:
    """Keep the form of a poll for the ballots to come; reading it anew takes longer than taking a ballot."""
    if len(_forms) >= MOST_FORMS_KNOWN:
        _forms.clear()
    _forms[poll_id] = (version, form)


def known_form(poll_id: int) -> tuple[str, BallotForm] | None:
    """The version of a poll's row and the form in it, as they were seen last; the statement takes no ballot of another."""
    return _forms.get(poll_id)


def take(
    *,
    poll: tuple[int, str],
    today: str,
    batch_id: int,
    right: int,
    is_screen: bool,
    receipt: int,
    marks: str,
    opinions: Sequence[Opinion],
) -> bool:
    """Whether the ballot was taken; nothing is written where it was not.

    `poll` is its key and the version of its row, `right` the digest of a slip's code or of the browser's mark. On a
    connection that is lost meanwhile nobody knows whether it was taken: False, and the receipt tells.
    """
    name = "cast_at_screen" if is_screen else "cast_by_slip"
    arguments: list[Any] = [*poll, today, batch_id, receipt, random_key(), marks, right]
    if opinions:
        name += "_with_opinions"
        rows = [(row.pk, row.target_id, row.kind, row.text) for row in opinions]
        arguments += [list(column) for column in zip(*rows, strict=True)]
    # It is not asked first whether the connection still stands: the answer takes a third as long as the ballot.
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _execute(name, arguments)
    except (InterfaceError, OperationalError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return False


def _execute(name: str, arguments: Sequence[Any]) -> bool:
    """Whether the statement wrote a ballot; the connection prepares it when it comes for the first time."""
    with connection.cursor() as cursor:
        if connection.connection not in _prepared[name]:
            cursor.execute(f"PREPARE {name} {STATEMENTS[name]}")
            _prepared[name].add(connection.connection)
        cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(arguments))})", arguments)
        return cursor.rowcount == 1
