"""`write_whole`: a name stands for the old file or the whole new one."""

import pytest

from pingyi.files import write_whole


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
