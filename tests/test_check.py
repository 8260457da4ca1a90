"""The runner of checks passes only when every step did."""

import importlib
import re
import sys
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

SCRIPTS = str(Path(__file__).resolve().parent.parent / "scripts")
PASSES = (sys.executable, "-c", "print('== 3 passed ==')")
FAILS = (sys.executable, "-c", "print('== 1 failed =='); raise SystemExit(1)")


@pytest.fixture
def check(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("check")


def test_later_steps_run_after_a_failure_and_the_end_tells_each(check, monkeypatch, capsys):
    monkeypatch.setattr(check, "STEPS", {"one": (("First", FAILS, {}),), "two": (("Second", PASSES, {}),)})

    status = check.main(["one", "two"])

    results = capsys.readouterr().out.splitlines()[-2:]
    assert status == 1
    assert [line.split() for line in results] == [
        ["未通过", "First", "1", "failed"],
        ["通过", "Second", "3", "passed"],
    ]


def test_all_passing_is_a_pass(check, monkeypatch):
    monkeypatch.setattr(check, "STEPS", {"one": (("First", PASSES, {}), ("Second", PASSES, {}))})

    assert check.main(["one"]) == 0


def test_checks_of_one_step_run_side_by_side_and_print_in_their_order(check, monkeypatch, tmp_path, capsys):
    waits = (
        "import pathlib, time\n"
        f"while not pathlib.Path({str(tmp_path / 'there')!r}).exists(): time.sleep(0.01)\n"
        "print('slow'); raise SystemExit(1)"
    )
    comes = f"import pathlib; pathlib.Path({str(tmp_path / 'there')!r}).touch(); print('fast')"
    steps = (("Slow", (sys.executable, "-c", waits), {}), ("Fast", (sys.executable, "-c", comes), {}))
    monkeypatch.setattr(check, "STEPS", {"lint": steps})

    status = check.main(["lint"])

    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert (status, lines[:4]) == (1, ["── Slow", "slow", "── Fast", "fast"])
    assert [line.split() for line in lines[-2:]] == [["未通过", "Slow", "slow"], ["通过", "Fast", "fast"]]


def test_a_row_of_steps_runs_in_its_order_beside_another_and_all_are_told(check, monkeypatch, tmp_path, capsys):
    def step(word, *, after, status=0):
        """Ends once another has ended, whose word is in the file."""
        code = (
            "import pathlib, time\n"
            f"while {after!r} not in pathlib.Path({str(tmp_path / 'ended')!r}).read_text(): time.sleep(0.01)\n"
            f"with open({str(tmp_path / 'ended')!r}, 'a') as ended: print({word!r}, file=ended)\n"
            f"print({word!r}); raise SystemExit({status})"
        )
        return ((word, (sys.executable, "-c", code), {}),)

    (tmp_path / "ended").touch()
    # The second waits for the one beside, which waits for the first.
    steps = {"a": step("first", after=""), "b": step("second", after="beside"), "c": step("beside", after="first")}
    monkeypatch.setattr(check, "STEPS", steps | {"d": step("last", after="second", status=1)})

    status = check.main(["a,b+c", "d"])

    assert (tmp_path / "ended").read_text().split() == ["first", "beside", "second", "last"]
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert (status, lines[:6]) == (1, ["── first", "first", "── second", "second", "── beside", "beside"])
    assert [line.split()[:2] for line in lines[-4:]] == [
        *(["通过", label] for label in ("first", "second", "beside")),
        ["未通过", "last"],
    ]


def steps_of(target):
    """The steps of a target of the Makefile that run tests."""
    makefile = (Path(SCRIPTS).parent / "Makefile").read_text(encoding="utf-8")
    (names,) = re.findall(rf"^{target}:\n(?:\t.*\n)*?\t.*scripts/check\.py (.*)$", makefile, re.MULTILINE)
    return [name for name in re.split(r"[ ,+]", names) if name not in ("lint", "coverage")]


def test_postgresql_runs_after_sqlite_whose_notes_it_reads():
    makefile = (Path(SCRIPTS).parent / "Makefile").read_text(encoding="utf-8")

    assert re.search(r"check\.py lint sqlite,coverage,postgresql\+", makefile)


def test_each_test_is_run_by_make_test_or_its_long_form_by_make_test_long(check):
    def ran_by(target, markers):
        """The steps whose last `-m` takes a test with the markers."""
        chosen = {name: check.STEPS[name][0][1] for name in steps_of(target)}
        words = {name: command[len(command) - command[::-1].index("-m")] for name, command in chosen.items()}
        return {name for name, each in words.items() if Expression.compile(each).evaluate(markers.__contains__)}

    kinds = [set(kind) for kind in product(["", "browser"], ["", "database"])]

    assert [sorted(ran_by("test", kind)) for kind in kinds] == [
        ["sqlite"],
        ["postgresql", "sqlite"],
        ["browser"],
        ["browser"],
    ]
    assert [sorted(ran_by("test", kind | {"long"})) for kind in kinds] == [[]] * 4
    assert [sorted(ran_by("test-long", kind | {"long"})) for kind in kinds] == [
        ["long"],
        ["long", "postgresql-whole"],
        ["browser-long"],
        ["browser-long"],
    ]
    assert ran_by("test-long", {"database"}) == {"postgresql-whole"}


@pytest.mark.parametrize("name", ["sqlite", "postgresql", "browser"])
def test_a_run_that_collects_no_test_has_failed(check, monkeypatch, tmp_path, name):
    ((label, command, settings),) = check.STEPS[name]
    nothing = (*command, "-n", "1", "-k", "nothing_is_called_this", "tests/test_check.py")
    # In a folder of its own: what the run around it has noted stays.
    own = settings | {"PINGYI_VAR": str(tmp_path)}
    monkeypatch.setattr(check, "STEPS", {name: ((label, nothing, own),)})

    assert check.main([name]) == 1


@pytest.mark.parametrize(
    "source",
    [
        "var sheet = 1;\nsheet += 1;",
        "let sheet = 1;\ndocument.title = sheet;",
        "document.title = missing;",
        "const unused = 1;",
    ],
)
def test_lint_refuses_careless_javascript(check, tmp_path, source):
    (oxlint,) = [command for label, command, _ in check.STEPS["lint"] if label == "oxlint"]
    rules = ("--config", str(check.ROOT / ".oxlintrc.json"))
    careless = tmp_path / "careless.js"
    careless.write_text(source, encoding="utf-8")

    status, _ = check.run((*oxlint[:-1], *rules, str(careless)), {})

    assert status == 1


def test_lint_refuses_a_column_that_may_be_empty_used_as_if_it_never_were(check, tmp_path):
    (mypy,) = [command for label, command, _ in check.STEPS["lint"] if label == "mypy"]
    careless = tmp_path / "careless.py"
    careless.write_text(
        "from campaigns.models import Poll\n\n\ndef absent(poll: Poll, people: int) -> int:\n"
        "    return people - poll.attended_count\n",
        encoding="utf-8",
    )

    status, last_line = check.run((*mypy, str(careless)), {})

    assert (status, last_line) == (1, "Found 1 error in 1 file (checked 1 source file)")


def test_settings_of_this_machines_server_do_not_reach_the_tests(check, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/real")
    monkeypatch.setenv("PINGYI_DEBUG", "1")
    # A run within a run would remove the counted lines of the outer one.
    monkeypatch.setenv("SLIPCOVER_COVERAGE_DIR", "/tmp/outer")

    # Each of a run's many processes would compile the code anew.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    environment = check.clean_environment()

    unwanted = {"DATABASE_URL", "PINGYI_DEBUG", "SLIPCOVER_COVERAGE_DIR", "PYTHONDONTWRITEBYTECODE"}
    assert unwanted & set(environment) == set()
