"""Puts a backup back on a machine that has no data of its own."""

import os
import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from campaigns import kept_files
from campaigns.models import BegunDeed, Organization
from pingyi.files import write_whole
from pingyi.trouble import TABLES, trouble_of

from . import databases, envelope
from .making import ATTACHMENTS, CODE_KEY_FILE, FALLBACKS_FILE, KEY_FILE, NotWhole, read_manifest

# Where a key is kept, in a backup and in an installation, unless the variable is set.
KEYS = {
    KEY_FILE: "PINGYI_SECRET_KEY",
    FALLBACKS_FILE: "PINGYI_SECRET_KEY_FALLBACKS",
    CODE_KEY_FILE: "PINGYI_CODE_KEY",
}


class NotEmpty(Exception):
    """This installation has data of its own; the message is for the user."""


def restore_backup(path: Path, passphrase: str, *, stdout) -> dict:
    """Put a backup in the place of an empty installation, bring it up to date and count its boxes again.

    Returns its manifest. Raises NotEmpty, NotWhole, envelope.CannotOpen, databases.CannotCopy before anything is changed.
    """
    _check_empty()
    with envelope.working_folder() as folder:
        envelope.unwrap(path, folder, passphrase)
        manifest = read_manifest(folder)
        _check_versions(manifest)
        keys = {name: (folder / name).read_text() for name in KEYS if (folder / name).is_file()}
        for name, key in keys.items():
            _check_key(KEYS[name], key, kept_in=name)
        databases.put_database(folder)
        if (folder / ATTACHMENTS).is_dir():
            shutil.copytree(folder / ATTACHMENTS, kept_files.folder(), dirs_exist_ok=True)
        for name, key in keys.items():
            if not os.environ.get(KEYS[name]):
                with write_whole(Path(settings.VAR_DIR) / name) as file:
                    file.write(key.encode())
    call_command("migrate", interactive=False, verbosity=0)
    # The backup had begun when the copy was made, and it did end.
    BegunDeed.objects.filter(deed=BegunDeed.Deed.COMMAND, route="backup").delete()
    call_command("recount", stdout=stdout)
    return manifest


def _check_empty() -> None:
    try:
        is_used = User.objects.exists() or Organization.objects.exists()
    except DatabaseError as error:
        if trouble_of(error) is TABLES:  # none yet
            return
        raise
    if is_used:
        raise NotEmpty(
            f"这里的数据库（{connection.settings_dict['NAME']}）已经有组织或者账号，不覆盖。"
            "请停止服务，把它移到别处，或者换一个空的 PINGYI_VAR、DATABASE_URL，再恢复。"
        )
    if kept_files.folder().is_dir() and any(kept_files.folder().iterdir()):
        raise NotEmpty(f"附件的文件夹{kept_files.folder()}里已经有文件，请先移到别处。")


def _check_versions(manifest: dict) -> None:
    """Raise NotWhole for a backup of a version later than this one."""
    known = {".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    ours = tuple(f"{config.label}." for config in apps.get_app_configs())
    later = [name for name in manifest["migrations"] if name not in known and name.startswith(ours)]
    if later:
        raise NotWhole(f"这份备份是更新的版本做的（{later[-1]}），请先把软件升级到同一个版本或者更新的版本。")


def _check_key(variable: str, key: str, *, kept_in: str) -> None:
    """Raise NotEmpty where the environment sets another key: printed codes would open nothing."""
    if (os.environ.get(variable) or key) != key:
        raise NotEmpty(
            f"环境变量 {variable} 与备份里的密钥不同，用了它，印出的选票码和已经发出的链接都会失效。"
            f"请取消这个变量（密钥会写到{Path(settings.VAR_DIR) / kept_in}），或者设为原来的值。"
        )
