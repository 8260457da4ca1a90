"""A server and its helper: what happens to the one when the other ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
# Each says its process and how it was ended, then waits.
LIVES = """
import os, pathlib, signal, sys, time
def end(number, _):
    pathlib.Path(sys.argv[1] + ".told").write_text(signal.Signals(number).name)
    sys.exit(7)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, end)
with open(sys.argv[1], "a") as file:
    print(os.getpid(), file=file)
time.sleep(600)
"""
PAIR = """
import sys, beside
beside.SECONDS_BETWEEN_STARTS, beside.SECONDS_TO_END = 0.05, 600
one = lambda path: [sys.executable, sys.argv[1], path]
sys.exit(beside.Pair(one(sys.argv[2]), one(sys.argv[3])).run())
"""


class Running:
    """The pair as a process, and the processes that its two have been."""

    def __init__(self, folder):
        self._folder = folder
        (folder / "lives.py").write_text(LIVES)
        command = [sys.executable, "-c", PAIR, folder / "lives.py", folder / "server", folder / "helper"]
        environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        self.wait_for(lambda: self.lives("server") and self.lives("helper"))

    def lives(self, name):
        path = self._folder / name
        return [int(line) for line in path.read_text().splitlines()] if path.exists() else []

    def told(self, name):
        path = self._folder / f"{name}.told"
        return path.read_text() if path.exists() else None

    def wait_for(self, condition):
        deadline = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)


@pytest.fixture
def pair(tmp_path):
    running = Running(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


@pytest.mark.parametrize(("number", "heard"), [("SIGTERM", "SIGTERM"), ("SIGINT", "SIGINT"), ("SIGHUP", "SIGTERM")])
def test_told_to_end_both_end_and_the_servers_exit_code_is_given(pair, number, heard):
    pair.process.send_signal(signal.Signals[number])
    code = pair.process.wait(timeout=120)

    assert (code, pair.told("server"), pair.told("helper")) == (7, heard, "SIGTERM")


def test_when_the_server_dies_the_helper_ends_too(pair):
    os.kill(pair.lives("server")[0], signal.SIGKILL)
    code = pair.process.wait(timeout=120)

    assert (code, pair.told("helper")) == (128 + signal.SIGKILL, "SIGTERM")


def test_a_helper_that_dies_is_started_again(pair):
    os.kill(pair.lives("helper")[0], signal.SIGKILL)
    pair.wait_for(lambda: len(pair.lives("helper")) == 2)
    pair.process.terminate()
    code = pair.process.wait(timeout=120)

    assert (code, len(pair.lives("server")), pair.told("helper")) == (7, 1, "SIGTERM")


def test_when_the_pair_itself_is_killed_nothing_stays_behind(pair):
    pair.process.kill()

    pair.wait_for(lambda: pair.told("server") and pair.told("helper"))

    assert (pair.told("server"), pair.told("helper")) == ("SIGTERM", "SIGTERM")
