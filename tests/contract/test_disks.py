"""The disk is full or read-only while people vote, and while a poll is sealed, a file sent, exported, backed up: words that
say so, nothing lost, nothing half-written, and work that goes on as soon as there is room."""

import itertools
import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.models import Ballot, CountSheetPhoto, SealedBox
from campaigns import kept_files
from campaigns.models import Poll
from pingyi import trouble
from reports.models import Export
from reports.models.export import SILENCE
from tests.factories import make_export, make_organization, make_sealed_poll, make_user

from .browsers import is_taken
from .disks import SmallDisk, moved_to
from .meetings import count_cells, different_marks, make_meeting
from .servers import ROOT, Site

pytestmark = pytest.mark.slow

VOTERS = 24
PASSPHRASE = {"PINGYI_BACKUP_PASSPHRASE": "一份只在测试里用的备份口令"}
PICTURE = b"\xff\xd8\xff" + b"x" * 200_000
_numbers = itertools.count(1)


@pytest.fixture
def disk():
    disk = SmallDisk()
    try:
        yield disk
    finally:
        disk.remove()


@pytest.fixture
def cramped(engine, disk, django_db_blocker):
    """A site that is not started, whose tables lie on the small disk."""
    with django_db_blocker.unblock():
        site = Site(engine, f"cramped_{next(_numbers)}")
        try:
            with moved_to(site, disk):
                yield site
                site.stop()
        finally:
            site.remove()


def test_on_a_full_disk_ballots_and_the_seal_wait_for_room(cramped, disk):
    cramped.start()
    meeting, marks = make_meeting(cramped, voters=VOTERS), different_marks(VOTERS)
    phones = meeting.phones(marks)

    with disk.full():
        answers = [phone.send() for phone in phones]
    refused = [answer for answer in answers if not is_taken(answer)]
    assert refused
    assert {(answer.status, trouble.FULL.told in answer.text) for answer in refused} == {(503, True)}
    assert "磁盘满了" in cramped.log.read_text()
    assert all(is_taken(phone.send()) for phone in phones)

    desk = meeting.desk()
    meeting.close(desk)
    with disk.full():
        unsealed = desk.post(f"/polls/{meeting.poll_id}/seal/", {})
    assert (unsealed.status, trouble.FULL.told in unsealed.text) == (503, True)
    with cramped.database():
        assert Poll.objects.get().state == Poll.State.CLOSED
        assert (Ballot.objects.count(), SealedBox.objects.count()) == (VOTERS, 0)
    meeting.seal(desk)
    assert meeting.counted() == (sorted(marks), count_cells(marks))
    assert "Traceback" not in cramped.log.read_text()


def set_read_only(site, is_so):
    """As a PostgreSQL server that only follows another is; those who are connected come again, when they are gone."""
    with site.engine.connect("postgres") as connection:
        cursor = connection.cursor()
        cursor.execute(f'ALTER DATABASE "{site.name}" SET default_transaction_read_only = {"on" if is_so else "off"}')
        cursor.execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s", [site.name])


def test_what_can_only_be_read_takes_no_ballot_says_so_and_takes_them_all_afterwards(cramped, disk):
    cramped.start()
    meeting, marks = make_meeting(cramped, voters=4), different_marks(4)
    phones = meeting.phones(marks)
    is_sqlite = cramped.engine.vendor == "sqlite"

    if is_sqlite:
        cramped.stop()
        with disk.read_only():
            cramped.start()
            answers = [phone.send() for phone in phones]
            cramped.stop()
        cramped.start()
    else:
        set_read_only(cramped, True)
        answers = [phone.send() for phone in phones]
        set_read_only(cramped, False)

    assert {answer.status for answer in answers} == {503}
    told = [trouble.READ_ONLY.told in answer.text or trouble.UNREADABLE.told in answer.text for answer in answers]
    # A connection that was cut is told as such, once each.
    assert any(told)
    assert all(is_taken(phone.send()) for phone in phones)
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))


