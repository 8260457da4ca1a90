"""Copies of the whole database: by SQLite's backup API, or by PostgreSQL's own programs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections

COPIES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
SESSIONS = "django_session"


class CannotCopy(Exception):
    """The database cannot be copied or put back; the message is for the user."""


def copy_database(folder: Path) -> Path:
    """A copy of the database as it is at one moment, without sessions, however much is written meanwhile."""
    path = folder / COPIES[connection.vendor]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as old, closing(sqlite3.connect(path)) as new:
            old.backup(new)
            new.execute("PRAGMA secure_delete=ON")
            new.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608  our own name
            new.commit()
            new.execute("VACUUM")
    else:
        _postgresql(
            "pg_dump", "--format=custom", f"--exclude-table-data={SESSIONS}", f"--file={path}", database=_name()
        )
    return path


def put_database(folder: Path) -> None:
    """Put a copy in the place of the database, which holds nothing; raises CannotCopy."""
    path = folder / COPIES[connection.vendor]
    if not path.exists():
        raise CannotCopy(
            "这份备份是另一种数据库的。SQLite的备份请恢复到SQLite（不设DATABASE_URL），PostgreSQL的备份请恢复到PostgreSQL。"
        )
    if connection.vendor == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        connections.close_all()
        shutil.copyfile(path, half := target.with_name(f".{target.name}.new"))
        half.chmod(0o600)
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        os.replace(half, target)
    else:
        connections.close_all()
        _postgresql(*_RESTORE, "--clean", "--if-exists", f"--dbname={_name()}", str(path))


_RESTORE = ("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")


def restored_beside(folder: Path, name: str) -> str | None:
    """The DATABASE_URL of a PostgreSQL copy put into a new database; None where we may not make one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return None
    _postgresql("createdb", "--template=template0", name)
    _postgresql(*_RESTORE, f"--dbname={name}", str(folder / COPIES["postgresql"]))
    return _url(name)


def drop_beside(name: str) -> None:
    _postgresql("dropdb", "--if-exists", name)


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / COPIES['sqlite']}"


def _name() -> str:
    return connection.settings_dict["NAME"]


def _url(name: str) -> str:
    known = connection.settings_dict
    password = f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else ""
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgres://{quote(known['USER'], safe='')}{password}@{quote(known['HOST'], safe='')}{port}/{quote(name)}"


def _postgresql(program: str, *arguments: str, database: str = "") -> None:
    """Run one of PostgreSQL's programs against the server of the settings; the password is in no list of processes."""
    known = connection.settings_dict
    where = [f"--{option}={known[key]}" for option, key in _OPTIONS.items() if known[key]]
    environment = os.environ | ({"PGPASSWORD": known["PASSWORD"]} if known["PASSWORD"] else {})
    command = [program, *where, *arguments, *([database] if database else [])]
    try:
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=settings.VAR_DIR)
    except FileNotFoundError as error:
        raise CannotCopy(
            f"这台机器没有{program}，请安装（Debian、Ubuntu：apt-get install postgresql-client）。"
        ) from error
    except subprocess.CalledProcessError as error:
        raise CannotCopy(f"{program}没有完成：{error.stderr.strip()}") from error


_OPTIONS = {"host": "HOST", "port": "PORT", "username": "USER"}
