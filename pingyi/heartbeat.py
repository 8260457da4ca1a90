"""The sign of life of the worker beside the web server: a file that it touches, whose time the web server reads.

Both use the same folder of data, on whatever machines they run.
"""

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

# It may be busy: rewriting large tables at sealing takes a while.
SECONDS_OF_SILENCE = 120
SECONDS_BETWEEN_BEATS = 10


def beat() -> None:
    """Leave a sign of life, unless there is a fresh one; a full disk is no reason to die."""
    with suppress(OSError):
        silent = seconds_of_silence()
        if silent is None or not 0 <= silent < SECONDS_BETWEEN_BEATS:
            _path().touch(mode=0o600)


def seconds_of_silence() -> float | None:
    """How long nothing was heard of the worker; `None` where nothing ever was."""
    try:
        return time.time() - _path().stat().st_mtime
    except OSError:
        return None


def has_worker() -> bool:
    """Whether a worker lives. A clock that was set back makes no dead one alive."""
    silent = seconds_of_silence()
    return silent is not None and abs(silent) <= SECONDS_OF_SILENCE


def _path() -> Path:
    return Path(settings.VAR_DIR) / "worker_alive"
