"""Asks for the passphrase of a backup: from a file, from the environment, else from whoever sits there."""

import os
import sys
from getpass import getpass
from pathlib import Path

from .envelope import CannotOpen

VARIABLE = "PINGYI_BACKUP_PASSPHRASE"


def asked_passphrase(path: str | None, *, twice: bool = False) -> str:
    """The passphrase; typed twice for a new backup. Raises CannotOpen where there is none, OSError for its file."""
    if path:
        return Path(path).read_text(encoding="utf-8").strip("\r\n")
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        raise CannotOpen(f"没有口令：请用 --passphrase-file 指定文件，或者设环境变量 {VARIABLE}。")
    passphrase = getpass("备份的口令：")
    if twice and getpass("再输入一遍：") != passphrase:
        raise CannotOpen("两次输入的口令不同。")
    return passphrase
