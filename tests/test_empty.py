"""The empty database that tests begin with: kept while the migrations stay the same."""

import fcntl
import sqlite3
from contextlib import closing

import psycopg2
import pytest

from tests import empty, postgres


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture
def made(tmp_path):
    """A database with one table."""
    path = tmp_path / "made.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE roster (name TEXT)")
    return path


def tables(path):
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]


def test_where_none_is_kept_there_is_nothing_to_begin_with(tmp_path):
    assert not empty.begin(tmp_path / "new.sqlite3")
    assert not (tmp_path / "new.sqlite3").exists()


def test_the_kept_database_is_begun_with(made, tmp_path):
    empty.keep(made)

    assert empty.begin(tmp_path / "new.sqlite3")
    assert tables(tmp_path / "new.sqlite3") == ["roster"]


def test_another_migration_wants_another_database_and_the_old_one_goes(made, tmp_path, monkeypatch):
    empty.keep(made)
    before = empty.kept_path()
    app = tmp_path / "app"
    (app / "migrations").mkdir(parents=True)
    migration = app / "migrations" / "0001_initial.py"
    migration.write_text("one")
    configs = [type("Config", (), {"path": str(app), "label": "app"})]
    monkeypatch.setattr(empty.apps, "get_app_configs", lambda: configs)
    first = empty.kept_path()
    migration.write_text("another")

    assert len({before, first, empty.kept_path()}) == 3
    assert not empty.begin(tmp_path / "new.sqlite3")
    empty.keep(made)
    assert list(before.parent.iterdir()) == [empty.kept_path()]


def test_while_the_tables_are_made_nobody_else_makes_them(settings):
    def take():
        with (settings.VAR_DIR / "tests" / "making").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    with empty.alone(), pytest.raises(BlockingIOError):
        take()
    take()


def test_tables_of_postgresql_are_kept_as_the_statements_that_make_them(tmp_path):
    with postgres.private_cluster() as url:
        names = ("made", "new")
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            for name in names:
                connection.cursor().execute(f"CREATE DATABASE {name}")
        made, new = (url.rpartition("/")[0] + f"/{name}" for name in names)
        with closing(psycopg2.connect(made)) as connection, connection:
            connection.cursor().execute("CREATE TABLE roster (name TEXT)")

        assert not empty.begin_postgresql(new)
        empty.keep_postgresql(made)
        assert empty.begin_postgresql(new)

        with closing(psycopg2.connect(new)) as connection:
            connection.cursor().execute("SELECT name FROM roster")
    assert not empty.begin(tmp_path / "new.sqlite3")
