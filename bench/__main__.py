"""`make bench`: measures everything in one run, prints the table and writes it to var/bench/ as JSON.

Variables: BENCH_SCALE (province, the default; slice, a tenth of it; tiny, to see that everything works), BENCH_ONLY (some
of casting, company, province, pages, documents; comma-separated).
"""

import json
import os
import platform
import signal
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from tests.postgres import ClusterError

from . import casting, children, report
from .databases import ENGINES, Databases, private_databases, size_of

PARTS = ("casting", "company", "province", "pages", "documents")
UNIT, WHOLE = "target_id, indicator_id", "indicator_id"


@dataclass(frozen=True)
class BenchScale:
    """How much is measured."""

    province: int  # units
    company: int  # units
    ballots: int  # of the company
    clients: tuple[int, ...]  # that cast at the same time
    requests: int  # in one round
    rounds: int  # of casting
    people: int  # at the meeting
    crowd: int  # at forty meetings at once
    slips: int  # in one document, and paper ballots
    seconds: float  # that the meeting has for submitting
    runs: int


SCALES = {
    "province": BenchScale(102_000, 412, 4378, (1, 8, 50), 200, 21, 500, 2000, 1000, 60, 3),
    "slice": BenchScale(10_200, 412, 4378, (1, 8, 50), 200, 21, 500, 2000, 1000, 60, 3),
    "tiny": BenchScale(20, 6, 60, (2,), 8, 1, 5, 40, 30, 1, 1),
}


def measure_parts(scale: BenchScale, parts: tuple[str, ...], engines: tuple[str, ...] = ENGINES) -> dict:
    """Everything that was asked for, engine by engine."""
    measured = {"scale": vars(scale), "machine": machine(), "engines": {}}
    for engine in engines:
        of_engine = measured["engines"][engine] = {}
        for part in parts:
            if part in ("pages", "documents") and engine != engines[0]:
                continue  # the same queries, and the company runs on SQLite
            print(f"── {report.ENGINES[engine]}　{report.PARTS[part]}……", file=sys.stderr, flush=True)
            started = time.monotonic()
            with private_databases(engine) as databases:
                of_engine[part] = MEASURES[part](databases, scale)
            of_engine[part]["took_seconds"] = round(time.monotonic() - started, 1)
    measured["machine"]["load_average_after"] = load_average()
    return measured


def machine() -> dict:
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": load_average(),
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def load_average() -> list[float]:
    return [round(load, 2) for load in os.getloadavg()]


def measure_casting(databases: Databases, scale: BenchScale) -> dict:
    return casting.measure_casts(
        databases,
        clients=scale.clients,
        requests=scale.requests,
        rounds=scale.rounds,
        people=scale.people,
        crowd=scale.crowd,
        seconds=scale.seconds,
    )


def measure_company(databases: Databases, scale: BenchScale) -> dict:
    closed = databases.create("closed")
    children.run_in_child("bench.company:close_polls", closed, units=scale.company, ballots=scale.ballots)
    sealed, bare = [], []
    for run in range(scale.runs):
        sealed.append(children.run_in_child("bench.company:seal_company", databases.copy("closed", f"sealed{run}")))
        copy = databases.copy("closed", f"bare{run}")
        bare.append(children.run_in_child("bench.company:seal_bare", copy, sealed=databases.url("sealed0")))
    url = databases.url("sealed0")
    recount = children.run_in_child("bench.company:recount_company", url)
    answers = children.run_in_child("bench.company:write_answers", url)["answers"]
    return {
        "seal": {
            "seconds": median(run["seconds"] for run in sealed),
            "bare_seconds": median(run["seconds"] for run in bare),
            "polls": sealed[0]["sealed"],
            "runs": sealed,
        },
        "recount": recount,
        "ballots": scale.ballots,
        "answers": answers,
        "sizes": sizes(url),
        **counts(url, scale.runs),
    }


