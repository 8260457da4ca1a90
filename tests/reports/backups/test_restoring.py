"""Restoring refuses what would do harm; the drill itself is in tests/contract/test_backups.py."""

import pytest

from reports.backups import making, restoring
from tests.factories import make_organization

MANIFEST = {"migrations": ["campaigns.0001_initial"]}


def test_data_is_not_overwritten(db):
    make_organization()

    with pytest.raises(restoring.NotEmpty, match="已经有组织或者账号，不覆盖"):
        restoring._check_empty()


def test_kept_files_are_not_mixed_with_those_of_a_backup(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "photo").write_bytes(b"\xff\xd8")

    with pytest.raises(restoring.NotEmpty, match="附件的文件夹"):
        restoring._check_empty()


def test_a_backup_of_a_later_version_is_refused(db):
    restoring._check_versions(MANIFEST)

    with pytest.raises(making.NotWhole, match=r"更新的版本做的（campaigns\.9999_later）"):
        restoring._check_versions({"migrations": [*MANIFEST["migrations"], "campaigns.9999_later"]})


def test_another_key_in_the_environment_is_refused(monkeypatch):
    for name, variable in restoring.KEYS.items():
        monkeypatch.setenv(variable, "one key")
        restoring._check_key(variable, "one key", kept_in=name)

        with pytest.raises(restoring.NotEmpty, match=f"{variable} .*印出的选票码.*{name}"):
            restoring._check_key(variable, "another key", kept_in=name)
