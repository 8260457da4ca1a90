"""Rows of the trail for tests, and a way past the triggers for whoever holds the database."""

from contextlib import contextmanager

from django.db import connection

from reports.trail.chain import write_entry
from reports.trail.objects import ThingInTrail
from reports.trail.under_way import begin_deed


def leave(account="zhang", **overrides):
    facts = {"user": None, "role": "党务干事", "address": "10.0.0.1", "deed": "seal", "route": "ballots:poll_seal"}
    return write_entry(**{"account": account, **facts, "thing": ThingInTrail(), "result": "done", **overrides})


def begin(account="zhang", **overrides):
    facts = {"user": None, "role": "党务干事", "address": "10.0.0.1", "deed": "seal", "route": "ballots:poll_seal"}
    return begin_deed(**{"account": account, **facts, "thing": ThingInTrail("评议点", "7", "年度评议"), **overrides})


@contextmanager
def without_triggers():
    """The database as its owner may have it: the triggers are gone, and come back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of which keys are still to be checked is not altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE campaigns_trailentry DISABLE TRIGGER USER")
            yield cursor
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE campaigns_trailentry ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor
        for _, statement in triggers:
            cursor.execute(statement)
