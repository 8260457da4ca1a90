"""The measurements behind docs/scale_out.md measure the right thing. No time is asserted."""

import subprocess
import sys

import pytest

from bench import apart, report


@pytest.mark.slow
def test_a_cast_looks_at_one_part_of_a_split_table(monkeypatch):
    monkeypatch.setattr(apart, "PARTS", 4)

    _, (_, table, parts, looked) = apart.measure_parts_looked_at()

    assert (table, parts, looked) == ("ballots_code", 4, 1)


def test_processor_time_is_that_of_what_was_started_here():
    busy = [sys.executable, "-c", "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\ninput()"]
    before = apart.processor_seconds()["web"]
    with subprocess.Popen(busy, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        during = apart.processor_seconds()
        child.communicate(b"\n")

    assert during["web"] - before >= 0.25
    assert set(during) == {"web", "postgres"}


def test_a_table_is_lined_up_beneath_its_title():
    assert report.table_lines("表", [("a", "每张票"), ("长的", 1)]) == ["\n── 表", "a     每张票", "长的  1"]
