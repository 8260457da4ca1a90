"""A folder of one's own, and the passphrase in the environment."""

import pytest

from .passphrase import PASSPHRASE


@pytest.fixture
def var(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir(mode=0o700)
    monkeypatch.setenv("PINGYI_BACKUP_PASSPHRASE", PASSPHRASE)
    return settings.VAR_DIR
