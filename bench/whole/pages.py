"""Every route that is opened with GET, as a visitor: the processor time of the request and of the database, queries, memory.

The processor time is counted, not the clock, so that other work on the machine does not show.
"""

import logging
import re
import signal
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, Poll
from pingyi.heartbeat import beat
from reports.models import KeptSums
from reports.results.ahead import adding_ahead
from tests.permissions.table import patterns

from .accounts import province_keys
from .visitors import ADDED_AHEAD, MANY_SEALS, NOTHING_KEPT, ONE_MORE_SEAL, SCATTERED_SEALS, VISITORS

RUNS = 1
# A page that takes longer is given up, and counted as so long.
SECONDS_AT_MOST = 60
# Polls that are sealed at once.
SEALS = 500
# Once is enough of a page that takes so long.
A_LOT = 0.8
# Pages of machines and of whoever is not signed in.
NOT_OPENED = {"logout", "login", "healthz", "readyz", "metrics"}
SEARCHED = "第00"
FILES = re.compile(r"pdf|docx|workbook|archive|kit|feedback|registration|count_sheet|calendar|export$|template|tally")
LINK = re.compile(r'href="(\?[^"]*)"')


class PageGivenUp(Exception):
    """A page was given up."""


def open_pages(url: str, username: str, small: list[dict], files: bool = True) -> dict:
    """Every page that a visitor can open, and every file unless those are left out: what each cost."""
    logging.disable(logging.CRITICAL)  # of pages that are not there
    beat()  # a worker stands by
    level = next(level for name, _, level, _ in VISITORS if name == username)
    whole = province_keys(level)
    client = _client(username)
    rows = []
    routes = {(name, arguments) for name, arguments in patterns() if name not in NOT_OPENED}
    for name, arguments in sorted(route for route in routes if files or not FILES.search(route[0])):
        rows += _open_route(client, name, arguments, whole, small)
    return {"pages": rows}


def open_unkept(url: str) -> dict:
    """The pages that add up the whole province: what each costs while nothing is kept of it, and after more seals."""
    keys = province_keys("province")
    client = _client("province-officer")
    rows = []
    for about, name in (
        (about, name) for about in keys[:2] for name in ("home", "campaign_results", "ranking", "desk")
    ):
        KeptSums.objects.all().delete()
        campaign = Campaign.objects.get(pk=about.keys["campaign_id"])
        address = reverse(f"reports:{name}", args=[] if name == "home" else [campaign.pk])
        _asked(client, reverse("campaigns:own_account"))  # templates and the session
        for after in (NOTHING_KEPT, ONE_MORE_SEAL, MANY_SEALS, SCATTERED_SEALS, ADDED_AHEAD):
            if after != NOTHING_KEPT:
                _seal_again(client, address, _chosen(campaign, after))
            if after == ADDED_AHEAD:
                deque(adding_ahead(campaign), maxlen=0)
            run = _in_ms(_asked(client, address))
            rows.append({"page": f"reports:{name}", "about": about.title, "after": after, **run})
    return {"unkept": rows}


