"""Runs the checks and tests named on the command line and ends with one line about each (`make test`, `make lint`).

Each step runs even when an earlier one failed; the exit status is 0 only when all passed. A pytest that collected
nothing (exit status 5) has failed.
"""

import io
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PINGYI_VAR", ROOT / "var"))
PYTHON = sys.executable
OXLINT = str(Path(PYTHON).parent / "oxlint")
PYTEST = (PYTHON, "-m", "pytest")
# Files rather than single tests are dealt out, so that what a module builds is built once; tests/conftest.py orders them.
PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
# PostgreSQL runs the tests that together send it whatever the tests sent to SQLite just before (tests/statements.py).
NOTED, CHOSEN = ("--note-statements",), ("--each-statement-once",)
# Lint has run it already.
WITHOUT_LINT = ("--ignore=tests/test_architecture.py",)
POSTGRESQL = (PYTHON, "tests/postgres.py")
# The lines that run are counted on SQLite alone: three seconds a process, and hardly more.
COVERAGE = (
    *(PYTHON, "-m", "slipcover", "--source", "campaigns,ballots,reports,pingyi", "--omit", "*/migrations/*"),
    *("--json", "--out", str(VAR / "coverage.json"), "-m", "pytest"),
)
PRODUCTION = {
    "PINGYI_DEBUG": "0",
    "PINGYI_HTTPS": "1",
    "PINGYI_HOSTS": "pingyi.example.org",
    "PINGYI_SECRET_KEY": secrets.token_urlsafe(50),
}

# Checks of the source are run side by side, the longest first.
AT_ONCE = 2
Step = tuple[str, tuple[str, ...], dict[str, str]]

STEPS: dict[str, tuple[Step, ...]] = {
    "lint": (
        ("mypy", (PYTHON, "-m", "mypy"), {}),
        ("test_architecture", (*PYTEST, "-q", "tests/test_architecture.py"), {}),
        ("check --deploy", (PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
        ("makemigrations --check", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"), {}),
        ("ruff format", (PYTHON, "-m", "ruff", "format", "--check", "."), {}),
        ("ruff check", (PYTHON, "-m", "ruff", "check", "."), {}),
        ("oxlint", (OXLINT, "--deny-warnings", "static/js"), {}),
    ),
    "changed": (("tests of changes", (PYTHON, "scripts/changed.py"), {}),),
    "sqlite": (("SQLite", (*COVERAGE, *PARALLEL, *NOTED, *WITHOUT_LINT, "-m", "not browser and not long"), {}),),
    "coverage": (("coverage", (PYTHON, "scripts/covered.py"), {}),),
    "postgresql": (
        ("PostgreSQL", (*POSTGRESQL, *PYTEST, *PARALLEL, *CHOSEN, "-m", "database and not browser and not long"), {}),
    ),
    "browser": (("Chromium", (*PYTEST, *PARALLEL, "-m", "browser and not long", "tests/browser"), {}),),
    # `make test-long`: all that the steps before leave out.
    "long": (("long forms", (*PYTEST, *PARALLEL, "-m", "long and not browser"), {}),),
    "postgresql-whole": (("PostgreSQL", (*POSTGRESQL, *PYTEST, *PARALLEL, "-m", "database and not browser"), {}),),
    "browser-long": (("Chromium", (*PYTEST, *PARALLEL, "-m", "browser and long", "tests/browser"), {}),),
}


def main(names: list[str]) -> int:
    results = []
    for name in names:
        steps = STEPS[name]
        if len(steps) == 1:
            results += [(label, *shown(label, command, settings)) for label, command, settings in steps]
        else:
            results += side_by_side(steps)
    print("\n── 结果")
    for label, status, last_line in results:
        print(f"{'通过　' if status == 0 else '未通过'}  {label:<24}{last_line}")
    return 0 if all(status == 0 for _, status, _ in results) else 1


def shown(label: str, command: tuple[str, ...], settings: dict[str, str]) -> tuple[int, str]:
    """Run one command under its heading."""
    print(f"\n── {label}", flush=True)
    return run(command, settings)


def side_by_side(steps: Sequence[Step]) -> list[tuple[str, int, str]]:
    """Run commands that know nothing of each other, so many at a time; each prints once it and those before it are done."""

    def told(step: Step) -> tuple[int, str, str]:
        _, command, settings = step
        printed = io.StringIO()
        return *run(command, settings, output=printed), printed.getvalue()

    results = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for (label, _, _), (status, last_line, printed) in zip(steps, pool.map(told, steps), strict=True):
            print(f"\n── {label}\n{printed}", end="", flush=True)
            results.append((label, status, last_line))
    return results


def run(command: tuple[str, ...], settings: dict[str, str], *, output: TextIO | None = None) -> tuple[int, str]:
    """Run one command, show what it prints (or write it to `output`), and return its exit status and its last line."""
    last_line = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=clean_environment() | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout:
                print(line, end="", file=output, flush=True)
                last_line = line.strip(" =\n") or last_line
        except KeyboardInterrupt:
            process.wait()  # the same Ctrl+C ends it, after it has cleaned up
            raise
    return process.returncode, last_line


def clean_environment() -> dict[str, str]:
    """The environment without settings of this machine's own server, and without those of a run that counts lines.

    A run within a run would take the outer one's counts for its own, and remove them at its end. Compiled code is kept:
    a run starts a hundred processes, of which each would compile everything anew.
    """
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and (not name.startswith(("PINGYI_", "SLIPCOVER_")) or name == "PINGYI_VAR")
    }
    return kept | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
