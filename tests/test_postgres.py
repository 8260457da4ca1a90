"""The private PostgreSQL of the test run leaves nothing behind."""

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests import postgres

SCRIPT = Path(__file__).with_name("postgres.py")


def folder_of(database_url):
    return Path(unquote(urlsplit(database_url).netloc.rpartition("@")[2]))


def processes_in(folder):
    return [path for path in Path("/proc").glob("[0-9]*/cmdline") if str(folder).encode() in command_at(path)]


def command_at(path):
    """The command of a process; nothing where it is gone, which it may be between any two looks."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_the_cluster_is_gone_after_a_failing_command_whose_status_is_passed_on():
    finished = subprocess.run(
        [sys.executable, SCRIPT, "sh", "-c", 'echo "$DATABASE_URL"; exit 3'],
        capture_output=True,
        text=True,
        check=False,
    )

    folder = folder_of(finished.stdout.strip())
    assert finished.returncode == 3
    assert folder.is_absolute()
    assert not folder.exists()
    assert processes_in(folder) == []


def test_each_process_of_the_tests_has_a_cluster_of_its_own(monkeypatch):
    printed = subprocess.run(
        [sys.executable, SCRIPT, "sh", "-c", 'echo "$DATABASE_URLS"', "-n", "2"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    monkeypatch.setenv("DATABASE_URLS", printed)

    hosts = [postgres.own_host(worker) for worker in ("gw0", "gw1")]

    assert hosts == [str(folder_of(url)) for url in printed.split()]
    assert len({*hosts}) == 2
    assert postgres.own_host(None) is None


def test_the_cluster_is_gone_after_a_termination():
    running = subprocess.Popen(
        [sys.executable, SCRIPT, "sh", "-c", 'echo "$DATABASE_URL"; exec sleep 600'], stdout=subprocess.PIPE, text=True
    )
    folder = folder_of(running.stdout.readline().strip())
    was_there = folder.exists()

    running.terminate()
    status = running.wait()
    running.stdout.close()

    deadline = time.monotonic() + 120
    while processes_in(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert was_there
    assert status != 0
    assert not folder.exists()
    assert processes_in(folder) == []
