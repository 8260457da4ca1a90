"""Keeps the rows of an upload between preview and confirmation, on the server, for the one who uploaded them."""

import json
import os
import re
import secrets
import time
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from .reading import Reading, Row

MAX_AGE = 3600  # seconds
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}")


class Gone(Exception):
    """Nothing is kept under this token for this user: expired, confirmed already, or never theirs."""


def keep(reading: Reading, user) -> str:
    """Keep the rows and return the token that names them; what is older than an hour is thrown away."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    throw_away_old()
    token = secrets.token_urlsafe(24)
    content = {
        "user": user.pk,
        "notices": reading.notices,
        "rows": [asdict(row) for rows in reading.rows.values() for row in rows],
    }
    descriptor = os.open(_path(token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
    return token


def fetch(token: str, user) -> Reading:
    """The rows kept under a token; raises Gone."""
    path = _path(token)
    try:
        if time.time() - path.stat().st_mtime > MAX_AGE:
            raise Gone
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Gone from None
    if content["user"] != user.pk:
        raise Gone
    reading = Reading(notices=content["notices"])
    for cells in content["rows"]:
        row = Row(**cells)
        reading.rows[row.sheet].append(row)
    return reading


def throw_away(token: str) -> None:
    _path(token).unlink(missing_ok=True)


def throw_away_old() -> None:
    for path in _folder().glob("roster-*.json"):
        try:
            if time.time() - path.stat().st_mtime > MAX_AGE:
                path.unlink()
        except FileNotFoundError:  # another request was quicker
            continue


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "uploads"


def _path(token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise Gone
    return _folder() / f"roster-{token}.json"
