"""`write_whole`: a name stands for the old file or the whole new one."""

import os
import subprocess
import sys

import pytest

from pingyi.files import keep_private, write_whole
from pingyi.settings import BASE_DIR


def test_a_file_takes_its_name_and_mode_once_it_is_written(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")

    with write_whole(path, mode=0o644) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_for_its_owner_alone_unless_told_otherwise(tmp_path):
    path = tmp_path / "archive.zip"

    with write_whole(path) as file:
        file.write(b"whole")

    assert path.stat().st_mode & 0o777 == 0o600


def test_an_error_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")

    with pytest.raises(OSError, match="disk"), write_whole(path) as file:
        file.write(b"half")
        raise OSError("disk")

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_folders_and_files_are_taken_from_everybody_else(tmp_path):
    folder, file, missing = tmp_path / "var", tmp_path / "var" / "secret_key", tmp_path / "var" / "none"
    folder.mkdir()
    folder.chmod(0o755)
    file.write_text("key")
    file.chmod(0o644)

    keep_private(folder, file, missing)

    assert [path.stat().st_mode & 0o777 for path in (folder, file)] == [0o700, 0o600]
    assert not missing.exists()


def test_an_existing_folder_becomes_private_as_soon_as_a_program_uses_it(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    making = "import django; django.setup(); from django.db import connection; connection.ensure_connection()"
    writing = "from pathlib import Path; from django.conf import settings; (settings.VAR_DIR / 'new').write_text('x')"
    environment = os.environ | {
        "PINGYI_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "pingyi.settings",
        "DATABASE_URL": "",
    }

    subprocess.run([sys.executable, "-c", f"{making}; {writing}"], cwd=BASE_DIR, env=environment, check=True)

    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes["shared"] == 0o700
    assert {mode for name, mode in modes.items() if name != "shared"} == {0o600}
    assert {"secret_key", "pingyi.sqlite3", "new"} <= modes.keys()
