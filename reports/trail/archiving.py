"""Rows of the trail that are old enough go into a file, whole or not at all; the chain goes on from the last of them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from campaigns.models import TrailArchive, TrailEntry
from pingyi.files import write_whole

from .chain import ROWS_AT_ONCE, columns_of, faults, hold_chain

# As 等保 2.0 asks: half a year at least stays at hand.
FEWEST_DAYS = 180


class CannotArchive(Exception):
    """Nothing was archived; the message is for the user."""


@dataclass(frozen=True)
class Archived:
    """An archive that was made."""

    count: int
    last_number: int
    file_digest: str


def archive(path: Path, *, days: int = FEWEST_DAYS, now: datetime | None = None) -> Archived:
    """Write the rows older than so many days into a new file, a line of JSON each, and take them out of the trail.

    Raises CannotArchive where the days are too few, the file is there, the chain does not hold, or no row is old enough.
    """
    _check(path, days)
    with transaction.atomic():
        hold_chain()
        if fault := next(faults(), None):
            raise CannotArchive(f"第{fault.number}条{fault.sentence}，先查清再归档：manage.py audit --verify")
        last = _last_before((now or timezone.now()) - timedelta(days=days))
        if last is None:
            raise CannotArchive(f"没有满{days}天的审计记录，什么也没有归档。")
        rows = TrailEntry.objects.filter(number__lte=last.number)
        count, digest = rows.count(), _write(path, rows)
        try:
            _take_out(rows, last, count, digest)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return Archived(count, last.number, digest)


def _check(path: Path, days: int) -> None:
    if days < FEWEST_DAYS:
        raise CannotArchive(f"审计记录至少保留{FEWEST_DAYS}天，不能归档只有{days}天的。")
    if path.exists():
        raise CannotArchive(f"已经有文件 {path}，请换一个名字。")
    if not path.parent.is_dir():
        raise CannotArchive(f"没有文件夹 {path.parent}。")


def _last_before(limit: datetime) -> TrailEntry | None:
    """The last of the rows before the first that is not old enough: the chain is cut in one place."""
    first_kept = TrailEntry.objects.filter(at__gte=limit).order_by("number").first()
    rows = TrailEntry.objects.order_by("-number")
    return (rows.filter(number__lt=first_kept.number) if first_kept else rows).first()


def _write(path: Path, rows) -> str:
    """Write the file; its SHA-256."""
    digest = hashlib.sha256()
    with write_whole(path) as file:
        for line in _lines(rows):
            file.write(line)
            digest.update(line)
    return digest.hexdigest()


def _lines(rows) -> Iterator[bytes]:
    for entry in rows.order_by("number").iterator(ROWS_AT_ONCE):
        columns = columns_of(entry) | {"digest": entry.digest}
        yield json.dumps(columns, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _take_out(rows, last: TrailEntry, count: int, file_digest: str) -> None:
    """The one way by which rows leave: the database asks for the row of the archive first."""
    TrailArchive.objects.create(last_number=last.number, last_digest=last.digest, count=count, file_digest=file_digest)
    rows._raw_delete(rows.db)
