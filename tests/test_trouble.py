"""A machine whose database is damaged, or whose disk is full, says so in Chinese: on the page without any secret, at the
start and in the log with the command."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from types import SimpleNamespace

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connections
from django.test import Client

from pingyi import trouble
from pingyi.settings import BASE_DIR
from tests import empty
from tests.conftest import is_sqlite
from tests.contract.servers import connected, server_environment

NOBODY = 65534
PAGE = 4096


def with_other_header(path):
    with path.open("r+b") as file:
        file.write(b"not a database at all")


def with_other_middle_pages(path):
    """Another content in the first pages of the accounts and their indexes, somewhere in the middle."""
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'auth_user'").fetchall()
    with path.open("r+b") as file:
        for (page,) in pages:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)


def truncated(path):
    os.truncate(path, PAGE * 3)


def emptied(path):
    os.truncate(path, 0)


def with_folder_in_its_place(path):
    path.unlink()
    path.mkdir()


def without_rights(path):
    path.chmod(0)


DAMAGES = {
    with_other_header: (trouble.DAMAGED, trouble.DAMAGED),
    with_other_middle_pages: (trouble.DAMAGED, trouble.DAMAGED),
    truncated: (trouble.DAMAGED, trouble.DAMAGED),
    # Somebody who has it open sees no tables; whoever opens it is stopped before.
    emptied: (trouble.TABLES, trouble.EMPTY),
    with_folder_in_its_place: (trouble.UNREADABLE, trouble.UNREADABLE),
    without_rights: (trouble.UNREADABLE, trouble.UNREADABLE),
}


@pytest.fixture
def database(tmp_path, django_db_setup, django_db_blocker):
    """A file with all tables, as in use."""
    if not is_sqlite():
        pytest.skip("a file")
    path = tmp_path / "pingyi.sqlite3"
    with django_db_blocker.unblock():
        assert empty.begin(path)
        yield path


@contextmanager
def as_somebody_without_rights(damage):
    """The administrator of the machine may read everything; somebody else may not."""
    is_other = damage is without_rights and os.geteuid() == 0
    if is_other:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_other:
            os.seteuid(0)


def manage(path, *command, **variables):
    environment = server_environment(f"sqlite:///{path}") | {"PINGYI_VAR": str(path.parent)} | variables
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_running_server_answers_with_words_and_its_log_has_the_command(database, damage, caplog):
    expected, _ = DAMAGES[damage]
    Client().get("/login/")  # everything that is read once is read
    damage(database)

    with connected(f"sqlite:///{database}"), as_somebody_without_rights(damage):
        answer = Client(raise_request_exception=False).post("/login/", {"username": "nobody", "password": "nothing"})

    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert expected.told in page
    assert str(database.parent) not in page and "manage.py" not in page
    (line,) = [record for record in caplog.records if record.name == "pingyi.errors"]
    assert "manage.py restore" in line.getMessage()
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_command_stops_with_what_to_do_and_leaves_the_file(database, damage):
    _, expected = DAMAGES[damage]
    damage(database)
    before = None if database.is_dir() else database.read_bytes()

    with (
        connected(f"sqlite:///{database}"),
        as_somebody_without_rights(damage),
        pytest.raises((SystemExit, CommandError)) as ended,
        trouble.explained("which_data"),
    ):
        call_command("which_data")

    assert str(ended.value) == expected.mended.format(where=database)
    assert before is None or database.read_bytes() == before


@pytest.mark.slow
def test_the_start_shows_the_words_and_no_traceback(database):
    with_other_header(database)

    ended = manage(database, "which_data")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.strip() == trouble.DAMAGED.mended.format(where=database)


@pytest.mark.slow
def test_an_empty_file_is_not_made_a_new_database_but_may_be_restored_into(database):
    emptied(database)

    migrated, restored = manage(database, "migrate"), manage(database, "restore", "none.backup")

    assert migrated.returncode == 1 and "0字节" in migrated.stderr
    # It looks at the file and asks for the passphrase.
    assert restored.returncode == 1 and "0字节" not in restored.stderr
    assert database.stat().st_size == 0


@pytest.mark.slow
def test_a_damaged_file_is_not_taken_for_none_and_restored_over(database):
    with_other_header(database)
    before = database.read_bytes()

    ended = manage(database, "restore", "none.backup", PINGYI_BACKUP_PASSPHRASE="a passphrase of some length")

    assert (ended.returncode, database.read_bytes()) == (1, before)
    assert "数据库有损坏" in ended.stderr


def test_a_whole_file_has_no_damage(database):
    with connected(f"sqlite:///{database}"):
        call_command("which_data")

        with_other_middle_pages(database)
    with connected(f"sqlite:///{database}"), pytest.raises(CommandError, match="数据库有损坏"):
        call_command("which_data")


class OfPostgreSQL(psycopg2.OperationalError):
    """An error of the driver, whose code cannot be set on its own class."""

    pgcode = None


def error_of_postgresql(code, kind=DatabaseError):
    cause = OfPostgreSQL("x")
    cause.pgcode = code
    error = kind("x")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "x"), trouble.FULL),
        (OSError(errno.EDQUOT, "x"), trouble.FULL),
        (OSError(errno.EROFS, "x"), trouble.READ_ONLY),
        (OSError(errno.EIO, "x"), trouble.DISK),
        (OSError(errno.ENOENT, "x"), None),
        (error_of_postgresql("53100", OperationalError), trouble.FULL),
        (error_of_postgresql("25006"), trouble.READ_ONLY),
        (error_of_postgresql("XX001"), trouble.DAMAGED),
        (error_of_postgresql("42P01"), trouble.TABLES),
        (error_of_postgresql("57P01"), trouble.GONE),
        (error_of_postgresql("08006"), trouble.GONE),
        (error_of_postgresql(None, OperationalError), trouble.GONE),
        (error_of_postgresql("23505"), None),
        (sqlite3.IntegrityError("x"), None),
        (ValueError("disk full"), None),
        (None, None),
    ],
)
def test_a_failure_of_the_machine_is_told_from_one_of_the_program(error, kind):
    assert trouble.trouble_of(error) is kind


def test_nobody_reads_the_password_of_the_database(monkeypatch):
    known = {"HOST": "db", "NAME": "pingyi", "PASSWORD": "geheim", "USER": "u"}
    monkeypatch.setattr(connections["default"], "settings_dict", known)

    assert "db/pingyi" in str(trouble.GONE)
    assert "geheim" not in str(trouble.GONE)


def test_whoever_restores_is_told_where_the_last_backup_is_noted(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    without = str(trouble.DAMAGED)
    (tmp_path / "last_backup.json").write_text("{}")

    assert "last_backup.json" not in without
    assert str(tmp_path / "last_backup.json") in str(trouble.DAMAGED)


def test_any_other_failure_of_a_command_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError), trouble.explained("check"):
        raise ZeroDivisionError


@pytest.mark.parametrize(("free", "kind"), [(0, trouble.FULL), (trouble.LEAST_ROOM, trouble.DISK)])
def test_an_error_of_a_disk_without_room_is_that_it_is_full(monkeypatch, free, kind):
    monkeypatch.setattr(trouble.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE

    assert trouble.trouble_of(error) is kind
