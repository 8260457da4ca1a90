"""The bench works at the smallest size, counts what it says it counts, and leaves nothing behind. No time is asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import report
from bench.__main__ import SCALES, measure_parts

ROOT = Path(__file__).resolve().parents[2]
SQLITE = ("sqlite",)


@pytest.mark.slow
def test_casting_is_measured_over_http_and_every_accepted_ballot_is_counted(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    measurements = measure_parts(SCALES["tiny"], ("casting",), SQLITE)

    casting = measurements["engines"]["sqlite"]["casting"]
    assert casting["accepted"] == casting["counted"] > 0
    assert [row["failed"] for row in casting["rows"]] == [0] * len(casting["rows"])
    assert {row["what"] for row in casting["rows"]} == set(report.LOADS)
    assert (casting["meeting"]["failed"], casting["crowd"]["failed"]) == (0, 0)
    assert (casting["crowd"]["people"], casting["crowd"]["meetings"]) == (40, 40)
    assert set(casting["meeting"]["steps"]) == {"scan", "fill", "answer", "review", "submit", "receipt"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_boxes_and_rows_per_answer_give_the_same_counts(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    measurements = measure_parts(SCALES["tiny"], ("company", "province"), SQLITE)

    company, province = (measurements["engines"]["sqlite"][part] for part in ("company", "province"))
    assert (company["seal"]["polls"], company["recount"]["problems"]) == (6, 0)
    assert company["answers"] == 60 * 8
    assert province["generated"]["boxes"] == 2 * province["generated"]["units"] == 40
    assert province["answers"] == 9 * province["generated"]["ballots"]
    for measured in (company, province):
        for scope in ("units", "total"):
            assert measured[f"count_{scope}"]["digest"] == measured[f"group_{scope}"]["digest"]
            assert measured[f"count_{scope}"]["cells"] == measured[f"group_{scope}"]["cells"] > 0
    assert province["recount"]["polls"] == province["generated"]["units"]
    # Three tables, and the boxes with their digests as they were found and as they should be.
    assert province["read_whole"]["cells"] == 20 + 20 + 9 * 20 + 40
    measurements |= {"scale_name": "tiny", "goals": report.goals(measurements)}
    assert {"封存6个评议点", "全省重新计票（recount）"} <= met(measurements).keys()
    assert "只用驱动写同样的行、删票、清除痕迹" in report.text(measurements)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_province_is_written_on_postgresql_too(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    measurements = measure_parts(SCALES["tiny"], ("province",), ("postgresql",))

    province = measurements["engines"]["postgresql"]["province"]
    assert province["answers"] == 9 * province["generated"]["ballots"]
    assert province["count_units"]["digest"] == province["group_units"]["digest"]


@pytest.mark.slow
def test_pages_are_found_from_the_routes_and_counted_at_each_size(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    measurements = measure_parts(SCALES["tiny"], ("pages",), SQLITE)

    pages = {(row["page"], row["state"]) for row in measurements["engines"]["sqlite"]["pages"]["pages"]}
    assert {("reports:home", ""), ("campaigns:poll_list", "open"), ("ballots:campaign_seal", "closed")} <= pages
    assert not {page for page, _ in pages} & {"campaigns:account_list", "ballots:ballot_cast"}


@pytest.mark.slow
def test_documents_are_drawn_alone_and_by_the_worker_and_none_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    measurements = measure_parts(SCALES["tiny"], ("documents",), SQLITE)

    documents = measurements["engines"]["sqlite"]["documents"]
    assert (documents["export"]["files"], documents["export"]["failed"]) == (6, 0)
    assert (documents["slips"]["count"], documents["paper"]["count"]) == (30, 30)
    assert documents["paper"]["bytes"] < 2 * documents["paper"]["single_bytes"]
    assert documents["summary"]["pdf_bytes"] < documents["summary"]["beside_bytes"]
    measurements |= {"scale_name": "tiny", "goals": report.goals(measurements)}
    assert "导出6份小结" in report.text(measurements)
    assert list(tmp_path.iterdir()) == []


def measured(**changes) -> dict:
    """Measurements such as a run of casting and of the province may give."""
    rates = {"driver alone": 5000, "bare view": 1000, "casting, one meeting": 900, "casting, many meetings": 600}
    rows = [
        {
            "what": what,
            "clients": 1,
            "requests_per_second": rate,
            "slowest_run": rate,
            "fastest_run": rate,
            "p50_ms": 1,
            "p99_ms": 2,
            "failed": 0,
            "accepted": 9,
            "share": rate / 1000,
        }
        for what, rate in rates.items()
    ]
    meeting = {
        "people": 500,
        "meetings": 1,
        "seconds": 60.0,
        "failed": 0,
        "steps": {"submit": {"p50_ms": 3, "p99_ms": 99}},
        "all": {"p50_ms": 3, "p99_ms": 101},
    }
    casting = {
        "rows": rows,
        "meeting": meeting,
        "crowd": meeting | {"people": 2000, "meetings": 40, "seconds": 62.0},
        "profile": {"microseconds": 500, "shares": {"COMMIT": 0.2}},
        "accepted": 18,
        "counted": 18,
    }
    measurements = {
        "scale_name": "tiny",
        "machine": {"processors": 2, "python": "3", "load_average": [0.0], "load_average_after": [1.0]},
        "engines": {"sqlite": {"casting": casting | changes}},
    }
    return measurements | {"goals": report.goals(measurements)}


def met(measurements: dict) -> dict[str, bool]:
    return {row["what"]: row["met"] for row in measurements["goals"]}


def test_each_goal_stands_beside_its_figure_and_says_whether_it_was_met():
    assert met(measured()) == {
        "投票（同一个评议点），1人同时，与空页面之比": True,
        "投票（二十个评议点），1人同时，与空页面之比": False,
        "500人评议会，提交p99": True,
        "500人评议会，所有页面p99": False,
        "500人评议会，失败": True,
        "40场2000人评议会，失败": True,
        "40场2000人评议会，用时": False,
        "答复已收而票库中没有的票": True,
    }


@pytest.mark.parametrize("counted", [17, 19])
def test_a_ballot_lost_or_counted_twice_misses_its_goal(counted):
    assert met(measured(counted=counted))["答复已收而票库中没有的票"] is False


def test_the_report_shows_what_falls_short_with_where_the_time_goes():
    text = report.text(measured())

    assert "未达到  SQLite  投票（二十个评议点），1人同时，与空页面之比  0.6" in text
    assert "每票占用处理器500微秒，其中（后者或含于前者）COMMIT 20%" in text


def test_a_scale_that_does_not_exist_is_refused_in_words():
    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env=os.environ | {"BENCH_SCALE": "galaxy"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "BENCH_SCALE" in done.stderr


def test_the_load_client_reports_statuses_that_were_not_expected(live_server):
    port = int(live_server.url.rpartition(":")[2])
    request = f"GET /v/AAAAAAAAAA/ HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"
    orders = {"deed": "rush", "port": port, "clients": 1, "requests": [request], "expected": 302}

    done = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        cwd=ROOT,
        input=json.dumps(orders),
        capture_output=True,
        text=True,
        check=True,
    )

    answer = json.loads(done.stdout)
    assert (answer["sent"], answer["failed"], answer["failures"]) == (1, 1, ["404"])
