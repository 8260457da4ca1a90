"""A database with all tables and no rows of ours, kept from run to run: making one takes as long as many tests.

It lies in var/ under a name that follows from every migration, so a new or changed one is applied from the first on:
SQLite's as it is, PostgreSQL's as the statements that make it.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

from tests import postgres


def kept_path(ending: str = "sqlite3", made_by: str = "") -> Path:
    """Where the database of these very migrations is kept, or would be."""
    digest = hashlib.sha256(django.__version__.encode() + made_by.encode())
    for config in apps.get_app_configs():
        for migration in sorted(Path(config.path).glob("migrations/*.py")):
            digest.update(f"{config.label}/{migration.name}\n".encode() + migration.read_bytes())
    return settings.VAR_DIR / "tests" / f"empty-{digest.hexdigest()[:16]}.{ending}"


@contextmanager
def alone():
    """Whoever makes the tables holds this; the others wait, and find them kept."""
    lock = settings.VAR_DIR / "tests" / "making"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def begin(path: Path) -> bool:
    """Put the kept database at a path; False where none is kept."""
    kept = kept_path()
    if not kept.exists():
        return False
    _copy(kept, path)
    return True


def keep(path: Path) -> None:
    """Keep a database that has just been made, and no other."""
    _keep(kept_path(), lambda half: _copy(path, half))


def begin_postgresql(url: str) -> bool:
    """Make the kept tables in an empty database of PostgreSQL; False where none are kept."""
    kept = _kept_statements()
    if not kept.exists():
        return False
    _run("psql", url, "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={kept}")
    return True


def keep_postgresql(url: str) -> None:
    """Keep the tables of a database of PostgreSQL that has just been made."""
    _keep(_kept_statements(), lambda half: _run("pg_dump", url, "--no-owner", f"--file={half}"))


def _kept_statements() -> Path:
    return kept_path("sql", made_by=postgres.program("pg_dump"))


def _run(name: str, url: str, *options: str) -> None:
    subprocess.run([postgres.program(name), *options, url], check=True, stdout=subprocess.DEVNULL)


def _keep(kept: Path, make: Callable[[Path], None]) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob(f"empty-*{kept.suffix}"):
        if old != kept:
            old.unlink(missing_ok=True)
    if not kept.exists():
        half = kept.with_suffix(f".{os.getpid()}")
        make(half)
        half.replace(kept)  # whole or not at all: others may be at it


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
