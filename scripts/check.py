"""Runs the checks and tests named on the command line and ends with one line about each (`make test`, `make lint`).

Each step runs even when an earlier one failed; the exit status is 0 only when all passed. A pytest that collected
nothing (exit status 5) has failed.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PINGYI_VAR", ROOT / "var"))
PYTHON = sys.executable
OXLINT = str(Path(PYTHON).parent / "oxlint")
PYTEST = (PYTHON, "-m", "pytest")
# Files rather than single tests are dealt out, so that what a module builds is built once; tests/conftest.py orders them.
PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
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

STEPS = {
    "lint": (
        ("ruff format", (PYTHON, "-m", "ruff", "format", "--check", "."), {}),
        ("ruff check", (PYTHON, "-m", "ruff", "check", "."), {}),
        ("mypy", (PYTHON, "-m", "mypy"), {}),
        ("oxlint", (OXLINT, "--deny-warnings", "static/js"), {}),
        ("check --deploy", (PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
        ("makemigrations --check", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"), {}),
        ("test_architecture", (*PYTEST, "-q", "tests/test_architecture.py"), {}),
    ),
    "changed": (("tests of changes", (PYTHON, "scripts/changed.py"), {}),),
    "sqlite": (("SQLite", (*COVERAGE, *PARALLEL, "-m", "not browser"), {}),),
    "coverage": (("coverage", (PYTHON, "scripts/covered.py"), {}),),
    "postgresql": (("PostgreSQL", (*POSTGRESQL, *PYTEST, *PARALLEL, "-m", "database and not browser"), {}),),
    "browser": (("Chromium", (*PYTEST, *PARALLEL, "-m", "browser"), {}),),
}


def main(names: list[str]) -> int:
    results = []
    for name in names:
        for label, command, settings in STEPS[name]:
            print(f"\n── {label}", flush=True)
            status, last_line = run(command, settings)
            results.append((label, status, last_line))
    print("\n── 结果")
    for label, status, last_line in results:
        print(f"{'通过　' if status == 0 else '未通过'}  {label:<24}{last_line}")
    return 0 if all(status == 0 for _, status, _ in results) else 1


def run(command: tuple[str, ...], settings: dict[str, str]) -> tuple[int, str]:
    """Run one command, show what it prints, and return its exit status and its last line."""
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
                print(line, end="", flush=True)
                last_line = line.strip(" =\n") or last_line
        except KeyboardInterrupt:
            process.wait()  # the same Ctrl+C ends it, after it has cleaned up
            raise
    return process.returncode, last_line


def clean_environment() -> dict[str, str]:
    """The environment without settings of this machine's own server, and without those of a run that counts lines.

    A run within a run would take the outer one's counts for its own, and remove them at its end.
    """
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
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
