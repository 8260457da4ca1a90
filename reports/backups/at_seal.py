"""Backs up after a sealing, without anybody's doing: for a laptop at a meeting, which goes home in a bag."""

import logging
import os
import sqlite3
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ballots.models import SealedBox
from pingyi.trouble import trouble_of

from . import databases, envelope, making
from .passphrases import VARIABLE
from .records import last_backup

logger = logging.getLogger(__name__)
NAME = "pingyi-%Y%m%d-%H%M%S.backup"
# A disk that is full now is full in five seconds too.
SECONDS_BEFORE_ANOTHER_TRY = 600


class SealBackups:
    """Backups in a folder, one after each sealing: as soon as no ballot is taken and none of the sealed ones left a trace."""

    def __init__(self, folder: str | None):
        self._folder = Path(folder) if folder and not settings.DEMO else None
        self._tried_at: float | None = None
        self._tried_for = 0

    def make_due(self) -> Path | None:
        """The backup that was due and is made; `None` where none was, or it failed, which is told in the log."""
        boxes = SealedBox.objects.count() if self._folder else 0
        last = last_backup()
        if not self._folder or not boxes or (last and last.boxes == boxes) or making.why_not_now():
            return None
        if self._was_tried(boxes):
            return None
        self._tried_at, self._tried_for = time.monotonic(), boxes
        try:
            return self._make(self._folder)
        except (
            making.NotNow,
            making.NotWhole,
            databases.CannotCopy,
            envelope.CannotOpen,
            OSError,
            sqlite3.Error,
        ) as problem:
            reason = trouble_of(problem) or problem
            logger.warning("封存以后的备份没有做成：%s。请用 manage.py backup 再做。", reason)
            return None

    def _was_tried(self, boxes: int) -> bool:
        if self._tried_at is None or boxes != self._tried_for:
            return False
        return time.monotonic() < self._tried_at + SECONDS_BEFORE_ANOTHER_TRY

    def _make(self, folder: Path) -> Path:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / timezone.localtime().strftime(NAME)
        making.make_backup(path, os.environ.get(VARIABLE, ""))
        return path
