"""Moves everything from SQLite to PostgreSQL, and compares both row by row before it counts as moved."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import dj_database_url
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction

TARGET = "move_target"
ROWS_AT_ONCE = 1000
# The tables that a migration fills by itself, and sessions, which end with the old server.
NOT_MOVED = (ContentType, Permission, Session)


class CannotMove(Exception):
    """Nothing was moved; the message is for the user."""


@dataclass(frozen=True)
class Moved:
    """A move that was compared: so many tables and rows; the old file under its new name."""

    tables: int
    rows: int
    old_file: Path


def move_to(url: str) -> Moved:
    """Copy all rows into an empty PostgreSQL database, compare them and put the old file aside; raises CannotMove."""
    if connection.vendor != "sqlite":
        raise CannotMove("现在用的已经是PostgreSQL，只能从SQLite搬过去（执行时不要设DATABASE_URL）。")
    if not url.startswith(("postgres://", "postgresql://")):
        raise CannotMove("目标应为 postgres://用户:口令@主机/库名。")
    source = Path(connection.settings_dict["NAME"])
    _check_unused(source)
    settings_dict = connections.configure_settings({"default": dj_database_url.parse(url)})["default"]
    connections.databases[TARGET] = settings_dict
    try:
        _prepare_target(url)
        rows = _copy_all()
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.databases[TARGET]
    return Moved(tables=len(moved_models()), rows=rows, old_file=_put_aside(source))


def go_on_in(url: str) -> None:
    """Let this process go on in the database that everything was moved to: the old one is nobody's any more."""
    connections["default"].close()
    connections.databases["default"] = connections.configure_settings({"default": dj_database_url.parse(url)})[
        "default"
    ]
    del connections["default"]


def moved_models() -> list[type[models.Model]]:
    """Every table whose rows are moved, those of relations between many included."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model not in NOT_MOVED
    ]


def _check_unused(path: Path) -> None:
    """Raise CannotMove while a server has the file open: it would go on taking ballots into the old database."""
    connections.close_all()
    with closing(sqlite3.connect(path, timeout=1)) as alone:
        try:
            alone.execute("PRAGMA locking_mode=EXCLUSIVE")
            alone.execute("BEGIN EXCLUSIVE")
            alone.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise CannotMove("还有程序开着数据库。请先停止网页服务和后台程序，收到的票才不会落在旧库里。") from error


def _prepare_target(url: str) -> None:
    """Make the tables; raise CannotMove where there are rows already."""
    # In a process of its own, to which the target is the only database: migrations write into that.
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity=0"]
    done = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMove(f"目标数据库用不了：{done.stderr.strip().rpartition(chr(10))[2]}")
    filled = [model._meta.verbose_name for model in moved_models() if _rows(model, TARGET).exists()]
    if filled:
        raise CannotMove(f"目标数据库里已经有数据（{filled[0]}），请换一个空的数据库。")


def _rows(model: type[models.Model], database: str) -> models.QuerySet:
    """The rows of a table in the order of their keys, which are chance where order would tell something."""
    return models.QuerySet(model, using=database).order_by("pk")


def _copy_all() -> int:
    """Copy every table in one transaction of each database and compare them; returns the number of rows."""
    target, copied = connections[TARGET], 0
    with transaction.atomic(), transaction.atomic(using=TARGET):
        for model in moved_models():
            fields = [field for field in model._meta.concrete_fields if not field.generated]
            rest = _rows(model, "default").iterator(ROWS_AT_ONCE)
            while chunk := list(islice(rest, ROWS_AT_ONCE)):
                # Raw: what is set when a row is saved, such as the time, stays as it was.
                models.QuerySet(model, using=TARGET)._insert(chunk, fields=fields, using=TARGET, raw=True)  # type: ignore[attr-defined]
                copied += len(chunk)
        with target.cursor() as cursor:
            for statement in target.ops.sequence_reset_sql(no_style(), moved_models()):
                cursor.execute(statement)
        for model in moved_models():
            if _digest(model, "default") != _digest(model, TARGET):
                raise CannotMove(f"“{model._meta.verbose_name}”搬过去以后与原来的不同，没有搬。")
    return copied


def _digest(model: type[models.Model], database: str) -> tuple[int, str]:
    """The number of a table's rows, and a digest of all their values."""
    digest, count = hashlib.sha256(), 0
    for row in _values(model, database):
        digest.update(row)
        count += 1
    return count, digest.hexdigest()


def _values(model: type[models.Model], database: str) -> Iterator[bytes]:
    names = [field.attname for field in model._meta.concrete_fields]
    for row in _rows(model, database).values_list(*names).iterator(ROWS_AT_ONCE):
        # Databases keep the keys of JSON in orders of their own.
        yield json.dumps(row, default=repr, sort_keys=True).encode() + b"\n"


def _put_aside(path: Path) -> Path:
    """Give the old file a name under which no server finds it."""
    connections.close_all()
    aside = path.with_name(f"{path.name}.moved-{datetime.now():%Y%m%d-%H%M%S}")
    path.rename(aside)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return aside
