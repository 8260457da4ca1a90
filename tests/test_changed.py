"""The fast check finds the tests of what changed, and says which files it knows no test for."""

import importlib
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def changed(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("changed")


@pytest.fixture
def tree(tmp_path):
    """A small repository with one commit on main."""
    files = {
        "ballots/counting/tally.py": "",
        "ballots/counting/bulk.py": "",
        "ballots/paper/keying.py": "",
        "ballots/views/wall.py": 'PAGE = "ballots/wall.html"\n',
        "ballots/views/closing.py": "",
        "ballots/models/batch.py": "",
        "campaigns/wall.py": "",
        "campaigns/lonely.py": "",
        "scripts/setup.py": "",
        "templates/ballots/wall.html": "",
        "tests/ballots/counting/test_tally.py": "",
        "tests/ballots/paper/test_keying.py": "",
        "tests/ballots/paper/test_tally.py": "",
        "tests/ballots/test_keying_paper.py": "",
        "tests/ballots/test_wall.py": "",
        "tests/ballots/closing_views/test_sealing.py": "",
        "tests/ballots/closing_views/test_together.py": "",
        "tests/ballots/test_sealing.py": "from ballots.counting import tally, sealing\n",
        "tests/ballots/test_boxes.py": "from ballots.counting.tally import Rules\n",
        "tests/ballots/test_batches.py": "import ballots.counting\n",
        "tests/reports/tables/test_tally.py": "",
        "tests/test_setup.py": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Begin")
    return tmp_path


def git(folder, *words):
    author = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        (
            "ballots/counting/tally.py",
            ["tests/ballots/counting/test_tally.py", "tests/ballots/test_boxes.py", "tests/ballots/test_sealing.py"],
        ),
        ("ballots/counting/bulk.py", ["tests/ballots/counting/test_tally.py"]),
        ("ballots/paper/keying.py", ["tests/ballots/paper/test_keying.py", "tests/ballots/test_keying_paper.py"]),
        ("ballots/views/wall.py", ["tests/ballots/test_wall.py"]),
        (
            "ballots/views/closing.py",
            ["tests/ballots/closing_views/test_sealing.py", "tests/ballots/closing_views/test_together.py"],
        ),
        ("templates/ballots/wall.html", ["tests/ballots/test_wall.py"]),
        ("tests/reports/tables/test_tally.py", ["tests/reports/tables/test_tally.py"]),
        ("scripts/setup.py", ["tests/test_setup.py"]),
        ("requirements.txt", ["tests/test_setup.py"]),
    ],
)
def test_a_changed_file_runs_the_tests_of_its_name_and_those_that_import_it(changed, tree, file, tests):
    assert changed.tests_of([file], tree) == (tests, [])


def test_files_run_as_long_as_they_hold_few_enough_tests_and_one_runs_in_any_case(changed, tmp_path):
    for name, count in (("many", changed.LIMIT + 1), ("some", changed.LIMIT - 1), ("one", 1), ("last", 1)):
        (tmp_path / name).write_text("\ndef test_it(): ..." * count)

    assert changed.nearest(["many", "one"], tmp_path) == ["many"]
    assert changed.nearest(["some", "one", "last"], tmp_path) == ["some", "one"]
    assert changed.nearest([], tmp_path) == []


def test_a_module_without_a_test_is_named(changed, tree):
    assert changed.tests_of(["campaigns/lonely.py"], tree) == ([], ["campaigns/lonely.py"])


def test_committed_uncommitted_and_new_files_of_a_branch_have_changed(changed, tree):
    git(tree, "switch", "-q", "-c", "topic")
    (tree / "campaigns/wall.py").write_text("committed = True\n")
    git(tree, "commit", "-q", "-a", "-m", "Change")
    (tree / "campaigns/lonely.py").write_text("edited = True\n")
    (tree / "campaigns/new.py").write_text("")

    assert changed.changed_files(tree) == ["campaigns/lonely.py", "campaigns/new.py", "campaigns/wall.py"]


def test_the_tests_of_every_mapped_document_exist(changed):
    missing = [test for test in changed.DOCUMENTS.values() if not (ROOT / test).exists()]

    assert missing == []
