"""The statements that each test sends to the database, noted on SQLite, and the tests that together send every one of them.

PostgreSQL runs those (`make test`): a test whose every statement another test sends shows nothing new about a database.
The notes are made anew by each run on SQLite, just before; a test without a note always runs.
"""

import heapq
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.backends.utils import CursorWrapper

# The differences between two statements of one shape: names of savepoints, how many values, how many rows of values.
SAVEPOINT = re.compile(r'(SAVEPOINT|TO) (SAVEPOINT )?"s\w+"')
NUMBER = re.compile(r"\b\d+\b")
LIST = re.compile(r"\((?:%s|N)(?:, (?:%s|N))+\)")
ROWS = re.compile(r"(\([^()]*\))(?:, \1)+")
CASES = re.compile(r"(WHEN .{1,200}? THEN \S+ )\1+")
ALTERNATIVES = re.compile(r"(\([^()]*\)|[^() ]+ [^() ]+ [^() ]+)(?: OR \1)+")
ASKS_WHICH = re.compile(r"connection\.vendor|has_select_for_update|is_sqlite\(")
TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
# The cost of a test beside its statements, in statements.
COST_OF_A_TEST = 30


@lru_cache(maxsize=100_000)
def shape(statement: str) -> str:
    """A statement without its values and without how many there are of them."""
    bare = NUMBER.sub("N", SAVEPOINT.sub(r"\1", statement))
    # PostgreSQL takes several rows in a way of its own.
    bare = ROWS.sub(r"\1, several", LIST.sub("(%s)", bare))
    return ALTERNATIVES.sub(r"\1", CASES.sub(r"\1", bare))


class Notes:
    """For each test the shapes of the statements that it sent and the refusals of the database that it met, and how many."""

    def __init__(self) -> None:
        self.test = ""
        self._sent: dict[str, Counter[str]] = defaultdict(Counter)
        self._without: set[str] = set()

    def sends(self, statement: str) -> None:
        self._sent[self.test][statement] += 1

    def meets(self, refusal: DatabaseError) -> None:
        """Each constraint is to be broken on PostgreSQL too, by statements that are elsewhere taken."""
        self._sent[self.test][f"refused: {refusal}"] += 1

    def forget(self, test: str) -> None:
        """A test that was skipped or failed has no note."""
        self._without.add(test)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        places: dict[str, int] = {}
        sent = {
            test: [
                statements.total(),
                sorted({places.setdefault(shape(statement), len(places)) for statement in statements}),
            ]
            for test, statements in self._sent.items()
            if test not in self._without
        }
        path.write_text(json.dumps({"shapes": list(places), "sent": sent}), encoding="utf-8")


@contextmanager
def noted(notes: Notes):
    """Note whatever any thread sends."""
    plain = {name: getattr(CursorWrapper, name) for name in ("execute", "executemany")}

    def noting(name):
        send = plain[name]

        def noting_send(cursor, statement, *arguments, **facts):
            notes.sends(str(statement))
            try:
                return send(cursor, statement, *arguments, **facts)
            except DatabaseError as refusal:
                notes.meets(refusal)
                raise

        return noting_send

    for name in plain:
        setattr(CursorWrapper, name, noting(name))
    try:
        yield
    finally:
        for name, send in plain.items():
            setattr(CursorWrapper, name, send)


def folder() -> Path:
    return settings.VAR_DIR / "tests" / "statements"


def begin() -> None:
    """Forget the notes of the run before."""
    for path in folder().glob("*.json"):
        path.unlink(missing_ok=True)


def path_of_worker() -> Path:
    return folder() / f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json"


def read(paths: Iterable[Path]) -> dict[str, tuple[int, frozenset[str]]]:
    """For each test that has a note how many statements it sent, and their shapes."""
    notes = {}
    for path in sorted(paths):
        kept = json.loads(path.read_text(encoding="utf-8"))
        for test, (count, places) in kept["sent"].items():
            notes[test] = count, frozenset(kept["shapes"][place] for place in places)
    return notes


def covering(notes: dict[str, tuple[int, frozenset[str]]], sent: frozenset[str] = frozenset()) -> set[str]:
    """Tests that together send every shape that any of them sends, beyond those that are sent anyhow: cheap ones first.

    Each time the test that sends the most new shapes for its cost; the same notes give the same tests.
    """
    new = {test: shapes - sent for test, (_, shapes) in notes.items()}

    def merit(test: str) -> tuple[float, str]:
        return -len(new[test]) / (notes[test][0] + COST_OF_A_TEST), test

    chosen = set()
    queue = sorted(map(merit, new))
    while queue:
        noted_merit, test = heapq.heappop(queue)
        new[test] -= sent
        if not new[test]:
            continue
        if merit(test)[0] > noted_merit:  # others have sent some of it since
            heapq.heappush(queue, merit(test))
            continue
        chosen.add(test)
        sent |= new[test]
    return chosen


def needed(items: list, notes: dict[str, tuple[int, frozenset[str]]]) -> list:
    """The collected tests that together send all that was noted of them, in their order."""
    noted_items = [item for item in items if item.nodeid in notes]
    free = {item.nodeid: notes[item.nodeid] for item in noted_items if not always_runs(item)}
    sent = frozenset().union(*(notes[item.nodeid][1] for item in noted_items if item.nodeid not in free))
    unneeded = free.keys() - covering(free, sent)
    return [item for item in items if item.nodeid not in unneeded]


def always_runs(item) -> bool:
    """Whether a test is about what the databases do differently: it or what it tests asks which one is there, or its
    transactions are real ones."""
    marker = item.get_closest_marker("django_db")
    is_transactional = "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction"))
    return bool(is_transactional or asks_which_database(item.path))


@lru_cache(maxsize=10_000)
def asks_which_database(test: Path) -> bool:
    """Whether a test file, or the module that it mirrors, goes by which database there is."""
    place = test.relative_to(TESTS)
    folder = ROOT / place.parent if place.parent.name else ROOT / "pingyi"
    files = (test, folder / place.name.removeprefix("test_"))
    return any(ASKS_WHICH.search(file.read_text(encoding="utf-8")) for file in files if file.exists())
