"""`manage.py doctor` about the machine: each thing is broken once, and the remark says how to mend it."""

import shutil
import socket
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from pingyi.heartbeat import beat
from reports import machine
from reports.remarks import FAULT, WARNING
from tests.reports.notices.servers import nobody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path, monkeypatch):
    """A machine on which all is well."""
    settings.VAR_DIR = tmp_path / "var"
    settings.FONTS_DIR = settings.VAR_DIR / "fonts"
    settings.FONTS_DIR.mkdir(parents=True, mode=0o700)
    for face in machine.FACES:
        (settings.FONTS_DIR / f"{face}.otf").touch()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "k" * 64, []
    beat()
    has_space(monkeypatch, 2**40)
    monkeypatch.setattr(machine, "clock_is_kept", lambda: True)
    return settings.VAR_DIR


@pytest.fixture(autouse=True)
def _log_without_statements():
    """PostgreSQL that keeps no statement in its log, as `scripts/deploy.sh` sets it."""
    if connection.vendor == "postgresql":
        set_in_database("log_min_error_statement", "panic")
        set_in_database("log_statement", "none")


def set_in_database(name, value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def has_space(monkeypatch, free):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))


def complaints():
    return [(remark.grade, remark.sentence) for remark in machine.look_over_machine() if not remark.is_fine]


def test_where_all_is_well_each_thing_is_fine():
    assert complaints() == []
    assert len([*machine.look_over_machine()]) == 6 + (connection.vendor == "postgresql")


def test_a_missing_face_is_named(settings):
    (settings.FONTS_DIR / "FandolKai-Regular.otf").unlink()

    ((grade, told),) = complaints()

    assert grade == WARNING
    assert "FandolKai-Regular" in told and "make setup" in told


@pytest.mark.parametrize(("free", "expected"), [(10**9, WARNING), (10**8, FAULT)])
def test_a_disk_that_fills_is_told_before_it_is_full(monkeypatch, free, expected):
    has_space(monkeypatch, free)

    ((grade, told),) = complaints()

    assert grade == expected
    assert "请" in told and f"{free / 1e9:.1f} GB" in told


def test_a_clock_before_the_last_migration_is_wrong():
    with time_machine.travel("2020-01-01"):
        told = [sentence for grade, sentence in complaints() if grade == FAULT]

    assert "2020-01-01" in told[0] and "timedatectl" in told[0]


def test_a_clock_that_differs_from_the_database_is_wrong():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no clock of its own")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        (told,) = [sentence for grade, sentence in complaints() if "相差" in sentence]

    assert "NTP" in told


def test_a_clock_that_nobody_keeps_is_warned_of(monkeypatch):
    monkeypatch.setattr(machine, "clock_is_kept", lambda: False)

    ((grade, told),) = complaints()

    assert (grade, "NTP" in told) == (WARNING, True)


def test_the_kernel_can_be_asked_about_its_clock():
    assert machine.clock_is_kept() in (True, False)


def test_a_short_key_is_a_fault(settings):
    settings.SECRET_KEY = "secret"

    ((grade, told),) = complaints()

    assert (grade, "PINGYI_SECRET_KEY_FALLBACKS" in told) == (FAULT, True)
    assert "secret，" not in told


def test_a_forgotten_key_is_warned_of_until_it_is_among_the_old_ones(settings, var):
    (var / "secret_key").write_text("o" * 64)

    ((grade, told),) = complaints()
    settings.SECRET_KEY_FALLBACKS = ["o" * 64]

    assert (grade, "码条" in told, "o" * 64 in told) == (WARNING, True, False)
    assert complaints() == []


def test_a_worker_that_does_not_run_is_a_fault(var):
    (var / "worker_alive").unlink()

    ((grade, told),) = complaints()

    assert (grade, "systemctl restart pingyi-worker" in told) == (FAULT, True)


@pytest.mark.parametrize("name", ["copy.sqlite3", "pingyi-old.dump", "all.sql.gz", "backupx7/contents"])
def test_a_copy_that_no_passphrase_locks_is_named(var, name):
    path = var / name
    path.parent.mkdir(exist_ok=True)
    path.touch()

    ((grade, told),) = complaints()

    assert (grade, str(path) in told) == (WARNING, True)


def test_the_database_itself_is_no_copy(var, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("the files of PostgreSQL lie elsewhere")
    own = Path(var / "pingyi.sqlite3")
    for ending in ("", "-wal", "-shm"):
        own.with_name(own.name + ending).touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(own))

    assert complaints() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the log is PostgreSQL's")
@pytest.mark.parametrize(("name", "value"), [("log_min_error_statement", "error"), ("log_statement", "all")])
def test_a_log_that_would_keep_a_ballot_s_statement_is_a_fault(name, value):
    set_in_database(name, value)

    ((grade, told),) = complaints()

    assert grade == FAULT
    assert "ALTER ROLE" in told and "panic" in told


def listening():
    """A server on a free port of the loopback that greets like one for mail."""
    server = socket.create_server(("127.0.0.1", 0))

    def greet():
        with suppress(OSError):
            visitor, _ = server.accept()
            with visitor:
                visitor.sendall(b"220 ready\r\n")
                while visitor.recv(1000):
                    visitor.sendall(b"250 ok\r\n")

    Thread(target=greet, daemon=True).start()
    return server


def with_mail(settings, port):
    settings.HAS_MAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 120


def test_a_mail_server_that_does_not_answer_is_a_fault(settings):
    with nobody() as (_, port):
        with_mail(settings, port)

        ((grade, told),) = complaints()

    assert grade == FAULT
    assert "PINGYI_EMAIL_URL" in told


@pytest.mark.parametrize(("site", "expected"), [("https://pingyi.example.org", 0), ("", 1)])
def test_mail_without_an_address_of_the_site_is_told(settings, site, expected):
    settings.SITE = site
    with listening() as server:
        with_mail(settings, server.getsockname()[1])

        told = complaints()

    assert len(told) == expected
    assert all(grade == WARNING and "PINGYI_SITE" in sentence for grade, sentence in told)
