"""How much memory a private PostgreSQL holds while something is measured on it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

SECONDS_BETWEEN = 0.2


class Peak:
    """The most that was seen, in MB; None where the engine has no server or its memory cannot be read."""

    def __init__(self):
        self.mb: float | None = None

    def see(self, kilobytes: int) -> None:
        self.mb = max(self.mb or 0, round(kilobytes * 1024 / 1e6, 1))


@contextmanager
def watching_server(url: str) -> Iterator[Peak]:
    """Look at the server's memory several times a second, from outside both processes."""
    peak, over = Peak(), threading.Event()
    postmaster = postmaster_of(url)
    if postmaster is None:
        yield peak
        return

    def watch() -> None:
        while True:
            if kilobytes := proportional_set(postmaster):
                peak.see(kilobytes)
            if over.wait(SECONDS_BETWEEN):
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def postmaster_of(url: str) -> int | None:
    """The first process of the cluster whose socket the URL names."""
    folder = unquote(urlsplit(url).netloc.partition("@")[2])
    try:
        return int((Path(folder) / "data" / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def proportional_set(postmaster: int) -> int:
    """Kilobytes of a server's processes together; what they share is counted once."""
    total = 0
    for process in processes_of(postmaster):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # it has just ended
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def processes_of(first: int) -> list[int]:
    """A process and its children."""
    try:
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    except OSError:
        children = []
    return [first, *map(int, children)]
