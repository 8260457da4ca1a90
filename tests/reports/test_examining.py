"""`manage.py doctor`: what is wrong with an installation, and whether now is a time to copy it."""

import io
import json
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from ballots.counting import sealing
from campaigns.models import Poll
from pingyi.heartbeat import beat
from reports import machine
from reports.backups.records import OLD_AFTER, note_backup
from reports.examining import FAULT, look_over
from tests.factories import close_poll, make_open_poll, make_sealed_poll
from tests.reports.trail.rows import leave, without_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def var(settings, tmp_path, monkeypatch):
    """A folder of data of which a backup was just made, with a worker, on a machine whose clock is kept."""
    settings.VAR_DIR, settings.ALLOWED_HOSTS = tmp_path / "var", ["127.0.0.1"]
    settings.VAR_DIR.mkdir(mode=0o700)
    (tmp_path / "a.backup").write_bytes(b"1" * 1_500_000)
    note_backup(tmp_path / "a.backup", boxes=3)
    beat()
    monkeypatch.setattr(machine, "clock_is_kept", lambda: True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2**40))
    return settings.VAR_DIR


def doctor():
    """The lines that are not fine."""
    told = io.StringIO()
    call_command("doctor", stdout=told)
    return [
        line for line in told.getvalue().splitlines() if not line.startswith(("正常", "提醒　SQLite的预写日志里有"))
    ]


def test_where_all_is_well_nothing_is_remarked():
    poll = make_sealed_poll()
    sealing.erase_traces()

    assert doctor() == []
    assert Poll.objects.get().pk == poll.pk


@pytest.mark.parametrize("is_closed", [False, True])
def test_until_the_seal_a_copy_is_warned_of(is_closed):
    poll = make_open_poll()
    if is_closed:
        close_poll(poll)

    (warning,) = doctor()

    assert warning.startswith("提醒　有1个评议点在收票或者还没有封存")
    assert "可以查出哪个码投了哪张票" in warning


def test_traces_that_wait_are_named():
    make_sealed_poll()

    (warning,) = doctor()

    assert "有1个评议点封存已完成，痕迹清除等待中" in warning


def test_the_log_is_told_by_its_size():
    if connection.vendor != "sqlite":
        pytest.skip("the log of PostgreSQL belongs to its server")
    make_sealed_poll()
    told = io.StringIO()

    call_command("doctor", stdout=told)
    sealing.erase_traces()
    call_command("doctor", stdout=told)

    assert "预写日志里有" in told.getvalue()
    assert "正常　SQLite的预写日志是空的。" not in told.getvalue().partition("正常　封存的评议点都已清除痕迹")[0]


def test_a_file_that_others_can_read_is_a_fault(var, capsys):
    (var / "uploads").mkdir(mode=0o700)
    (var / "uploads" / "roster-x.json").write_text("{}")
    (var / "uploads" / "roster-x.json").chmod(0o644)

    with pytest.raises(CommandError, match="有1项有误"):
        call_command("doctor")

    assert "roster-x.json" in capsys.readouterr().out


def test_a_migration_that_was_not_carried_out_is_a_fault(capsys):
    recorder = MigrationRecorder(connection)
    ((_, name),) = MigrationLoader(connection).graph.leaf_nodes("campaigns")
    recorder.record_unapplied("campaigns", name)
    try:
        with pytest.raises(CommandError):
            call_command("doctor")
    finally:
        recorder.record_applied("campaigns", name)

    assert "有误　有1个数据库迁移没有执行" in capsys.readouterr().out


def test_a_row_of_the_trail_that_was_changed_is_a_fault():
    leave()
    before = [remark.sentence for remark in look_over(is_thorough=False) if "审计记录" in remark.sentence]
    with without_triggers() as cursor:
        cursor.execute("UPDATE campaigns_trailentry SET account = 'li'")

    (after,) = [remark for remark in look_over(is_thorough=False) if "审计记录" in remark.sentence]

    assert before == ["审计记录的最后200条接得上。"]
    assert (after.grade, "第1条内容与摘要不符" in after.sentence) == (FAULT, True)


def test_without_a_backup_and_with_an_old_one_it_says_so(var):
    note = json.loads((var / "last_backup.json").read_text())
    note["made_at"] = (timezone.now() - OLD_AFTER - timedelta(hours=1)).isoformat()
    (var / "last_backup.json").write_text(json.dumps(note))
    (old,) = doctor()
    (var / "last_backup.json").unlink()
    (none,) = doctor()

    assert "已经超过7天" in old and "1.5 MB" in old
    assert none.startswith("提醒　没有备份记录")
