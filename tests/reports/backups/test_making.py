"""Making a backup: read back before it counts, and refused while it would tell who voted what."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ballots.counting import sealing
from ballots.models import SealedBox
from campaigns.models import Poll
from reports.backups import databases, envelope, making, records
from tests.factories import cast_ballots, close_poll, make_batch, make_open_poll, make_organization, make_sealed_poll
from tests.reports.backups.passphrase import PASSPHRASE

pytestmark = pytest.mark.usefixtures("var")


@pytest.fixture
def sealed(transactional_db):
    poll = make_sealed_poll()
    sealing.erase_traces()
    return poll


@pytest.mark.database
def test_a_backup_holds_the_database_the_key_the_files_and_the_settings(sealed, var, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("PINGYI_HOSTS", "pingyi.example.org")
    (var / "attachments").mkdir()
    (var / "attachments" / "photo").write_bytes(b"\xff\xd8")

    backup = making.make_backup(tmp_path / "a.backup", PASSPHRASE)

    assert (backup.boxes, backup.is_recounted) == (SealedBox.objects.count(), True)
    assert records.last_backup().boxes == backup.boxes > 0
    with envelope.working_folder() as folder:
        envelope.unwrap(tmp_path / "a.backup", folder, PASSPHRASE)
        kept = json.loads((folder / "settings.json").read_text())
        assert (folder / "secret_key").read_text() == settings.SECRET_KEY
        assert (folder / "attachments" / "photo").read_bytes() == b"\xff\xd8"
        assert kept["PINGYI_HOSTS"] == "pingyi.example.org"
        assert "PINGYI_BACKUP_PASSPHRASE" not in kept
    # Nothing readable is left on the disk.
    assert [path.name for path in var.iterdir() if path.name.startswith("backup")] == []


@pytest.mark.database
@pytest.mark.parametrize("is_closed", [False, True])
def test_until_the_seal_no_backup_is_made(transactional_db, tmp_path, is_closed):
    poll = make_open_poll()
    if is_closed:
        close_poll(poll)

    with pytest.raises(making.NotNow, match=r"1个在收票或者还没有封存.*可以查出哪个码投了哪张票"):
        making.make_backup(tmp_path / "a.backup", PASSPHRASE)
    assert not (tmp_path / "a.backup").exists()


def test_nor_while_traces_of_a_seal_wait(transactional_db):
    make_sealed_poll()
    Poll.objects.update(erased_at=None)

    assert "1个封存后痕迹清除等待中" in making.why_not_now()


def test_a_backup_whose_boxes_were_changed_is_none(sealed, tmp_path):
    SealedBox.objects.update(sha256="0" * 64)

    with pytest.raises(making.NotWhole, match="重新计票不一致"):
        making.make_backup(tmp_path / "a.backup", PASSPHRASE)
    assert not (tmp_path / "a.backup").exists()
    assert records.last_backup() is None


def test_a_file_that_does_not_fit_the_list_is_named(sealed, tmp_path):
    with envelope.working_folder() as folder:
        making._fill(folder)
        (folder / "secret_key").write_text("another")

        with pytest.raises(making.NotWhole, match="与清单不符：secret_key"):
            making.read_manifest(folder)
        (folder / "secret_key").unlink()
        with pytest.raises(making.NotWhole, match="缺少文件"):
            making.read_manifest(folder)


def test_sessions_are_left_out(sealed, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("somebody"))

    with envelope.working_folder() as folder:
        copy = databases.copy_database(folder)
        key = client.session.session_key

        assert key.encode() not in Path(copy).read_bytes()


def test_a_folder_keeps_the_last_ones(sealed, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"pingyi-2020010{day}-000000.backup").write_bytes(b"old")
    (folder / "other.txt").write_text("of somebody else")

    call_command("backup", folder=str(folder), keep=2)

    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 3
    assert left[0] == "other.txt"
    assert left[1] == "pingyi-20200103-000000.backup"


def test_a_file_that_is_there_is_not_overwritten(db, tmp_path):
    (tmp_path / "a.backup").write_text("mine")

    with pytest.raises(CommandError, match="已经有了，不覆盖"):
        call_command("backup", str(tmp_path / "a.backup"))
    assert (tmp_path / "a.backup").read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(sealed, tmp_path):
    with pytest.raises(CommandError, match=r"备份没有做成.*写不了"):
        call_command("backup", str(tmp_path / "none" / "a.backup"))


def test_a_poll_that_is_opened_between_the_look_and_the_copy_is_in_no_backup(sealed, tmp_path, monkeypatch):
    copy = databases.copy_database

    def open_and_copy(folder):
        cast_ballots(make_batch(make_open_poll(make_organization("另一局党委"))), {"12": 3})
        return copy(folder)

    monkeypatch.setattr(databases, "copy_database", open_and_copy)

    with pytest.raises(making.NotNow, match="可以查出哪个码投了哪张票"):
        making.make_backup(tmp_path / "made.backup", PASSPHRASE)

    assert not (tmp_path / "made.backup").exists()
    assert not list(tmp_path.glob("var/*/contents"))
    assert records.last_backup() is None
