"""The company of seed S4-1: 412 units, 4,378 ballots, two sheets of five and three answers.

Each function runs with Django set up (`children.run_in_child`) and takes the database's URL.
"""

import contextlib
import random
import time
from collections import Counter
from datetime import UTC, datetime

from django.core.management import call_command
from django.db import connection

from ballots import actions as ballot_actions
from ballots.counting import boxes, closing, recounting, sealing
from ballots.models import Batch, SealedBox
from ballots.voting import casting
from campaigns import actions
from campaigns.models import Campaign, Organization

from . import answers
from .databases import connect, engine_of, load_rows, loading

UNITS, BALLOTS = 412, 4378
MARKS, WEIGHTS = "123-", (97, 2, 0.5, 0.5)


def migrate() -> None:
    call_command("migrate", verbosity=0)


def make_branches(root: Organization, units: int) -> list[Organization]:
    branches = [Organization(name=f"第{unit:03d}党支部", kind="branch", parent=root) for unit in range(units)]
    actions.add_organizations(branches)
    return branches


def make_campaign(root: Organization, title: str) -> Campaign:
    return actions.create_campaign(
        organizer=root,
        appraisal="company-two-forms",
        title=title,
        period="2026年度",
        by=None,
        starts_on="2026-11-01",
        ends_on="2026-11-30",
        is_stopped_on_time=False,  # measured on any day
    )


def cast_and_close(campaign: Campaign, ballots: int) -> None:
    """Spread so many ballots over the polls and close them."""
    chance = random.Random(4378)
    polls = list(campaign.polls.all())
    category = campaign.categories.last()
    for number, poll in enumerate(polls):
        batch = ballot_actions.add_batch(poll, channel="meeting", category=category, method=Batch.Method.ENTERED)
        size = len(range(number, ballots, len(polls)))
        marks = Counter("".join(chance.choices(MARKS, WEIGHTS, k=8)) for _ in range(size))
        count = casting.record_ballots(batch=batch, marks=marks.items())
        facts = {batch.pk: closing.BatchFacts(issued=count, returned=count)}
        closing.close(poll, by=None, attended=None, facts=facts)


def close_polls(url: str, units: int, ballots: int) -> dict:
    """A campaign whose polls are closed with all their ballots: what a secretary then seals with one click."""
    migrate()
    root = actions.add_organization(name="某公司党委", kind="committee")
    campaign = make_campaign(root, "群众评议")
    actions.make_polls(campaign, make_branches(root, units))
    ballot_actions.open_campaign(campaign, by=None)
    cast_and_close(campaign, ballots)
    return {}


def seal_company(url: str) -> dict:
    """Seal every poll; how long that took and how often the database was asked."""
    campaign, asked = Campaign.objects.get(), Counter()

    def count(execute, *arguments):
        asked["queries"] += 1
        return execute(*arguments)

    started, worked = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        sealed = sealing.seal_all(campaign, by=None)
    return {
        "seconds": time.perf_counter() - started,
        # Of this process alone: with the wall clock it tells a busy machine from slow code.
        "cpu_seconds": time.process_time() - worked,
        "sealed": sealed,
        "queries": asked["queries"],
    }


def seal_bare(url: str, sealed: str) -> dict:
    """The least that sealing must do, with the driver alone: write the boxes and rows that a seal wrote, delete the ballots.

    It is in a single transaction, without reading or counting; the traces are erased as `sealing.erase_traces` does.
    """
    with contextlib.closing(connect(sealed)) as connection:
        written = [(table, *_rows_of(connection, table)) for table in ("ballots_sealedbox", "ballots_tallyrow")]
    started = time.perf_counter()
    with contextlib.closing(connect(url)) as connection:
        cursor = connection.cursor()
        if engine_of(url) == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        for table, columns, rows in written:
            load_rows(cursor, table, columns, rows)
        for table in ("ballots_ballot", "ballots_code", "ballots_receipt"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  our own names
        now = f"'{datetime.now(UTC):%Y-%m-%d %H:%M:%S}+00:00'"
        cursor.execute(f"UPDATE campaigns_poll SET state = 'sealed', sealed_at = {now}")  # noqa: S608
        cursor.execute("COMMIT")
    written_in = time.perf_counter() - started
    sealing.erase_traces()
    return {"seconds": time.perf_counter() - started, "erasing_seconds": time.perf_counter() - started - written_in}


def _rows_of(connection, table: str) -> tuple[str, list[tuple]]:
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  our own names
    return ",".join(column[0] for column in cursor.description), cursor.fetchall()


def recount_company(url: str) -> dict:
    """Count all boxes again and compare them with what was written, as `manage.py recount` does."""
    started = time.perf_counter()
    campaign = Campaign.objects.get()
    problems = [problem for recounted in recounting.recount_all(campaign.polls.all()) for problem in recounted.problems]
    problems += recounting.total_problems(campaign)
    return {"seconds": time.perf_counter() - started, "problems": len(problems)}


def write_answers(url: str) -> dict:
    """The sealed ballots again, a row for each answer, with the indexes that Django gives to foreign keys."""
    cells, sections = set(), []
    for box in SealedBox.objects.select_related("target").prefetch_related("target__questionnaire__indicators"):
        questionnaire = box.target.questionnaire
        cells |= {
            (questionnaire.pk, position, indicator.pk)
            for position, indicator in enumerate(questionnaire.indicators.all(), start=1)
        }
        sections += [
            (number, box.target_id, questionnaire.pk, line) for number, line in enumerate(boxes.box_lines(box))
        ]
    with loading(url) as cursor:
        answers.make_tables(cursor, sorted(cells))
        load_rows(cursor, "section", "ballot_id,target_id,questionnaire_id,marks", sections)
        count = answers.fill(cursor)
        answers.index_foreign_keys(cursor)
    return {"answers": count}
