"""Failures of the ground that the programs stand on: a damaged or unreadable database, a full or read-only disk, a server
of databases that does not answer. Each has words for a page, and words with the command for whoever keeps the machine."""

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

RESTORE = ".venv/bin/python manage.py restore 备份文件"
KEPT_ASIDE = "把它连同同名的 -wal、-shm 文件移到别处留着（不要删除）"
# The one command that fills an empty file.
FILLS_EMPTY_FILE = "restore"


@dataclass(frozen=True)
class Trouble:
    """A kind of failure: a sentence for anybody who looks at a page, and one with what to do, in which `{where}` is the database."""

    told: str
    mended: str

    def __str__(self) -> str:
        return self.mended.format(where=_where()) + _last_backup()


DAMAGED = Trouble(
    "数据库有损坏，现在不能使用，刚才的操作没有完成。请告诉管理这台服务器的人：怎样恢复写在服务器的日志里。",
    f"数据库有损坏：{{where}}。请停止服务，{KEPT_ASIDE}，再从备份恢复：{RESTORE}",
)
EMPTY = Trouble(
    DAMAGED.told,
    "数据库文件是空的（0字节）：{where}。以前有数据的，文件已经损坏：请停止服务，把它移到别处，再从备份恢复："
    f"{RESTORE} 。新安装的，删去这个空文件，再来一次。",
)
TABLES = Trouble(
    "数据库里没有本系统的表，或者与软件的版本不合，刚才的操作没有完成。请告诉管理这台服务器的人：怎样处理写在服务器的日志里。",
    "数据库里没有本系统要的表或者列：{where}。刚升级的，请停止服务，执行 make setup（或者 .venv/bin/python manage.py migrate）；"
    f"以前有数据的，文件已经损坏：{KEPT_ASIDE}，再从备份恢复：{RESTORE}",
)
UNREADABLE = Trouble(
    "数据库打不开，刚才的操作没有完成。请告诉管理这台服务器的人：怎样处理写在服务器的日志里。",
    "数据库文件打不开：{where}。请看它是不是一个文件、运行服务的账号有没有读写它和它所在文件夹的权限（ls -ld）；"
    f"文件已经不在、或者那里是别的东西的，停止服务，移开，再从备份恢复：{RESTORE}",
)
FULL = Trouble(
    "服务器的磁盘满了，刚才的操作没有完成，什么也没有改动。请告诉管理这台服务器的人，腾出空间以后再试一次。",
    "磁盘满了。请腾出空间（df -h 看各个磁盘），服务不用重新启动。数据库：{where}。",
)
READ_ONLY = Trouble(
    "服务器的磁盘现在只能读、不能写，刚才的操作没有完成，什么也没有改动。请告诉管理这台服务器的人。",
    "磁盘或者数据库文件只能读，不能写：{where}。请看磁盘是不是只读挂载（mount）、文件和文件夹的权限（ls -ld）；"
    "磁盘出错会自动变成只读，请查看系统日志（dmesg）。",
)
DISK = Trouble(
    "服务器的磁盘读写出错，刚才的操作没有完成。请告诉管理这台服务器的人。",
    "磁盘读写出错：{where}。请查看系统日志（dmesg）；磁盘坏了的，换一块，再从备份恢复：" + RESTORE,
)
GONE = Trouble(
    "数据库没有回答，刚才的操作不一定完成了。请等一会儿，返回上一页再试一次：同一张票再交一次，也只计一张。",
    "数据库没有回答：{where}。请看它是不是在运行（systemctl status postgresql）；它重新启动以后，服务不用重新启动。",
)

OF_SQLITE = {
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: UNREADABLE,
    sqlite3.SQLITE_PERM: UNREADABLE,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: DISK,
}
OF_POSTGRESQL = {
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "53100": FULL,
    "25006": READ_ONLY,
    "42P01": TABLES,
    "42703": TABLES,
}
OF_SYSTEM = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY, errno.EIO: DISK}
LEAST_ROOM = 1 << 20  # bytes
LACKING = ("no such table", "no such column")
ALL_DATABASE_ERRORS = (DatabaseError, InterfaceError, sqlite3.Error, psycopg2.Error)


def trouble_of(error: BaseException | None) -> Trouble | None:
    """The kind of a failure; None for any other, which is a fault of the program."""
    if isinstance(error, OSError):
        return OF_SYSTEM.get(error.errno or 0)
    if not isinstance(error, ALL_DATABASE_ERRORS):
        return None
    cause = error.__cause__ or error
    if isinstance(cause, psycopg2.Error):
        return _of_postgresql(cause)
    return _of_sqlite(cause)


def _of_sqlite(error: BaseException) -> Trouble | None:
    if any(words in str(error) for words in LACKING):
        return TABLES
    if "Could not decode to UTF-8" in str(error):
        return DAMAGED
    trouble = OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return FULL if trouble is DISK and not _has_room() else trouble


def _has_room() -> bool:
    """Whether the database's disk takes the little file that SQLite opens beside it; where it does not, SQLite speaks of
    an error of the disk."""
    try:
        return shutil.disk_usage(os.path.dirname(connection.settings_dict["NAME"])).free >= LEAST_ROOM
    except OSError:  # the disk is gone altogether
        return True


def _of_postgresql(error: psycopg2.Error) -> Trouble | None:
    """A connection that was cut has no code, and one that is refused or shut down has a code of those two classes."""
    is_cut = isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)
    if is_cut and (error.pgcode is None or error.pgcode[:3] in ("57P", "080")):
        return GONE
    return OF_POSTGRESQL.get(error.pgcode or "")


def damage_in_file() -> Trouble | None:
    """The damage that a look through the whole of an SQLite file shows; a matter of a second for each gigabyte."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        return None if cursor.fetchone()[0] == "ok" else DAMAGED


@contextmanager
def explained(command: str) -> Iterator[None]:
    """Let a command that meets such a failure end with what happened and what to do, and without a traceback.

    An empty file is left as it is: whoever opens it makes a new database of it, and removes the log that lies beside.
    """
    try:
        if command != FILLS_EMPTY_FILE and _is_empty_file():
            sys.exit(f"{EMPTY}")
        yield
    except (OSError, *ALL_DATABASE_ERRORS) as error:
        trouble = trouble_of(error)
        if trouble is None or "--traceback" in sys.argv:
            raise
        sys.exit(f"{trouble}")


def _is_empty_file() -> bool:
    path = connection.settings_dict["NAME"]
    return connection.vendor == "sqlite" and os.path.isfile(path) and os.path.getsize(path) == 0


def _where() -> str:
    """The name of the database, without the account and the password that open it."""
    known = connection.settings_dict
    return f"{known['HOST']}/{known['NAME']}" if known.get("HOST") else str(known["NAME"])


def _last_backup() -> str:
    path = Path(settings.VAR_DIR) / "last_backup.json"
    return f"（最近一次备份在哪里，记在 {path}。）" if os.path.exists(path) else ""  # perhaps not for us to see
