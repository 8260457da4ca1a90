"""The note of the last backup."""

from datetime import timedelta

import pytest
import time_machine

from reports.backups import records


@pytest.fixture(autouse=True)
def backup(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    path = tmp_path / "a.backup"
    path.write_bytes(b"123")
    return path


def test_without_a_backup_there_is_none():
    assert records.last_backup() is None


def test_the_last_one_is_known_with_its_size_and_grows_old(backup):
    records.note_backup(backup, boxes=4)

    last = records.last_backup()

    assert (last.bytes, last.boxes, last.path, last.is_old) == (3, 4, str(backup), False)
    with time_machine.travel(last.made_at + records.OLD_AFTER + timedelta(hours=1)):
        assert records.last_backup().is_old


def test_a_broken_note_counts_as_none(tmp_path):
    (tmp_path / "last_backup.json").write_text("{")

    assert records.last_backup() is None
