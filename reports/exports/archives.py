"""Where an export's files lie: one folder an export, with a part for each unit while it is made, then one archive.

Whatever stands under its own name is whole: it is written under another one and renamed. So whoever takes up the
export of a worker that died goes on with the parts that are there. Several makers share the folder: a lock, which goes
with its process, says who is at which part.
"""

import fcntl
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from pingyi.files import write_whole

NOTE = "未能生成.txt"
DRAFTS_NOTE = "草稿说明.txt"


def folder_of(export_id: int) -> Path:
    return Path(settings.EXPORTS_DIR) / str(export_id)


def archive_of(export_id: int) -> Path:
    return folder_of(export_id) / "archive.zip"


class Parts:
    """The files of one export that are made so far, by the key of their poll."""

    def __init__(self, export_id: int, ending: str):
        self._folder, self._ending = folder_of(export_id), ending
        # They may hold participants' words: nobody else on the machine reads them.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, key: int) -> Path:
        return self._folder / f"{key}.{self._ending}"

    def note(self, key: int, kind: str) -> str | None:
        """The note about a unit's file: why it is not there (`failed`), or what is missing in it (`draft`)."""
        path = self._folder / f"{key}.{kind}"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def is_settled(self, key: int) -> bool:
        return self.path(key).exists() or self.note(key, "failed") is not None

    def counts(self, keys: Sequence[int]) -> tuple[int, int]:
        """How many of the units are settled, and of how many the file could not be made."""
        there = {entry.name for entry in os.scandir(self._folder)}
        failed = {key for key in keys if f"{key}.failed" in there}
        return len(failed | {key for key in keys if f"{key}.{self._ending}" in there}), len(failed)

    @contextmanager
    def held(self, part: int | str) -> Iterator[bool]:
        """Whether nobody else is at the part; until the end nobody else will be."""
        with self._begun(part).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _begun(self, part: int | str) -> Path:
        return self._folder / f"{part}.begun"

    def put(self, key: int, body: bytes) -> None:
        with write_whole(self.path(key)) as file:
            file.write(body)

    def put_note(self, key: int, kind: str, text: str) -> None:
        with write_whole(self._folder / f"{key}.{kind}") as file:
            file.write(text.encode())

    def begin(self, key: int) -> int:
        """Note that a unit's file is begun; how often it was, with the workers that died over it."""
        with self._begun(key).open("ab") as file:
            file.write(b".")
            return file.tell()

    def remove(self) -> None:
        """Leave the archive alone in the folder: the faces of makers that were killed lie there too."""
        for path in self._folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != "archive.zip":
                path.unlink(missing_ok=True)


def pack(export_id: int, files: Iterable[tuple[str, Path]], notes: dict[str, str]) -> None:
    """Write the archive: (name in it, file) each, and texts by name."""
    with (
        write_whole(archive_of(export_id)) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, text in notes.items():
            # Notepad of older days takes a text without the mark for GBK.
            archive.writestr(name, text.replace("\n", "\r\n").encode("utf-8-sig"))
        for name, path in files:
            archive.write(path, name)


def export_ids() -> set[int]:
    """The exports that have files."""
    root = Path(settings.EXPORTS_DIR)
    return {int(folder.name) for folder in root.iterdir() if folder.name.isdecimal()} if root.is_dir() else set()


def discard(export_id: int) -> None:
    shutil.rmtree(folder_of(export_id), ignore_errors=True)
