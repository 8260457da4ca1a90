"""The worker's sign of life is heard by the web server, and its silence noticed."""

import os
import time

import pytest
import time_machine
from django.core.management import call_command

from pingyi import heartbeat


@pytest.fixture(autouse=True)
def sign(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "worker_alive"


def test_a_worker_that_never_ran_is_none():
    assert (heartbeat.seconds_of_silence(), heartbeat.has_worker()) == (None, False)


@pytest.fixture
def _clock_that_stands():
    """However long this takes, the sign is no older than the test says."""
    with time_machine.travel(time.time(), tick=False):
        yield


@pytest.mark.usefixtures("_clock_that_stands")
@pytest.mark.parametrize(("seconds", "lives"), [(0, True), (119, True), (122, False), (-122, False)])
def test_a_worker_is_missed_after_two_minutes_and_by_a_clock_set_back(sign, seconds, lives):
    heartbeat.beat()
    then = time.time() - seconds
    os.utime(sign, (then, then))

    assert heartbeat.has_worker() is lives


@pytest.mark.usefixtures("_clock_that_stands")
@pytest.mark.parametrize(("seconds", "is_renewed"), [(3, False), (11, True), (-60, True)])
def test_a_fresh_sign_is_left_alone(sign, seconds, is_renewed):
    heartbeat.beat()
    before = time.time() - seconds
    os.utime(sign, (before, before))

    heartbeat.beat()

    assert (sign.stat().st_mtime != pytest.approx(before, abs=1)) is is_renewed


def test_a_folder_that_takes_no_file_ends_no_worker(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "gone"

    heartbeat.beat()

    assert not heartbeat.has_worker()


@pytest.mark.django_db(transaction=True)
def test_the_worker_leaves_a_sign(sign):
    with time_machine.travel("2026-11-20 09:00", tick=False):
        call_command("work_exports", "--until-idle")

    assert sign.stat().st_mode & 0o077 == 0
