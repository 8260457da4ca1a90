"""The server of databases is stopped for a while, as for an update, while people vote and an export is made."""

import subprocess
import sys

import pytest

from ballots.models import Ballot
from pingyi import trouble
from reports.models import Export
from tests import postgres
from tests.factories import make_export, make_organization, make_sealed_poll, make_user

from .browsers import is_taken
from .meetings import count_cells, different_marks, make_meeting
from .servers import ROOT, server_environment, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["postgresql"], indirect=True)]

VOTERS = 12


@pytest.fixture
def worker(site):
    var = site.folder / "var"
    var.mkdir(exist_ok=True)
    (var / "fonts").symlink_to(ROOT / "var" / "fonts")
    environment = server_environment(site.url) | {"PINGYI_VAR": str(var)}
    with (site.folder / "worker").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "work_exports"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_for(lambda: (var / "worker_alive").exists() or worker.poll() is not None)
        yield worker
    finally:
        worker.terminate()
        worker.wait()


def test_while_the_database_is_stopped_phones_are_told_and_afterwards_everything_goes_on(site, worker):
    meeting, marks = make_meeting(site, voters=VOTERS), different_marks(VOTERS)
    phones, desk = meeting.phones(marks), meeting.desk()
    assert all(is_taken(phone.send()) for phone in phones[:4])

    postgres.stop(site.engine._server)
    answers, page = [phone.send() for phone in phones], desk.get("/")
    log = site.folder / "worker"
    wait_for(lambda: "数据库没有回答" in log.read_text())
    site.engine.start()

    assert {(answer.status, trouble.GONE.told in answer.text) for answer in [*answers, page]} == {(503, True)}
    with site.database():
        assert Ballot.objects.count() == 4
        poll = make_sealed_poll(organizer=make_organization("另一局党委"))
        export = make_export(poll.campaign, by=make_user("other", kind="secretary", organization=poll.organization))
    assert all(is_taken(phone.send()) for phone in phones)
    assert desk.get("/").status == 200
    meeting.close_and_seal()
    with site.database():
        wait_for(lambda: Export.objects.get(pk=export.pk).state == Export.State.DONE)
    assert worker.poll() is None
    assert meeting.counted() == (sorted(marks), count_cells(marks))
    assert "Traceback" not in log.read_text() + site.log.read_text()
