"""The time that processes have been on a processor, seen from outside, and the time that none was: None where there is no /proc."""

import os
from pathlib import Path

from .memory import processes_of

SECONDS_A_TICK = 1 / os.sysconf("SC_CLK_TCK")


def worked_together(first: int | None) -> float | None:
    """Seconds that a process and its children have been on a processor, with all their threads."""
    processes = processes_of(first) if first else []
    places = [place for process in processes for place in Path(f"/proc/{process}/task").glob("*/schedstat")]
    return sum(map(_seconds, places)) if places else None


def _seconds(place: Path) -> float:
    try:
        return int(place.read_text().split()[0]) / 1e9
    except OSError:
        return 0  # it has just ended


def idle() -> float | None:
    """Seconds that the processors have had nothing to do, or waited for a disk, since the machine started."""
    try:
        numbers = Path("/proc/stat").read_text().split(maxsplit=6)
    except OSError:
        return None
    return (int(numbers[4]) + int(numbers[5])) * SECONDS_A_TICK
