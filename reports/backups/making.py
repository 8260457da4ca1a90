"""Makes a backup and reads it back: a file that was never opened is none."""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from ballots.models import SealedBox
from campaigns import kept_files
from campaigns.models import Poll

from . import databases, envelope, records

FORMAT = "pingyi-backup/1"
MANIFEST, KEY_FILE, ATTACHMENTS, SETTINGS = "manifest.json", "secret_key", "attachments", "settings.json"
# Kept where there are such keys, comma-separated.
FALLBACKS_FILE, CODE_KEY_FILE = "secret_key_fallbacks", "code_key"
# They open doors, and a backup is not where an office looks for them.
SECRET_SETTINGS = (
    "PINGYI_SECRET_KEY",
    "PINGYI_SECRET_KEY_FALLBACKS",
    "PINGYI_CODE_KEY",
    "PINGYI_BACKUP_PASSPHRASE",
)


class NotNow(Exception):
    """A copy made now would tell who voted what; the message is for the user."""


class NotWhole(Exception):
    """A backup that does not hold what it says; the message is for the user."""


@dataclass(frozen=True)
class Backup:
    """A backup that was read back: its boxes, and whether they were counted again in a database of its own."""

    path: Path
    boxes: int
    is_recounted: bool


def make_backup(path: Path, passphrase: str, *, while_open: bool = False) -> Backup:
    """Write a backup, whole or not at all, and read it back.

    Raises NotNow while ballots are being taken, unless it shall be made all the same; databases.CannotCopy, NotWhole.
    """
    envelope.check_passphrase(passphrase)
    if not while_open and (reason := why_not_now()):
        raise NotNow(reason)
    with envelope.working_folder() as folder:
        _fill(folder)
        # A poll may have been opened since, and ballots of it be in the copy.
        if not while_open and (reason := why_not_now()):
            raise NotNow(reason)
        envelope.wrap(folder, path, passphrase)
    try:
        backup = read_back(path, passphrase)
    except BaseException:
        path.unlink(missing_ok=True)  # nobody shall take it for a backup
        raise
    records.note_backup(path, boxes=backup.boxes)
    return backup


def why_not_now() -> str:
    """The reason against a copy now, as a sentence; empty when there is none."""
    collecting = Poll.objects.filter(state__in=[Poll.State.OPEN, Poll.State.CLOSED]).count()
    waiting = Poll.objects.awaiting_erasure().count()
    if not collecting and not waiting:
        return ""
    states = [f"{collecting}个在收票或者还没有封存"] * bool(collecting)
    states += [f"{waiting}个封存后痕迹清除等待中"] * bool(waiting)
    return (
        f"评议点有{'、'.join(states)}：现在的备份同印出的选票码条放在一起，可以查出哪个码投了哪张票。"
        "请在封存以后再备份；一定要现在备份的，加 --while-open，封存以后重新备份，并把现在这份销毁。"
    )


def _fill(folder: Path) -> None:
    databases.copy_database(folder)
    (folder / KEY_FILE).write_text(settings.SECRET_KEY)
    for name, keys in other_keys().items():
        (folder / name).write_text(",".join(keys))
    (folder / SETTINGS).write_text(json.dumps(_settings(), ensure_ascii=False, indent=1))
    # After the database: a file that came meanwhile belongs to no row of the copy, and none of its files is missing.
    if kept_files.folder().is_dir():
        shutil.copytree(kept_files.folder(), folder / ATTACHMENTS)
    manifest = {
        "format": FORMAT,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "boxes": SealedBox.objects.count(),
        "files": {
            str(path.relative_to(folder)): file_digest(path) for path in sorted(folder.rglob("*")) if path.is_file()
        },
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1))


def other_keys() -> dict[str, list[str]]:
    """The keys beside the secret key, by the file in which an installation and its backup keep them."""
    known = {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS}
    keys = {
        FALLBACKS_FILE: list(settings.SECRET_KEY_FALLBACKS),
        CODE_KEY_FILE: [key for key in settings.CODE_KEYS if key not in known],
    }
    return {name: values for name, values in keys.items() if values}


def _settings() -> dict[str, str]:
    """The settings of this installation that its environment holds, for whoever sets up the next one."""
    return {
        name: value
        for name, value in sorted(os.environ.items())
        if name.startswith("PINGYI_") and name not in SECRET_SETTINGS
    }


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_back(path: Path, passphrase: str) -> Backup:
    """Open a backup, hold its files against its list and count its boxes again; raises NotWhole."""
    with envelope.working_folder() as folder:
        envelope.unwrap(path, folder, passphrase)
        manifest = read_manifest(folder)
        return Backup(path, boxes=manifest["boxes"], is_recounted=_recount(folder, manifest["database"]))


def read_manifest(folder: Path) -> dict:
    """The list of a backup's contents, each of which is there and as it was; raises NotWhole."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        if manifest["format"] != FORMAT:
            raise NotWhole(f"备份的格式是“{manifest['format']}”，这个版本只认“{FORMAT}”。")
        wrong = [name for name, digest in manifest["files"].items() if file_digest(folder / name) != digest]
    except (OSError, ValueError, KeyError) as error:
        raise NotWhole(f"备份里的清单读不懂，或者缺少文件：{error}") from error
    if wrong:
        raise NotWhole(f"备份里的文件与清单不符：{'、'.join(wrong)}。")
    return manifest


def _recount(folder: Path, vendor: str) -> bool:
    """Count the boxes of a copy again in a process of its own; False where PostgreSQL gives us no database for it."""
    if vendor == "sqlite":
        return _recount_at(databases.sqlite_url(folder), folder)
    name = f"pingyi_check_{secrets.token_hex(6)}"
    try:
        url = databases.restored_beside(folder, name)
        return url is not None and _recount_at(url, folder)
    finally:
        databases.drop_beside(name)


def _recount_at(url: str, folder: Path) -> bool:
    environment = os.environ | {
        "DATABASE_URL": url,
        "PINGYI_VAR": str(folder),
        "PINGYI_SECRET_KEY": settings.SECRET_KEY,
    }
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "recount"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotWhole(f"备份里的票箱重新计票不一致：{(done.stdout + done.stderr).strip()[-500:]}")
    return True
