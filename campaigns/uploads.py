"""Keeps what an upload holds between preview and confirmation, on the server, for the one who uploaded it."""

import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from pingyi.files import write_whole

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


def keep_beside(token: str, content: dict, user, *, kind: str) -> None:
    """Keep something more under a token that is there, in place of what was kept before; it is old or new, never half."""
    with write_whole(_path(token, kind)) as file:
        file.write(json.dumps({**content, "user": user.pk}, ensure_ascii=False).encode())


def renew(token: str, *, kind: str) -> None:
    """Keep an upload for another hour; raises Gone."""
    try:
        os.utime(_path(token, kind))
    except FileNotFoundError:
        raise Gone from None


@contextmanager
def held(token: str, *, kind: str) -> Iterator[bool]:
    """Whether nobody else is at an upload; until the end, or until this process dies, nobody else will be. Raises Gone."""
    try:
        file = _path(token, kind).open("rb+")  # a lock on NFS wants a file that could be written
    except FileNotFoundError:
        raise Gone from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


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
    # The second are files that were never written to the end, as the process was killed.
    for path in [*_folder().glob("*-*.json"), *_folder().glob(".*-*.json.*")]:
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
