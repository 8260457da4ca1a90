"""A SQLite database with all tables and no rows of ours, kept from run to run: making one takes as long as many tests.

It lies in var/ under a name that follows from every migration, so a new or changed one is applied from the first on.
"""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings


def kept_path() -> Path:
    """Where the database of these very migrations is kept, or would be."""
    digest = hashlib.sha256(django.__version__.encode())
    for config in apps.get_app_configs():
        for migration in sorted(Path(config.path).glob("migrations/*.py")):
            digest.update(f"{config.label}/{migration.name}\n".encode() + migration.read_bytes())
    return settings.VAR_DIR / "tests" / f"empty-{digest.hexdigest()[:16]}.sqlite3"


def begin(path: Path) -> bool:
    """Put the kept database at a path; False where none is kept."""
    kept = kept_path()
    if not kept.exists():
        return False
    _copy(kept, path)
    return True


def keep(path: Path) -> None:
    """Keep a database that has just been made, and no other."""
    kept = kept_path()
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("empty-*.sqlite3"):
        if old != kept:
            old.unlink(missing_ok=True)
    if not kept.exists():
        half = kept.with_suffix(f".{os.getpid()}")
        _copy(path, half)
        half.replace(kept)  # whole or not at all: others may be at it


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
