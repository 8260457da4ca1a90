"""Files that are whole or not there, and folders that are their owner's alone."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def keep_private(*paths: Path) -> None:
    """Take from everybody but the owner whatever of these is there and ours: a folder 700, a file 600."""
    for path in paths:
        with suppress(OSError):
            wanted = 0o700 if path.is_dir() else 0o600
            if path.stat().st_mode & 0o777 != wanted:
                path.chmod(wanted)


@contextmanager
def write_whole(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """A file to write beside `path`, which takes its name, and `mode`, when all of it is on the disk.

    Whoever looks sees the old file or the whole new one. An error leaves the old one, and nothing beside it.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, mode)
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