def measure_province(databases: Databases, scale: BenchScale) -> dict:
    url = databases.create("province")
    generated = children.run_in_child("bench.province:generate", url, units=scale.province)
    measured = {"generated": generated, "answers": generated["answers"], "sizes": sizes(url), **counts(url, scale.runs)}
    tasks = {"recount": ("bench.province:recount_whole", {}), "read_whole": ("bench.counts:read_whole", {})}
    return measured | in_turn(url, tasks, scale.runs)


def counts(url: str, rounds: int) -> dict:
    """The same counts by three roads, each in a process of its own; reading is done once before, so that all is warm."""
    children.run_in_child("bench.counts:read_boxes", url)
    return in_turn(
        url,
        {
            "read": ("bench.counts:read_boxes", {}),
            "count_units": ("bench.counts:count_units", {}),
            "count_total": ("bench.counts:count_whole", {}),
            "group_units": ("bench.counts:group_by", {"columns": UNIT}),
            "group_total": ("bench.counts:group_by", {"columns": WHOLE}),
        },
        rounds,
    )


def in_turn(url: str, tasks: dict[str, tuple[str, dict]], rounds: int) -> dict:
    """Each task as often as the others and between them, so that a busy moment meets all; of each the fastest run."""
    runs: dict[str, list[dict]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, (task, arguments) in tasks.items():
            runs[name].append(children.run_in_child(task, url, **arguments))
    return {
        name: min(of_task, key=lambda run: run["seconds"]) | {"runs": [run["seconds"] for run in of_task]}
        for name, of_task in runs.items()
    }


def sizes(url: str) -> dict[str, int]:
    tables = {"boxes": "ballots_sealedbox", "tally_rows": "ballots_tallyrow", "answers": "answer"}
    return {name: size_of(url, table) for name, table in tables.items()}


def measure_pages(databases: Databases, scale: BenchScale) -> dict:
    url = databases.create("pages")
    children.run_in_child("bench.pages:prepare_units", url, small=3, large=scale.company)
    return children.run_in_child("bench.pages:measure_requests", url, runs=scale.runs)


def measure_documents(databases: Databases, scale: BenchScale) -> dict:
    url = databases.create("documents")
    children.run_in_child("bench.documents:prepare_company", url, units=scale.company, ballots=scale.ballots)
    return {
        "slips": children.run_in_child("bench.documents:measure_slips", url, count=scale.slips),
        "paper": children.run_in_child("bench.documents:measure_paper", url, count=scale.slips),
        "summary": children.run_in_child("bench.documents:measure_summary", url, runs=max(scale.runs, 3)),
        "whole": children.run_in_child("bench.documents:measure_whole", url),
        "export": children.run_in_child("bench.documents:export_summaries", url),
    }


MEASURES = {
    "casting": measure_casting,
    "company": measure_company,
    "province": measure_province,
    "pages": measure_pages,
    "documents": measure_documents,
}


def main() -> int:
    name = os.environ.get("BENCH_SCALE") or "province"
    only = [part for part in os.environ.get("BENCH_ONLY", "").split(",") if part] or list(PARTS)
    if name not in SCALES or not set(only) <= set(PARTS):
        print(
            f"BENCH_SCALE 应为 {'、'.join(SCALES)} 之一，BENCH_ONLY 应为 {'、'.join(PARTS)} 中的几个。", file=sys.stderr
        )
        return 2
    started = time.monotonic()
    try:
        measured = measure_parts(SCALES[name], tuple(part for part in PARTS if part in only))
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    measured |= {"scale_name": name, "took_seconds": round(time.monotonic() - started), "goals": []}
    measured["goals"] = report.goals(measured)
    folder = Path(os.environ.get("PINGYI_VAR", children.ROOT / "var")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now():%Y%m%d-%H%M%S}-{name}.json"
    path.write_text(json.dumps(measured, ensure_ascii=False, indent=1), encoding="utf-8")
    print(report.text(measured))
    print(f"\n全部数字：{path}　　用时 {measured['took_seconds']} 秒")
    return 0


if __name__ == "__main__":
    # A termination must unwind like an interrupt, or servers outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
