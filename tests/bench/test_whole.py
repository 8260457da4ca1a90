"""The bench of a province works at the smallest size: its boxes count as its rows do, and pages are opened by all. No time is asserted."""

import json

import pytest

from bench import children
from bench.databases import Databases
from bench.whole.__main__ import SETTINGS, measure_size
from bench.whole.telling import tell
from bench.whole.tree import Levels
from tests.postgres import private_cluster


def test_levels_hold_all_units_and_a_province_has_five_of_them():
    assert Levels.of(102_000).counts == (1, 20, 204, 4080, 97_695)
    assert sum(Levels.of(60).counts) == 60


@pytest.mark.slow
def test_a_small_province_is_measured_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("PINGYI_VAR", str(tmp_path))

    with private_cluster(**SETTINGS) as url:
        databases = Databases("postgresql", url)
        size = measure_size(databases, 60, files=False, usernames=("province-officer",), keeps=True)
        problems = children.run_in_child("bench.whole.deeds:recount_province", databases.url("province60"))["problems"]

    pages = {row["page"] for row in size["pages"]["province-officer"]}
    assert {"reports:home", "reports:campaign_results", "reports:desk", "reports:poll_results"} <= pages
    assert all(row["status"] == 200 for row in size["pages"]["province-officer"])
    assert problems == []
    assert size["amounts"]["members"] > size["amounts"]["units"] == 60
    assert {deed["deed"] for deed in size["deeds"]} >= {"写入名册", "开启", "封存", "复制活动", "删除筹备中的活动"}
    assert "不超过500毫秒的网页" in tell([json.loads(json.dumps(size))])
