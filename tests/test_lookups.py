"""Rows that many others point to are joined, not looked up by their keys.

Django asks SQLite for the far end of a foreign key with one `OR` a key, and SQLite takes no more than 1,000 of them: a
company with 4,000 members could not be opened. The limit is lowered here instead of making so many rows.
"""

import ast
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import OperationalError

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.models import Campaign, Member, Target
from reports.grading.content import gradings_of
from reports.results.poll import results_of
from tests.campaigns.actions.library_campaigns import make_from_library
from tests.factories import make_member, make_organization
from tests.reports.grading.members import decide, make_graded_poll

ROOT = Path(__file__).resolve().parent.parent
# Few rows however large the campaign: its questionnaires and scales, the accounts of those who keep it.
FEW = {"questionnaire", "scale", "recorded_by", "added_by"}
# Fetched beforehand by a join (`select_related`), so that the lookup goes on from what is there.
JOINED = {"finding__appeals", "reading__alike", "organization__members"}
# Looked up for some hundred polls at a time (`recounting.POLLS_AT_ONCE`), whose campaigns and categories are few.
IN_LOTS = {("ballots/counting/recounting.py", "campaign"), ("ballots/counting/recounting.py", "category")}
DEPTH, MANY = 60, 90


@pytest.fixture
def shallow(db):
    """SQLite with a tenth of the depth that it allows to a condition."""
    if connection.vendor != "sqlite":
        pytest.skip("the limit is SQLite's")
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, DEPTH)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, before)


def test_a_company_of_many_members_is_opened(shallow):
    company = make_organization("某公司党委")
    branches = [make_organization(f"第{n}支部", parent=company, kind="branch") for n in range(3)]
    for n in range(MANY):
        make_member(branches[n % 3], f"党员{n}", post="member" if n else "secretary")
    campaign = make_from_library(company)
    Campaign.objects.update(starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 9))
    campaign.refresh_from_db()
    actions.make_polls(campaign, branches)

    open_campaign(campaign, by=None)

    assert campaign.polls.accepting().count() == 3
    assert Target.objects.filter(member__isnull=False).count() > DEPTH


def test_the_grades_of_many_members_are_read(shallow):
    poll = make_graded_poll({"2" * MANY: 3}, full=MANY)
    decide(poll, ["合格"] * MANY)

    (content,) = gradings_of([results_of(poll)]).values()

    assert dict(content.counts)["合格"] == MANY


def test_the_lowered_limit_refuses_a_lookup_by_keys(shallow):
    branch = make_organization("某支部", kind="branch")
    for n in range(MANY):
        make_member(make_organization(f"第{n}支部", parent=branch, kind="branch"), "党员")

    with pytest.raises(OperationalError, match="Expression tree is too large"):
        list(Member.objects.prefetch_related("organization"))


def foreign_keys():
    """The names of all relations to one row."""
    return {field.name for model in apps.get_models() for field in model._meta.get_fields() if field.many_to_one}


def looked_up(tree):
    """The parts of all paths that a source looks up beforehand, with their line."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        paths = {"prefetch_related": node.args, "Prefetch": node.args[:1], "prefetch_related_objects": node.args[1:]}
        for path in paths.get(name, ()):
            if isinstance(path, ast.Constant) and path.value not in JOINED:
                yield from ((part, node.lineno) for part in path.value.split("__"))


@pytest.mark.parametrize("room", ["campaigns", "ballots", "reports"])
def test_no_key_with_many_ends_is_looked_up(room):
    many = foreign_keys() - FEW
    sources = [path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]

    faults = [
        f"{path.relative_to(ROOT)}:{line} {part}"
        for path in sources
        for part, line in looked_up(ast.parse(path.read_text()))
        if part in many and (str(path.relative_to(ROOT)), part) not in IN_LOTS
    ]

    assert faults == []


def test_the_reading_of_sources_finds_a_key():
    source = 'rows.prefetch_related("grades__target", Prefetch("targets__member"))'

    assert {part for part, _ in looked_up(ast.parse(source))} & foreign_keys() == {"target", "member"}
