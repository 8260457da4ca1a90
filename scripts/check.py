"""Runs the checks and tests named on the command line and ends with one line about each (`make test`, `make lint`).

    python scripts/check.py lint sqlite,coverage+browser

runs the checks of the source, then the tests on SQLite and what they covered, and beside these two the browser's. Each
step runs even when an earlier one failed; the exit status is 0 only when all passed. A pytest that collected
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
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
# Three processes on two processors: tests of kills and limits wait much of their time.
PARALLEL = ("-n", "3", *BY_FILE)
# Chromium works beside these; one process lets axe look at each page once.
BROWSER = ("-n", "1", *BY_FILE)
# PostgreSQL runs the tests that together send it whatever the tests sent to SQLite just before (tests/statements.py).
NOTED, CHOSEN = ("--note-statements",), ("--each-statement-once",)
# Lint has run it already.
WITHOUT_LINT = ("--ignore=tests/test_architecture.py",)
POSTGRESQL = (PYTHON, "tests/postgres.py")
# The lines that run are counted on SQLite alone: three seconds a process, and a twentieth more.
COVERAGE = (
    *(PYTHON, "-m", "slipcover", "--source", "campaigns,ballots,reports,pingyi", "--omit", "*/migrations/*"),
    *("--json", "--out", str(VAR / "coverage.json"), "-m", "pytest", "-p", "tests.counting"),
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
# The label, the exit status and the last line; and all that was printed.
Result = tuple[str, int, str]
Quiet = tuple[str, int, str, str]

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
    "browser": (("Chromium", (*PYTEST, *BROWSER, "-m", "browser and not long", "tests/browser"), {}),),
    # `make test-long`: all that the steps before leave out.
    "long": (("long forms", (*PYTEST, *PARALLEL, "-m", "long and not browser"), {}),),
    "postgresql-whole": (("PostgreSQL", (*POSTGRESQL, *PYTEST, *PARALLEL, "-m", "database and not browser"), {}),),
    "browser-long": (("Chromium", (*PYTEST, *BROWSER, "-m", "browser and long", "tests/browser"), {}),),
}


def main(groups: list[str]) -> int:
    results = [result for group in groups for result in run_group(group)]
    print("\n── 结果")
    for label, status, last_line in results:
        print(f"{'通过　' if status == 0 else '未通过'}  {label:<24}{last_line}")
    return 0 if all(status == 0 for _, status, _ in results) else 1


def run_group(group: str) -> list[Result]:
    """Run the steps of a group, of which `,` puts one after another and `+` one beside others."""
    first, *beside = ([step for name in row.split(",") for step in STEPS[name]] for row in group.split("+"))
    if group in STEPS and len(first) > 1:
        return side_by_side(first)
    with ThreadPoolExecutor(max(len(beside), 1)) as pool:
        others = [pool.submit(lambda steps=steps: [quietly(step) for step in steps]) for steps in beside]
        results = [(label, *shown(label, command, settings)) for label, command, settings in first]
        return results + [print_result(result) for other in others for result in other.result()]


def shown(label: str, command: tuple[str, ...], settings: dict[str, str]) -> tuple[int, str]:
    """Run one command under its heading."""
    print(f"\n── {label}", flush=True)
    return run(command, settings)


def quietly(step: Step) -> Quiet:
    """Run one command without a word; what it had to say comes with its result."""
    label, command, settings = step
    printed = io.StringIO()
    return label, *run(command, settings, output=printed), printed.getvalue()


def print_result(result: Quiet) -> Result:
    """Print what a command had to say."""
    label, status, last_line, printed = result
    print(f"\n── {label}\n{printed}", end="", flush=True)
    return label, status, last_line


def side_by_side(steps: Sequence[Step]) -> list[Result]:
    """Run commands that know nothing of each other, so many at a time; each prints once it and those before it are done."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [print_result(result) for result in pool.map(quietly, steps)]


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
