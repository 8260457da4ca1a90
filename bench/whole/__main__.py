"""`make bench-province`: a province on PostgreSQL, every page of it, and the deeds of a county; prints tables in Chinese.

Variables: BENCH_SCALE (province, the default: 1,000, 10,000 and 102,000 units; slice, the first two; tiny, to see that
everything works); BENCH_FILES=1 draws the files too.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tests.postgres import ClusterError, private_cluster

from .. import children
from ..databases import Databases
from .telling import tell
from .visitors import USERNAMES

SCALES = {"province": (1_000, 10_000, 102_000), "slice": (1_000, 10_000), "tiny": (60,)}
# Pages read: a power cut may take the data, and the rest is as a server has it.
SETTINGS = {"max_wal_size": "4GB", "wal_level": "minimal", "max_wal_senders": "0", "jit": "on"}
COUNTY_UNITS, MEETINGS = 500, 2_000


def measure_size(
    databases: Databases, units: int, *, files: bool, usernames: Sequence[str] = USERNAMES, keeps: bool = False
) -> dict:
    """A province of so many units: its amounts, pages and deeds. The database is dropped afterwards, unless it is to be kept."""
    url = databases.create(f"province{units}")
    amounts: dict = {}
    for task in ("tree:plant", "campaigns:hold", "aftermath:follow_up"):
        arguments = {"units": units} if task == "tree:plant" else {}
        amounts |= _run(task, url, **arguments)
    amounts["units"] = units
    small = _run("accounts:place", url)["small"]
    pages = {
        username: _run("pages:open_pages", url, username=username, small=small, files=files)["pages"]
        for username in usernames
    }
    unkept = _run("pages:open_unkept", url)["unkept"]
    deeds = _run("deeds:do_deeds", url, units=min(COUNTY_UNITS, units), meetings=min(MEETINGS, units))["deeds"]
    if not keeps:
        databases.drop(f"province{units}")
    return {"amounts": amounts, "pages": pages, "unkept": unkept, "deeds": deeds}


def _run(task: str, url: str, **arguments) -> dict:
    print(f"── {datetime.now():%H:%M:%S} {task} {arguments.get('username', '')}", file=sys.stderr, flush=True)
    return children.run_in_child(f"bench.whole.{task}", url, **arguments)


def main() -> int:
    name = os.environ.get("BENCH_SCALE") or "province"
    if name not in SCALES:
        print(f"BENCH_SCALE 应为 {'、'.join(SCALES)} 之一。", file=sys.stderr)
        return 2
    started = time.monotonic()
    sizes = []
    try:
        with private_cluster(**SETTINGS) as url:
            for units in SCALES[name]:
                databases = Databases("postgresql", url)
                sizes.append(measure_size(databases, units, files=os.environ.get("BENCH_FILES") == "1"))
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    folder = Path(os.environ.get("PINGYI_VAR", children.ROOT / "var")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now():%Y%m%d-%H%M%S}-province-{name}.json"
    path.write_text(json.dumps(sizes, ensure_ascii=False, indent=1), encoding="utf-8")
    print(tell(sizes))
    print(f"\n全部数字：{path}　　用时 {time.monotonic() - started:.0f} 秒")
    return 0


if __name__ == "__main__":
    # A termination must unwind like an interrupt, or servers outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
