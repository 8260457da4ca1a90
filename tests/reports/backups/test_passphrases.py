"""Where the passphrase of a backup comes from."""

import pytest

from reports.backups import passphrases
from reports.backups.envelope import CannotOpen


@pytest.fixture(autouse=True)
def nobody_set_one(monkeypatch):
    monkeypatch.delenv(passphrases.VARIABLE, raising=False)


def test_a_file_goes_before_the_environment(tmp_path, monkeypatch):
    (tmp_path / "口令").write_text("文件里的口令\n")
    monkeypatch.setenv(passphrases.VARIABLE, "环境里的口令")

    assert passphrases.asked_passphrase(str(tmp_path / "口令")) == "文件里的口令"
    assert passphrases.asked_passphrase(None) == "环境里的口令"


def test_without_a_terminal_nobody_is_asked(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)

    with pytest.raises(CannotOpen, match="没有口令"):
        passphrases.asked_passphrase(None)


@pytest.mark.parametrize(("second", "is_taken"), [("口令", True), ("口今", False)])
def test_a_new_one_is_typed_twice(monkeypatch, second, is_taken):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed = iter(["口令", second])
    monkeypatch.setattr(passphrases, "getpass", lambda prompt: next(typed))

    if is_taken:
        assert passphrases.asked_passphrase(None, twice=True) == "口令"
    else:
        with pytest.raises(CannotOpen, match="两次输入的口令不同"):
            passphrases.asked_passphrase(None, twice=True)
