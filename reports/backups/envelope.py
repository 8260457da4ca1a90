"""The envelope of a backup: a file that a passphrase opens, here or with any program that reads age files.

A passphrase opens `key.age`; the key in it opens `data.age`. The data go through in pieces, however long they are.
"""

import fcntl
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO

import pyrage
from django.conf import settings

from pingyi.files import write_whole

KEY, DATA, NOTE = "key.age", "data.age", "README.txt"
LEAST_LETTERS = 12
MOST_OF_KEY = 10_000
EXPLANATION = """pingyi（评议）的备份，用口令加密。

恢复：在装好本软件的机器上执行 manage.py restore 这个文件。
没有本软件的，用 age 程序（age-encryption.org）也能打开：先 tar -xf 这个文件，再
  age -d key.age > key.txt（输入口令），age -d -i key.txt data.age > data.tar.gz
没有口令，谁也打不开。
"""

# Working folders begin so; kept backups lie in folders of other names.
WORKING = "backup-in-work-"


class CannotOpen(ValueError):
    """A file that is no backup, a wrong passphrase, or a damaged backup; the message is for the user."""


@contextmanager
def working_folder() -> Iterator[Path]:
    """An empty folder beside the data, on whose disk there is room for it; its owner's alone, and gone afterwards."""
    var = Path(settings.VAR_DIR)
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    discard_abandoned()
    with tempfile.TemporaryDirectory(dir=var, prefix=WORKING) as name, _held(Path(name)):
        folder = Path(name) / "contents"
        folder.mkdir(mode=0o700)
        yield folder


def discard_abandoned() -> None:
    """Remove the working folders of processes that were killed: an open copy of everything lies in them."""
    for folder in Path(settings.VAR_DIR).glob(f"{WORKING}*"):
        with suppress(OSError), _held(folder):  # not where its process lives, or another was quicker
            shutil.rmtree(folder)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep a folder ours for as long as this process lives; raises OSError where it is another's."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def check_passphrase(passphrase: str) -> str:
    """The passphrase; raises CannotOpen for one that would be guessed soon."""
    if len(passphrase) < LEAST_LETTERS:
        raise CannotOpen(
            f"备份的口令至少{LEAST_LETTERS}个字，现在有{len(passphrase)}个。备份里有全部数据和密钥，请用长一些的。"
        )
    return passphrase


def wrap(folder: Path, path: Path, passphrase: str) -> None:
    """Write everything in a folder to one encrypted file, whole or not at all."""
    identity = pyrage.x25519.Identity.generate()
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        packed, locked = Path(name) / "data.tar.gz", Path(name) / DATA
        with tarfile.open(packed, "w:gz", compresslevel=3) as archive:
            archive.add(folder, arcname=".")
        with packed.open("rb") as source, locked.open("wb") as target:
            pyrage.encrypt_io(source, target, [identity.to_public()])
        packed.unlink()
        with write_whole(path) as file, tarfile.open(fileobj=file, mode="w") as archive:
            _add(archive, NOTE, EXPLANATION.encode())
            _add(archive, KEY, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
            archive.add(locked, arcname=DATA)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def unwrap(path: Path, folder: Path, passphrase: str) -> None:
    """Write the contents of a backup into a folder; raises CannotOpen."""
    try:
        with tarfile.open(path, "r:") as archive, tempfile.TemporaryDirectory(dir=folder.parent) as name:
            identity = _identity(_member(archive, KEY).read(MOST_OF_KEY), passphrase)
            packed = Path(name) / "data.tar.gz"
            with packed.open("wb") as target:
                pyrage.decrypt_io(_member(archive, DATA), target, [identity])
            with tarfile.open(packed, "r:gz") as contents:
                _unpack(contents, folder)
    except (KeyError, tarfile.TarError) as error:
        raise CannotOpen(f"“{path}”不是本软件的备份，或者没有写完。") from error
    except (pyrage.DecryptError, EOFError) as error:
        raise CannotOpen(f"备份“{path}”已经损坏，解不开。") from error
    except OSError as error:
        if error.errno is None:  # it comes from the decryption, not from the disk
            raise CannotOpen(f"备份“{path}”已经损坏，解不开。") from error
        raise CannotOpen(f"备份“{path}”读不了：{error.strerror}。") from error


def _unpack(contents: tarfile.TarFile, folder: Path) -> None:
    """Write files and folders below a folder, for its owner alone; raises tarfile.TarError for anything else.

    By hand: the Python of Debian 12 has no filters for it.
    """
    for member in contents:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isdir() or member.isfile()):
            raise tarfile.TarError(member.name)
        (folder / path if member.isdir() else folder / path.parent).mkdir(mode=0o700, parents=True, exist_ok=True)
        if source := contents.extractfile(member):
            with (folder / path).open("wb") as target:
                shutil.copyfileobj(source, target)


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    """A part of the file; raises KeyError where it has none."""
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member


def _identity(locked: bytes, passphrase: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(locked, passphrase).decode())
    except pyrage.DecryptError as error:
        raise CannotOpen("口令不对，备份没有打开。") from error
