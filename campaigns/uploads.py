"""Keeps what an upload holds between preview and confirmation, on the server, for the one who uploaded it."""

import json
import os
import re
import secrets
import time
from pathlib import Path

from django.conf import settings

MAX_AGE = 3600  # seconds
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}")


class Gone(Exception):
    """Nothing is kept under this token for this user: expired, confirmed already, or never theirs."""


def keep(content: dict, user, *, kind: str) -> str:
    """Keep what JSON can hold and return the token that names it; what is older than an hour is thrown away."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    throw_away_old()
    token = secrets.token_urlsafe(24)
    descriptor = os.open(_path(token, kind), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({**content, "user": user.pk}, file, ensure_ascii=False)
    return token


def fetch(token: str, user, *, kind: str) -> dict:
    """The upload kept under a token; raises Gone."""
    path = _path(token, kind)
    try:
        if time.time() - path.stat().st_mtime > MAX_AGE:
            raise Gone
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Gone from None
    if content.pop("user") != user.pk:
        raise Gone
    return content


def throw_away(token: str, *, kind: str) -> None:
    _path(token, kind).unlink(missing_ok=True)


def throw_away_old() -> None:
    for path in _folder().glob("*-*.json"):
        try:
            if time.time() - path.stat().st_mtime > MAX_AGE:
                path.unlink()
        except FileNotFoundError:  # another request was quicker
            continue


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "uploads"


def _path(token: str, kind: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise Gone
    return _folder() / f"{kind}-{token}.json"
