"""A disk of some megabytes that a test may fill or set read-only, and databases that lie on it."""

import shutil
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests import postgres

MEGABYTES = 48


class SmallDisk:
    """A file system in memory; only the administrator of a machine can make one."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="disk", dir=postgres.SHORT_FOLDER))
        done = _run("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=755", "tmpfs", self.path)
        if done.returncode:
            self.path.rmdir()
            pytest.skip("only root can mount a disk of its own")

    @contextmanager
    def full(self):
        """Not a byte is free within."""
        filler = self.path / "filler"
        try:
            with filler.open("wb", buffering=0) as file:
                for size in (1 << 20, 1 << 12, 1):
                    _fill(file, b"x" * size)
            yield
        finally:
            filler.unlink()

    @contextmanager
    def read_only(self):
        """As a disk is after an error; nobody may have a file open for writing."""
        self._remount("ro")
        try:
            yield
        finally:
            self._remount("rw")

    def _remount(self, mode):
        done = _run("mount", "-o", f"remount,{mode}", self.path)
        assert done.returncode == 0, done.stderr

    def remove(self):
        _run("umount", "--lazy", self.path)
        shutil.rmtree(self.path, ignore_errors=True)


def _run(*command):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)


def _fill(file, block):
    try:
        while file.write(block):
            pass
    except OSError:
        return


@contextmanager
def moved_to(site, disk):
    """Let the tables of a site that is not started lie on the disk; on PostgreSQL its log stays where it was."""
    engine, folder = site.engine, disk.path / "data"
    folder.mkdir()
    if engine.vendor == "sqlite":
        path = Path(site.url.removeprefix("sqlite:///"))
        shutil.move(path, folder / path.name)
        site.url = f"sqlite:///{folder / path.name}"
        yield
        return
    shutil.chown(folder, postgres.ACCOUNT, postgres.ACCOUNT)
    _execute(engine, f"CREATE TABLESPACE small LOCATION '{folder}'")
    _execute(engine, f'ALTER DATABASE "{site.name}" SET TABLESPACE small')
    try:
        yield
    finally:
        _execute(engine, f'DROP DATABASE "{site.name}" WITH (FORCE)')
        _execute(engine, "DROP TABLESPACE small")


def _execute(engine, statement):
    with closing(engine.connect("postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)
