"""`make run` serves the demo until somebody begins in earnest, and the real database from then on."""

import importlib
import os
import sys
from pathlib import Path

import pytest

SCRIPTS = str(Path(__file__).resolve().parent.parent / "scripts")


@pytest.fixture
def serve(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    for name in ("serve", "beside"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name in ("PINGYI_DEMO", "PINGYI_GOES_OVER", "PINGYI_START_CODE"):
        monkeypatch.setenv(name, "")
    return importlib.import_module("serve")


def run(serve, monkeypatch, *, data, ends, demo=0):
    """The databases that were served, and the exit code, by answers of `which_data` and by how each server ends."""
    served, answers, endings = [], iter(data), iter(ends)

    def serve_once(_):
        served.append("demo" if os.environ["PINGYI_DEMO"] == "1" else "real")
        return next(endings)

    monkeypatch.setattr(serve, "which_data", lambda: next(answers))
    monkeypatch.setattr(serve, "load_demo", lambda: demo)
    monkeypatch.setattr(serve, "serve", serve_once)
    return served, serve.serve_on(None)


@pytest.mark.parametrize(
    ("data", "ends", "expected"),
    [
        # The demo ended by itself because somebody began; then the real one was stopped.
        (["demo", "real"], [(0, False), (0, True)], (["demo", "real"], 0)),
        (["real"], [(0, True)], (["real"], 0)),
        # Whoever stops the demo stops all.
        (["demo"], [(0, True)], (["demo"], 0)),
        # A server that falls over is not started again, nor a demo that nobody has begun to leave.
        (["demo"], [(3, False)], (["demo"], 3)),
        (["demo", "demo"], [(0, False)], (["demo"], 0)),
        # A database that does not answer is no empty one.
        ([""], [], ([], 1)),
    ],
)
def test_which_database_is_served(serve, monkeypatch, data, ends, expected):
    assert run(serve, monkeypatch, data=data, ends=ends) == expected


def test_a_demo_that_cannot_be_loaded_is_not_served(serve, monkeypatch):
    assert run(serve, monkeypatch, data=["demo"], ends=[], demo=4) == ([], 4)


def test_the_real_database_is_asked_even_from_within_a_demo(serve, monkeypatch, tmp_path):
    monkeypatch.setenv("PINGYI_DEMO", "1")
    monkeypatch.setenv("PINGYI_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")

    # It has no tables: no answer, rather than a wrong one.
    assert serve.which_data() == ""
