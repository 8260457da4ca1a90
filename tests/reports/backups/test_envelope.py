"""The envelope opens with its passphrase alone, and a damaged one says so."""

import io
import re
import tarfile

import pyrage
import pytest

from reports.backups import envelope
from tests import quick_age
from tests.reports.backups.passphrase import PASSPHRASE


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    return settings.VAR_DIR


@pytest.fixture
def wrapped(tmp_path):
    folder = tmp_path / "in" / "contents"
    (folder / "attachments").mkdir(parents=True)
    (folder / "database.sqlite3").write_bytes(b"rows" * 100_000)
    (folder / "attachments" / "photo").write_bytes(b"\xff\xd8")
    envelope.wrap(folder, tmp_path / "a.backup", PASSPHRASE)
    return tmp_path / "a.backup"


def test_with_the_passphrase_everything_comes_out_again(wrapped, var):
    with envelope.working_folder() as folder:
        envelope.unwrap(wrapped, folder, PASSPHRASE)

        assert (folder / "database.sqlite3").read_bytes() == b"rows" * 100_000
        assert (folder / "attachments" / "photo").read_bytes() == b"\xff\xd8"
        assert folder.stat().st_mode & 0o077 == 0
    assert list(var.iterdir()) == []


def test_whoever_guesses_the_passphrase_of_a_real_backup_works_hard_for_each_guess(tmp_path, monkeypatch):
    folder = tmp_path / "in" / "contents"
    folder.mkdir(parents=True)
    (folder / "database.sqlite3").write_bytes(b"rows")
    monkeypatch.setattr(pyrage.passphrase, "encrypt", quick_age.slow_encrypt)

    envelope.wrap(folder, tmp_path / "a.backup", PASSPHRASE)

    with tarfile.open(tmp_path / "a.backup") as archive:
        key = archive.extractfile("key.age").read()
    (work,) = re.findall(rb"-> scrypt \S+ (\d+)\n", key)
    assert int(work) > quick_age.WORK + 1


def test_nothing_of_it_can_be_read_in_the_file(wrapped):
    assert b"rows" not in wrapped.read_bytes()
    assert b"photo" not in wrapped.read_bytes()
    assert wrapped.stat().st_mode & 0o077 == 0


def test_the_steps_of_its_note_open_it_without_this_program(wrapped):
    with tarfile.open(wrapped) as archive:
        parts = {name: archive.extractfile(name).read() for name in archive.getnames()}
    identity = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(parts["key.age"], PASSPHRASE).decode())
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(parts["data.age"], [identity]))) as data:
        assert "./database.sqlite3" in data.getnames()
    assert "age -d key.age" in parts["README.txt"].decode()


def _cut(content):
    return content[: len(content) // 2]


def _turn_a_bit(content):
    place = content.rindex(b"age-encryption.org") + 300  # in what is encrypted, not in the padding of the file
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_cut, "损坏|没有写完"),
        (_turn_a_bit, "损坏"),
        (lambda content: b"", "不是本软件的备份"),
        (lambda content: b"x" * 5000, "不是本软件的备份"),
    ],
)
def test_a_damaged_file_says_so_in_words(wrapped, damage, message):
    wrapped.write_bytes(damage(wrapped.read_bytes()))

    with envelope.working_folder() as folder, pytest.raises(envelope.CannotOpen, match=message):
        envelope.unwrap(wrapped, folder, PASSPHRASE)


def test_a_wrong_passphrase_opens_nothing(wrapped):
    with envelope.working_folder() as folder, pytest.raises(envelope.CannotOpen, match="口令不对"):
        envelope.unwrap(wrapped, folder, "另一个完全不同的备份口令")


def test_a_short_passphrase_is_refused():
    with pytest.raises(envelope.CannotOpen, match="至少12个字，现在有5个"):
        envelope.check_passphrase("12345")


def test_an_error_leaves_neither_a_file_nor_half_of_one(tmp_path, monkeypatch):
    folder = tmp_path / "in" / "contents"
    folder.mkdir(parents=True)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.backups.envelope.pyrage.encrypt_io", full)
    with pytest.raises(OSError, match="No space"):
        envelope.wrap(folder, tmp_path / "a.backup", PASSPHRASE)

    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["contents"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("../out", tarfile.REGTYPE), ("/out", tarfile.REGTYPE), ("link", tarfile.SYMTYPE), ("pipe", tarfile.FIFOTYPE)],
)
def test_a_backup_that_would_write_elsewhere_is_none(tmp_path, var, name, kind):
    identity = pyrage.x25519.Identity.generate()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as contents:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        contents.addfile(member)
    parts = {
        "key.age": pyrage.passphrase.encrypt(str(identity).encode(), PASSPHRASE),
        "data.age": pyrage.encrypt(packed.getvalue(), [identity.to_public()]),
    }
    with tarfile.open(tmp_path / "a.backup", "w") as archive:
        for part, content in parts.items():
            member = tarfile.TarInfo(part)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))

    with envelope.working_folder() as folder, pytest.raises(envelope.CannotOpen, match="不是本软件的备份"):
        envelope.unwrap(tmp_path / "a.backup", folder, PASSPHRASE)

    assert not (tmp_path / "out").exists()