@pytest.mark.django_db
def test_a_file_that_does_not_fit_is_told_and_leaves_neither_row_nor_part(disk, settings):
    settings.VAR_DIR = disk.path
    poll = make_sealed_poll()
    client = Client(raise_request_exception=False)
    client.force_login(make_user(kind="secretary", organization=poll.organization))

    def send():
        file = SimpleUploadedFile("sheet.jpg", PICTURE, "image/jpeg")
        return client.post(reverse("ballots:count_sheet_photos", args=[poll.pk]), {"photo": file})

    kept_files.folder().mkdir()
    with disk.full():
        refused = send()
    left = CountSheetPhoto.objects.count(), list(kept_files.folder().iterdir())
    taken = send()

    assert (refused.status_code, trouble.FULL.told in refused.content.decode()) == (503, True)
    assert left == (0, [])
    assert (taken.status_code, CountSheetPhoto.objects.count()) == (302, 1)


@pytest.fixture
def office(engine, disk, django_db_blocker):
    """A site without a server, whose folder lies on the small disk and whose database does not."""
    with django_db_blocker.unblock():
        site = Site(engine, f"office_{next(_numbers)}")
        (site.folder / "var").symlink_to(disk.path)
        (disk.path / "fonts").symlink_to(ROOT / "var" / "fonts")
        with site.database():
            poll = make_sealed_poll(organizer=make_organization())
            Poll.objects.update(erased_at=poll.sealed_at)
            site.secretary = make_user(kind="secretary", organization=poll.organization)
        try:
            yield site
        finally:
            site.remove()


def test_an_export_without_room_fails_with_words_and_the_next_one_is_made(office, disk):
    with office.database():
        campaign = Poll.objects.get().campaign
        export = make_export(campaign, by=office.secretary)

    with disk.full():
        worked = office.manage("work_exports", "--until-idle")
    with office.database():
        export.refresh_from_db()
        again = make_export(campaign, by=office.secretary)
    assert (worked.returncode, export.state, export.problem) == (0, "failed", trouble.FULL.told)
    assert "Traceback" not in worked.stderr

    assert office.manage("work_exports", "--until-idle").returncode == 0
    with office.database():
        again.refresh_from_db()
        assert again.state == Export.State.DONE


def test_a_worker_whose_database_is_full_ends_no_export_and_makes_it_later(cramped, disk):
    if cramped.engine.vendor != "sqlite":
        pytest.skip("a row of PostgreSQL is written anew in the page that it is in")
    (cramped.folder / "var").mkdir()
    (cramped.folder / "var" / "fonts").symlink_to(ROOT / "var" / "fonts")
    with cramped.database():
        poll = make_sealed_poll()
        Poll.objects.update(erased_at=poll.sealed_at)
        export = make_export(poll.campaign, by=make_user(kind="secretary", organization=poll.organization))

    with disk.full():
        worked = cramped.manage("work_exports", "--until-idle")
    with cramped.database():
        export.refresh_from_db()
        left = export.state
        Export.objects.filter(seen_at__isnull=False).update(seen_at=timezone.now() - SILENCE * 2)
    assert cramped.manage("work_exports", "--until-idle").returncode == 0

    assert (worked.returncode, "磁盘满了" in worked.stderr, "Traceback" in worked.stderr) == (0, True, False), (
        worked.stderr
    )
    assert left in ("waiting", "running")
    with cramped.database():
        export.refresh_from_db()
        assert export.state == Export.State.DONE


@pytest.mark.parametrize("place", ["beside the data", "on the disk of backups"])
def test_a_backup_without_room_says_so_and_leaves_no_part(office, disk, tmp_path, place):
    path = tmp_path / "made.backup"
    if place == "on the disk of backups":
        (office.folder / "var").unlink()
        (office.folder / "var").mkdir()
        path = disk.path / "made.backup"

    with disk.full():
        refused = office.manage("backup", path, **PASSPHRASE)
        left = sorted(file.name for file in disk.path.iterdir())
    made = office.manage("backup", path, **PASSPHRASE)

    assert refused.returncode == 1
    assert "磁盘满了" in refused.stderr or "No space left" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert left == ["filler", "fonts"]
    assert made.returncode == 0, made.stderr
    shutil.rmtree(office.folder / "var", ignore_errors=True)
