"""The printed coverage adds files up by room, and calls nothing whole that is not."""

import importlib
from pathlib import Path

import pytest

SCRIPTS = str(Path(__file__).resolve().parent.parent / "scripts")


@pytest.fixture
def covered(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("covered")


def test_rooms_add_their_files_up_and_the_whole_comes_last(covered):
    lines = covered.report_lines(
        {"ballots/counting/tally.py": (199, 1), "ballots/counting/boxes.py": (100, 0), "ballots/steps.py": (0, 100)}
    )

    assert [line.split() for line in lines] == [
        ["ballots", "100行", "0%"],
        ["ballots/counting", "300行", "99%"],
        ["没有运行到的行最多的文件："],
        ["ballots/steps.py", "100行", "0%"],
        ["ballots/counting/tally.py", "200行", "99%"],
        ["共400行，运行到74%"],
    ]


def test_without_a_run_there_is_nothing_to_print(covered, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(covered, "REPORT", tmp_path / "coverage.json")

    assert covered.main() == 1
    assert "先执行 SQLite 一步" in capsys.readouterr().out
