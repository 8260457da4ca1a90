"""The part of `bench.apart` that needs Django set up on a database (`children.run_in_child`)."""

import re

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from ballots import actions as ballot_actions
from ballots.counting import closing, sealing
from ballots.models import Batch
from ballots.voting import casting, codes
from ballots.voting.at_once import postgresql
from campaigns import actions
from campaigns.models import Campaign, Role

from . import company, orders

WEIGHED = (
    *(
        "campaigns_organization",
        "campaigns_poll",
        "campaigns_target",
        "ballots_batch",
        "ballots_code",
        "ballots_receipt",
    ),
    *("ballots_ballot", "ballots_sealedbox", "ballots_tallyrow"),
)


def parts_looked_at(url: str, batch: int) -> dict:
    """How many parts of the table of codes a cast's statement looks at; what it writes goes straight to its part."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"PREPARE cast_by_slip {postgresql.STATEMENTS['cast_by_slip']}")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(
            f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE cast_by_slip ({', '.join(['%s'] * 8)})",
            _cast_values(cursor, Batch.objects.get(pk=batch)),
        )
        plan = [line for (line,) in cursor.fetchall() if "Scan" in line and "never executed" not in line]
        transaction.set_rollback(True)
    return {"looked": len(set(re.findall(r" on ballots_code_(\d+) ", "\n".join(plan))))}


def _cast_values(cursor, batch: Batch) -> list:
    """A ballot of the batch in the order in which the statement wants to know it."""
    (code,) = codes.make_slips(batch, 1)
    cursor.execute("SELECT xmin::text FROM campaigns_poll WHERE id = %s", [batch.poll_id])
    (version,) = cursor.fetchone()
    return [batch.poll_id, version, "2026-11-15", batch.pk, 11, 12, "11121111", codes.exchange(code).slip]


def half_sealed(url: str, units: int, ballots: int) -> dict:
    """A campaign whose polls are closed and half of them sealed, and the session of an officer who looks at it."""
    company.close_polls(url, units, ballots)
    campaign = Campaign.objects.get()
    for poll in campaign.polls.all()[: units // 2]:
        sealing.seal(poll, by=None)
    officer = User.objects.create(username="officer")
    Role.objects.create(user=officer, organization=campaign.organizer, kind=Role.Kind.OFFICER)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return {"campaign": campaign.pk, "session": client.cookies["sessionid"].value}


def seal_rest(url: str) -> dict:
    return {"sealed": sealing.seal_all(Campaign.objects.get(), by=None)}


def weigh(url: str, units: int, ballots: int) -> dict:
    """Bytes of each table at each step of a campaign's life, and of the write-ahead log for one ballot."""
    company.migrate()
    root = actions.add_organization(name="某公司党委", kind="committee")
    campaign = company.make_campaign(root, "群众评议")
    steps = {"还没有活动": _sizes()}
    actions.make_polls(campaign, company.make_branches(root, units))
    ballot_actions.open_campaign(campaign, by=None)
    steps["开启"] = _sizes()
    category = campaign.categories.last()
    slips = []
    for poll in campaign.polls.all():
        batch = ballot_actions.add_batch(poll, channel="meeting", category=category, method=Batch.Method.SLIPS)
        slips += codes.make_slips(batch, ballots // units)
    steps["做了码条"] = _sizes()
    log = _log_bytes()
    for slip in slips:
        casting.cast(ticket=codes.exchange(slip), key=f"key of {slip}", marks=orders.MARKS)
    a_cast = (_log_bytes() - log) / len(slips)
    steps["收完票"] = _sizes()
    for poll in campaign.polls.all():
        facts = {batch.pk: closing.BatchFacts(issued=ballots // units) for batch in poll.batches.all()}
        closing.close(poll, by=None, attended=None, facts=facts)
    sealing.seal_all(campaign, by=None)
    steps["封存"] = _sizes()
    return {"steps": steps, "log_of_a_cast": round(a_cast), "ballots": len(slips)}


def _sizes() -> dict[str, int]:
    """Bytes of the tables that grow with polls and ballots, indexes included, without room for rows that are gone."""
    with connection.cursor() as cursor:
        sizes = {}
        for table in WEIGHED:
            cursor.execute(f"VACUUM FULL {table}")
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table])
            (sizes[table],) = cursor.fetchone()
    return sizes


def _log_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")
        return cursor.fetchone()[0]
