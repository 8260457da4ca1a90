"""Old rows go into a file, whole or not at all, and the chain goes on."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from campaigns.models import TrailArchive, TrailEntry
from reports.trail import archiving
from reports.trail.archiving import CannotArchive, archive
from reports.trail.chain import faults, is_known

from .rows import leave, without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path):
    return tmp_path / "trail.jsonl"


def later(days=181):
    return timezone.now() + timedelta(days=days)


def test_old_rows_are_in_the_file_alone_and_the_chain_goes_on(path):
    rows = [leave(account) for account in ("zhang", "li")]

    archived = archive(path, now=later())
    after = leave("wang")

    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["number"], line["account"], line["digest"]) for line in lines] == [
        (row.number, row.account, row.digest) for row in rows
    ]
    assert (archived.count, archived.last_number) == (2, 2)
    assert archived.file_digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(row.number, row.before) for row in TrailEntry.objects.all()] == [(3, rows[1].digest)]
    assert after.number == 3
    assert list(faults()) == []
    assert is_known(2, rows[1].digest)


def test_younger_rows_stay_and_so_does_whatever_stands_behind_them(path):
    leave("zhang")
    leave("li")
    limit = TrailEntry.objects.get(number=2).at

    archived = archive(path, now=limit + timedelta(days=180))

    assert archived.last_number == 1
    assert [row.account for row in TrailEntry.objects.all()] == ["li"]


def test_fewer_days_a_file_that_is_there_and_nothing_to_archive_are_refused(path):
    leave()

    with pytest.raises(CannotArchive, match="至少保留180天"):
        archive(path, days=179, now=later())
    with pytest.raises(CannotArchive, match="没有满180天"):
        archive(path)
    path.write_text("another")
    with pytest.raises(CannotArchive, match="已经有文件"):
        archive(path, now=later())
    with pytest.raises(CommandError, match="至少保留180天"):
        call_command("audit", "--archive", str(path), "--days", "1")

    assert path.read_text() == "another"
    assert TrailEntry.objects.count() == 1


def test_a_chain_that_does_not_hold_is_not_archived(path):
    leave()
    with without_triggers() as cursor:
        cursor.execute("UPDATE campaigns_trailentry SET account = 'li'")

    with pytest.raises(CannotArchive, match="第1条内容与摘要不符"):
        archive(path, now=later())

    assert not path.exists()


def test_where_the_rows_cannot_be_taken_out_there_is_no_file_either(path, monkeypatch):
    leave()

    def fail(*arguments):
        raise DatabaseError

    monkeypatch.setattr(archiving, "_take_out", fail)

    with pytest.raises(DatabaseError):
        archive(path, now=later())

    assert list(path.parent.iterdir()) == []
    assert TrailEntry.objects.count() == 1
    assert not TrailArchive.objects.exists()
