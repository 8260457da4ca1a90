"""Workers of exports die, are told to end and are cancelled under: the real processes over both databases."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from reports.exports.queue import cancel_export
from reports.models import Export
from reports.models.export import SILENCE
from tests import factories

from .servers import ROOT, children_of, connected, is_running, server_environment, wait_for

pytestmark = pytest.mark.slow

UNITS = 8
PATIENCE = 180
_numbers = itertools.count(1)


class Office:
    """A committee with sealed polls, an export of their count sheets, and workers that can be killed."""

    def __init__(self, url):
        self.url = url
        self.folder = Path(tempfile.mkdtemp(prefix="exports"))
        (self.folder / "fonts").symlink_to(ROOT / "var" / "fonts")
        self._workers = []
        with connected(url):
            self.key = make_export().pk

    @property
    def archive(self):
        return self.folder / "exports" / str(self.key) / "archive.zip"

    def parts(self):
        """The files that are there so far."""
        return {path.name for path in self.archive.parent.glob("[0-9]*.pdf")}

    def let_through(self, count):
        """Let no more files than so many be made, until another number is named."""
        (self.folder / "gate.new").write_text(str(count))
        (self.folder / "gate.new").replace(self.folder / "gate")

    def work(self, *options):
        environment = server_environment(self.url) | {
            "PINGYI_VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "tests.contract.gate",
        }
        command = [sys.executable, "manage.py", "work_exports", *options]
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        self._workers.append(worker)
        return worker

    def export(self):
        with connected(self.url):
            return Export.objects.get(pk=self.key)

    def wait_for_parts(self, count):
        wait_for(lambda: len(self.parts()) >= count)

    def remove(self):
        for worker in self._workers:
            kill_all(worker)
        shutil.rmtree(self.folder, ignore_errors=True)


def make_export():
    committee = factories.make_organization()
    secretary = factories.make_user(kind="secretary", organization=committee)
    branches = [
        factories.make_organization(f"第{number}党支部", parent=committee, kind="branch")
        for number in range(1, UNITS + 1)
    ]
    campaign = factories.make_campaign(committee)
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 8, "12": 2})
        factories.close_poll(poll)
        sealing.seal(poll, by=None)
    return factories.make_export(campaign, by=secretary)


def kill_all(worker):
    """SIGKILL to a worker and to what it has started, as when the machine loses power."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


@pytest.fixture
def office(engine, django_db_blocker):
    with django_db_blocker.unblock():
        office = Office(engine.create(f"exports_{next(_numbers)}", template="template"))
        try:
            yield office
        finally:
            office.remove()


def units_in(archive):
    with zipfile.ZipFile(archive) as file:
        assert file.testzip() is None
        return sorted(file.namelist())


def bodies_in(archive):
    with zipfile.ZipFile(archive) as file:
        return [file.read(name) for name in file.namelist()]


ALL = sorted(f"第{number}党支部-计票结果报告单.pdf" for number in range(1, UNITS + 1))


def test_after_a_power_cut_the_next_worker_goes_on_with_the_files_that_are_there(office):
    office.let_through(2)
    worker = office.work()
    office.wait_for_parts(2)
    kill_all(worker)
    office.let_through(UNITS)
    there, left = office.parts(), office.export()
    marked = office.archive.parent / min(there)
    marked.write_bytes(b"as it was")
    with connected(office.url):
        # A minute passes.
        Export.objects.filter(pk=office.key).update(seen_at=timezone.now() - SILENCE * 2)
    code = office.work("--until-idle").wait(timeout=PATIENCE)

    assert (left.state, 2 <= len(there) < UNITS) == ("running", True)
    assert (code, office.export().state, office.export().done_count) == (0, "done", UNITS)
    assert units_in(office.archive) == ALL
    assert b"as it was" in bodies_in(office.archive)


@pytest.mark.parametrize("killed", [slice(1), slice(None)], ids=["one", "all"])
def test_a_worker_whose_drawing_processes_are_killed_has_the_files_drawn_again(office, killed):
    office.let_through(1)
    worker = office.work("--until-idle")
    office.wait_for_parts(1)
    makers = children_of(worker.pid)[killed]
    for maker in makers:
        os.kill(maker, signal.SIGKILL)
    office.let_through(UNITS)
    code = worker.wait(timeout=PATIENCE)

    assert makers
    assert (code, office.export().state, units_in(office.archive)) == (0, "done", ALL)


def test_a_worker_told_to_end_hands_its_export_back_and_leaves_no_process(office):
    office.let_through(1)
    worker = office.work()
    office.wait_for_parts(1)
    makers = children_of(worker.pid)
    worker.terminate()
    # The file at hand may be ended, but not the export.
    office.let_through(UNITS - 1)
    code = worker.wait(timeout=PATIENCE)
    halted = office.export()
    office.let_through(UNITS)
    office.work("--until-idle").wait(timeout=PATIENCE)

    assert (code, halted.state, halted.worker) == (0, "waiting", "")
    assert makers and not any(map(is_running, makers))
    assert (office.export().state, units_in(office.archive)) == ("done", ALL)


def test_cancelled_in_the_middle_nothing_is_left(office):
    office.let_through(1)
    worker = office.work("--until-idle")
    office.wait_for_parts(1)
    with connected(office.url):
        was_active = cancel_export(Export.objects.get(pk=office.key))
    office.let_through(UNITS)
    code = worker.wait(timeout=PATIENCE)

    assert (was_active, code, office.export().state) == (True, 0, "cancelled")
    assert not office.archive.parent.exists()


def test_two_workers_make_an_export_once(office):
    workers = [office.work("--until-idle") for _ in range(2)]
    codes = [worker.wait(timeout=PATIENCE) for worker in workers]

    assert (codes, office.export().state, units_in(office.archive)) == ([0, 0], "done", ALL)
