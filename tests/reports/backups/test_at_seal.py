"""After each sealing a backup is made by itself, and none before."""

import pytest

from ballots.counting import sealing
from reports.backups.at_seal import SealBackups
from reports.backups.making import read_back
from reports.backups.records import last_backup
from tests.factories import close_poll, make_open_poll, make_organization, make_sealed_poll
from tests.reports.backups.passphrase import PASSPHRASE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("var")]


@pytest.fixture
def backups(tmp_path):
    return SealBackups(str(tmp_path / "backups"))


def test_a_sealing_is_backed_up_once(backups):
    make_sealed_poll()
    before_erasing = backups.make_due()
    sealing.erase_traces()

    made = backups.make_due()

    assert before_erasing is None
    assert read_back(made, PASSPHRASE).boxes == last_backup().boxes == 1
    assert made.parent.stat().st_mode & 0o077 == 0
    assert backups.make_due() is None


@pytest.mark.parametrize("is_closed", [False, True])
def test_while_anything_waits_for_its_seal_nothing_is_copied(backups, tmp_path, is_closed):
    make_sealed_poll()
    sealing.erase_traces()
    poll = make_open_poll(make_organization("第二党支部", kind="branch"))
    if is_closed:
        close_poll(poll)

    assert backups.make_due() is None
    assert not (tmp_path / "backups").exists()


def test_before_any_sealing_there_is_nothing_to_back_up(backups):
    assert backups.make_due() is None


def test_a_backup_that_fails_is_told_and_not_tried_again_at_once(backups, monkeypatch, caplog):
    make_sealed_poll()
    sealing.erase_traces()
    monkeypatch.setenv("PINGYI_BACKUP_PASSPHRASE", "short")

    made = [backups.make_due(), backups.make_due()]

    assert made == [None, None]
    assert caplog.text.count("封存以后的备份没有做成") == 1
    assert last_backup() is None


@pytest.mark.parametrize(("folder", "is_demo"), [(None, False), ("x", True)])
def test_without_a_folder_and_in_the_demo_nothing_is_backed_up(settings, var, folder, is_demo):
    settings.DEMO = is_demo
    make_sealed_poll()
    sealing.erase_traces()

    assert SealBackups(folder and str(var / folder)).make_due() is None
