"""The worker's process for long rosters, and the rows that its deeds leave in the trail."""

import subprocess

import pytest
from django.core.management import call_command
from django.db import OperationalError

from campaigns import uploads
from campaigns.models import Member, TrailEntry
from campaigns.roster.queue import WORKBOOK, RosterAnswers, answer_import, begin_import
from campaigns.roster.working import queue_workbook, waiting_outcome
from reports.management.commands import work_exports, work_rosters
from reports.trail.chain import faults
from tests.factories import make_cast, make_organization
from tests.workbooks import make_roster

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(work_rosters.os, "nice", lambda _: None)


@pytest.fixture
def secretary():
    return make_cast(make_organization("某局党委")).secretary


@pytest.fixture
def imported(secretary):
    """A confirmed roster."""
    imported = queue_workbook(make_roster([], [("张三", "某局党委")]), secretary)
    call_command("work_rosters")
    imported.refresh_from_db()
    answer_import(imported, RosterAnswers(digest=waiting_outcome(imported).preview.digest))
    return imported


def rows():
    return list(
        TrailEntry.objects.values_list("user__username", "deed", "route", "object_kind", "object_key", "result")
    )


def test_the_writing_leaves_a_row_of_the_account_that_confirmed(imported, secretary):
    assert rows() == []

    call_command("work_rosters")

    key = str(imported.pk)
    assert rows() == [(secretary.username, "roster_import", "campaigns:roster_confirm", "名册导入", key, "done")]
    assert TrailEntry.objects.get().role == "党务干事"
    assert Member.objects.get().name == "张三"
    assert list(faults()) == []


def test_a_roster_that_could_not_be_written_leaves_a_row_that_says_so(imported, secretary):
    Member.objects.create(organization=make_organization("另一党委"), name="无关")
    Member.objects.create(organization_id=secretary.roles.get().organization_id, name="张三")

    call_command("work_rosters")

    assert [row[-1] for row in rows()] == ["refused"]


def test_without_the_row_nothing_is_written(imported, monkeypatch):
    def fail(**_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(work_rosters, "write_entry", fail)

    with pytest.raises(SystemExit):
        call_command("work_rosters")

    imported.refresh_from_db()
    assert imported.state == "writing"
    assert not Member.objects.exists()


class Process:
    """A process that runs until it is told that it has ended."""

    def __init__(self, command, **_):
        self.command, self.code, self.was_killed = command[2:], None, False

    def poll(self):
        return self.code

    def kill(self):
        self.was_killed = True


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", Process)
    worker = work_exports.Command()
    worker._reader, worker._reader_at = None, 0.0
    return worker


def test_the_worker_starts_one_process_while_there_is_a_roster_that_nobody_is_at(worker, secretary):
    worker._see_to_rosters()
    assert worker._reader is None

    imported = begin_import(uploads.keep({"content": ""}, secretary, kind=WORKBOOK), secretary)
    worker._see_to_rosters()
    first = worker._reader
    worker._see_to_rosters()
    assert (worker._reader, first.command) == (first, ["work_rosters"])

    first.code = 0
    with uploads.held(imported.token, kind=WORKBOOK):
        worker._see_to_rosters()
    assert worker._reader is None


def test_a_process_that_hangs_is_killed(worker, secretary):
    begin_import(uploads.keep({"content": ""}, secretary, kind=WORKBOOK), secretary)
    worker._see_to_rosters()
    worker._reader_at -= work_exports.SECONDS_TO_READ + 1

    worker._see_to_rosters()

    assert worker._reader.was_killed
