"""The last backup that was made and read back, noted beside the data: when, how large, where."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from pingyi.files import write_whole

# An office that works five days a week loses at most so much.
OLD_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class LastBackup:
    made_at: datetime
    path: str
    bytes: int
    boxes: int

    @property
    def is_old(self) -> bool:
        return timezone.now() - self.made_at > OLD_AFTER


def _path() -> Path:
    return Path(settings.VAR_DIR) / "last_backup.json"


def note_backup(path: Path, *, boxes: int) -> None:
    facts = {"made_at": timezone.now().isoformat(), "path": str(path), "bytes": path.stat().st_size, "boxes": boxes}
    with write_whole(_path()) as file:
        file.write(json.dumps(facts, ensure_ascii=False).encode())


def last_backup() -> LastBackup | None:
    """The last backup; None where none was made, or its note cannot be read."""
    try:
        facts = json.loads(_path().read_text())
        return LastBackup(**(facts | {"made_at": datetime.fromisoformat(facts["made_at"])}))
    except (OSError, ValueError, TypeError, KeyError):
        return None
