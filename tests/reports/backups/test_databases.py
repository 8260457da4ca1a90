"""Copies that cannot be made or put back are refused in words."""

import subprocess

import pytest
from django.db import connection

from reports.backups import databases


def test_a_copy_of_another_kind_of_database_is_refused(db, tmp_path):
    with pytest.raises(databases.CannotCopy, match="另一种数据库"):
        databases.put_database(tmp_path)


def test_a_program_that_is_missing_or_fails_is_named(db, monkeypatch, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    with pytest.raises(databases.CannotCopy, match="没有pg_nothing，请安装"):
        databases._postgresql("pg_nothing")

    def fails(command, **options):
        raise subprocess.CalledProcessError(1, command, stderr="no room\n")

    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(databases.CannotCopy, match="pg_dump没有完成：no room"):
        databases._postgresql("pg_dump")


def test_the_password_is_in_no_list_of_processes(db, monkeypatch, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    for name, value in {"HOST": "db.example.org", "PORT": "5433", "USER": "office", "PASSWORD": "p@ss"}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    started = {}
    monkeypatch.setattr(subprocess, "run", lambda command, env, **options: started.update(command=command, env=env))

    databases._postgresql("pg_dump", "--format=custom", database="pingyi")

    assert started["command"] == [
        *("pg_dump", "--host=db.example.org", "--port=5433", "--username=office"),
        *("--format=custom", "pingyi"),
    ]
    assert started["env"]["PGPASSWORD"] == "p@ss"
    assert databases._url("check") == "postgres://office:p%40ss@db.example.org:5433/check"