def _chosen(campaign: Campaign, after: str) -> list[int]:
    """The sealed polls of which one is to be the last, or five hundred beside each other or far from each other."""
    keys = list(campaign.polls.sealed().order_by("-path").values_list("pk", flat=True))
    if after in (SCATTERED_SEALS, ADDED_AHEAD):
        return keys[:: max(1, len(keys) // SEALS)][:SEALS]
    return keys[: SEALS if after == MANY_SEALS else 1]


def _seal_again(client: Client, address: str, keys: list[int]) -> None:
    """Sums are kept as they were before the polls were sealed; then they are sealed."""
    polls = Poll.objects.filter(pk__in=keys)
    polls.update(state=Poll.State.CLOSED, sealed_at=None, erased_at=None)
    _asked(client, address)
    polls.update(state=Poll.State.SEALED, sealed_at=timezone.now(), erased_at=timezone.now())


def _in_ms(run: dict) -> dict:
    return {
        "ms": round(1000 * run["seconds"], 1),
        "database_ms": round(1000 * run["database"], 1),
        "queries": run["queries"],
    }


def _client(username: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {1000 * SECONDS_AT_MOST}")
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # whose processor time is not seen
    return client


def _open_route(client: Client, name: str, arguments: tuple[str, ...], whole, small: list[dict]) -> list[dict]:
    """The page about each of the province's campaigns; where it is about none of them, about the first small world that has it."""
    rows, seen = [], set()
    worlds = [(keys.title, keys.keys) for keys in whole] + [("小范围", keys) for keys in small]
    for title, keys in worlds:
        if title == "小范围" and rows:
            break
        known = (small[0] if small else {}) | keys if title != "小范围" else keys
        if not set(arguments) <= known.keys():
            continue
        address = reverse(name, kwargs={argument: known[argument] for argument in arguments})
        if address in seen:
            continue
        seen.add(address)
        if row := _measured(client, address):
            of_list = row.pop("links")
            rows.append({"page": name, "about": title if arguments else "", "query": "", **row})
            for query in of_list:
                if further := _measured(client, address + query):
                    further.pop("links")
                    rows.append({"page": name, "about": title if arguments else "", "query": query, **further})
    return rows


def _measured(client: Client, address: str) -> dict | None:
    """None where the visitor does not get the page."""
    runs = []
    for _ in range(1 + RUNS):  # the first fills the caches of templates
        run = _asked(client, address)
        if run["status"] not in (200, 500, 504):
            return None
        runs.append(run)
        if run["seconds"] > A_LOT or run["status"] != 200:
            break
    measured = runs[1:] or runs
    last = runs[-1]
    return {
        "status": last["status"],
        "ms": round(1000 * median(run["seconds"] for run in measured), 1),
        "database_ms": round(1000 * median(run["database"] for run in measured), 1),
        "wall_ms": round(1000 * median(run["wall"] for run in measured), 1),
        "queries": last["queries"],
        "rows": last["rows"],
        "kilobytes": last["kilobytes"],
        "peak_mb": max(run["peak_mb"] for run in runs),
        "slowest": last["slowest"],
        "links": last["links"],
    }


def _asked(client: Client, address: str) -> dict:
    asked, slowest = Counter(), ["", 0.0]

    def count(execute, sql, parameters, many, context):
        asked["queries"] += not sql.startswith(("SAVEPOINT", "RELEASE"))
        started = time.perf_counter()
        result = execute(sql, parameters, many, context)
        asked["rows"] += max(context["cursor"].rowcount, 0)
        if (took := time.perf_counter() - started) > slowest[1]:
            slowest[:] = [sql[:4000], took]
        return result

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    _forget_peak()
    wall, own, database = time.perf_counter(), time.process_time(), worked(backend)
    status, content = 504, b""
    with _given_up(), connection.execute_wrapper(count):
        response = client.get(address)
        content = b"".join(response)
        status = response.status_code
    database = worked(backend) - database
    own = time.process_time() - own
    if status == 504 and connection.connection is not None:
        connection.rollback() if connection.in_atomic_block else None
    return {
        "status": status,
        "seconds": own + database,
        "database": database,
        "wall": time.perf_counter() - wall,
        "queries": asked["queries"],
        "rows": asked["rows"],
        "kilobytes": round(len(content) / 1000, 1),
        "peak_mb": _peak(),
        "slowest": f"{1000 * slowest[1]:.0f} ms {slowest[0]}",
        "links": _links(content) if "?" not in address else [],
    }


def _links(content: bytes) -> list[str]:
    """The same list otherwise: sorted by its first head, its last page, searched."""
    if not content.lstrip().startswith(b"<!"):
        return []
    text = content.decode()
    links = [link.replace("&amp;", "&") for link in LINK.findall(text)]
    chosen = [link for link in links if "sort=" in link][:1]
    if any("page=" in link for link in links):
        chosen.append("?page=999999")
    if 'name="q"' in text:
        chosen.append(f"?q={SEARCHED}")
    return chosen


@contextmanager
def _given_up() -> Iterator[None]:
    """End what is done in Python after the time that a page may take; a statement ends by the database's own limit."""

    def end(*_):
        raise PageGivenUp

    # The processor time of this process alone: another program may keep the processors meanwhile.
    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_AT_MOST)
    try:
        with suppress(PageGivenUp, OperationalError):
            yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def worked(process: int) -> float:
    """Seconds that the database's process for this connection has been on a processor."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def _forget_peak() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """The most memory since `_forget_peak`, in MB."""
    status = Path("/proc/self/status").read_text()
    return round(int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6, 1)
