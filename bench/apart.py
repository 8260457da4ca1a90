"""`make bench-apart`: several web servers, tables split by poll, a replica and two provinces, on this machine's own clusters.

Everything that docs/scale_out.md calls tried is tried here. Variables: APART_CASTS (ballots a rush, 1600), APART_PARTS (parts of a table, 16),
APART_ROUNDS (3), APART_ONLY (a word of a function here, replica).
"""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import psycopg2

from tests import postgres

from . import casting, children, splitting
from .databases import DURABLE, Databases, connect
from .report import table_lines
from .servers import serving

CASTS, PARTS = int(os.environ.get("APART_CASTS", "1600")), int(os.environ.get("APART_PARTS", "16"))
ROUNDS = int(os.environ.get("APART_ROUNDS", "3"))
CLIENTS, MEETINGS = 8, 20
STREAMING = DURABLE | {
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "max_connections": "100",
}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|data-token="[^"]*"')
TICKS = os.sysconf("SC_CLK_TCK")


class Cluster:
    """A private cluster that may be followed by others."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir=postgres.SHORT_FOLDER))
        self.server = None

    def begin(self) -> "Cluster":
        postgres.initialize(self.folder)
        return self.start(STREAMING)

    def follow(self, primary: "Cluster") -> "Cluster":
        """Begin as a copy of a running cluster that takes over whatever is committed there."""
        os.chown(self.folder, *(postgres.account().get(name, -1) for name in ("user", "group")))
        copying = [postgres.program("pg_basebackup"), "-h", primary.folder, "-U", postgres.ACCOUNT]
        copying += ["-D", self.folder / "data", "-R", "-X", "stream", "-c", "fast"]
        subprocess.run(copying, check=True, capture_output=True, cwd=self.folder, **postgres.account())
        return self.start(STREAMING)

    def start(self, settings: dict[str, str]) -> "Cluster":
        self.server = postgres.start(self.folder, postgres.SETTINGS | settings)
        return self

    @property
    def databases(self) -> Databases:
        return Databases("postgresql", postgres.url(self.folder))

    def remove(self) -> None:
        postgres.stop(self.server)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def clusters(number: int) -> Iterator[list[Cluster]]:
    """So many clusters, not begun; gone afterwards whatever happened."""
    made = [Cluster() for _ in range(number)]
    try:
        yield made
    finally:
        for cluster in reversed(made):
            cluster.remove()


def ask(url: str, statement: str, *values):
    """The first row of a statement's answer, outside any transaction; None where it has none."""
    with closing(connect(url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


def processor_seconds() -> dict[str, float]:
    """Seconds of processor by program, of everything that this process started and that its servers waited for."""
    parents, told = {}, {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (path / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        parents[int(path.name)] = int(fields[1])
        told[int(path.name)] = name, sum(map(int, fields[11:15])) / TICKS
    seconds = {"postgres": 0.0, "web": 0.0}
    for pid, (name, own) in told.items():
        if _descends(pid, os.getpid(), parents):
            seconds["postgres" if name.startswith("postgres") else "web"] += own
    return seconds


def _descends(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != ancestor:
        pid = parents[pid]
    return pid == ancestor


def rush_through(url: str, ports: list[int], batches: list[int]) -> dict:
    """Cast so many ballots through several web servers at once; ballots a second, milliseconds of processor for each."""
    ready = children.run_in_child("bench.orders:submissions", url, batches=batches, count=CASTS)["requests"]
    shares = [ready[place :: len(ports)] for place in range(len(ports))]
    before, begun = processor_seconds(), time.perf_counter()
    clients = [_client(port, share, CLIENTS // len(ports)) for port, share in zip(ports, shares, strict=True)]
    answers = [json.loads(client.communicate()[0]) for client in clients]
    seconds, after = time.perf_counter() - begun, processor_seconds()
    return {
        "failed": sum(answer["failed"] for answer in answers),
        "sent": sum(answer["sent"] for answer in answers),
        "a_second": CASTS / seconds,
        **{name: 1000 * (after[name] - before[name]) / CASTS for name in after},
    }


def _client(port: int, requests: list[str], clients: int) -> subprocess.Popen:
    client = subprocess.Popen(
        [sys.executable, "-m", "bench.client"],
        cwd=children.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    orders = {"deed": "rush", "port": port, "clients": clients, "requests": requests, "expected": 302}
    client.stdin.write(json.dumps(orders))
    client.stdin.close()
    client.stdin = None
    return client


def measure_webs_and_parts(folder: Path) -> Iterator[tuple]:
    """Casts through one and two web servers, into whole tables and into tables split by poll, turn by turn."""
    yield "表", "网页服务", "每秒票数", "网页服务毫秒/票", "数据库毫秒/票", "失败", "收下", "票库"
    with clusters(1) as (cluster,), ExitStack() as stack:
        databases = cluster.begin().databases
        whole = databases.create("whole")
        batches = children.run_in_child("bench.orders:open_meetings", whole, meetings=MEETINGS)["batches"]
        split = databases.copy("whole", "split")
        splitting.split_tables(split, parts=PARTS)
        loads = []
        for name, url in (("整张", whole), (f"{PARTS}个分区", split)):
            ports = [stack.enter_context(_machine(url, folder / f"{name}{number}")) for number in range(2)]
            loads += [(name, url, ports[:1]), (name, url, ports)]
        rounds = [[rush_through(url, ports, batches) for _, url, ports in loads] for _ in range(1 + ROUNDS)]
        for place, (name, url, ports) in enumerate(loads):
            runs = sorted((turn[place] for turn in rounds[1:]), key=lambda run: run["web"] + run["postgres"])
            best = runs[0]
            # Of both loads of a database: they fill the same tables.
            sent = sum(
                turn[other]["sent"] - turn[other]["failed"]
                for turn in rounds
                for other in (place - place % 2, place - place % 2 + 1)
            )
            figures = (f"{best['a_second']:.0f}", f"{best['web']:.2f}", f"{best['postgres']:.2f}")
            yield name, len(ports), *figures, sum(run["failed"] for run in runs), sent, casting.count_ballots(url)


@contextmanager
def _machine(url: str, folder: Path) -> Iterator[int]:
    """A web server with files of its own, as on a machine of its own; yields its port."""
    (folder / "static").mkdir(parents=True)
    for name in ("fonts", "vendor"):
        (folder / name).symlink_to((children.ROOT / "var" / name).resolve())
    with serving(url, PINGYI_VAR=str(folder), PINGYI_HOSTS="127.0.0.1") as server:
        yield server.port


def measure_seal() -> Iterator[tuple]:
    """The same seal of a company on whole tables and on split ones."""
    yield "表", "封存的评议点", "秒", "其中本进程处理器秒", "查询", "痕迹", "重新计票不一致"
    with clusters(1) as (cluster,):
        databases = cluster.begin().databases
        whole = databases.create("whole")
        children.run_in_child("bench.company:close_polls", whole, units=100, ballots=1000)
        split = databases.copy("whole", "split")
        splitting.split_tables(split, parts=PARTS)
        for name, url in (("整张", whole), (f"{PARTS}个分区", split)):
            sealed = children.run_in_child("bench.company:seal_company", url)
            recounted = children.run_in_child("bench.company:recount_company", url)
            erased = ask(url, "SELECT count(*) FROM campaigns_poll WHERE erased_at IS NULL")[0]
            yield (
                *(
                    name,
                    sealed["sealed"],
                    f"{sealed['seconds']:.2f}",
                    f"{sealed['cpu_seconds']:.2f}",
                    sealed["queries"],
                ),
                "已清除" if not erased else f"{erased}个等待",
                recounted["problems"],
            )


def measure_parts_looked_at() -> Iterator[tuple]:
    """How many parts of a split table the statement of a cast looks at."""
    yield "语句", "表", "分区", "看了的分区"
    with clusters(1) as (cluster,):
        url = cluster.begin().databases.create("split")
        batches = children.run_in_child("bench.orders:open_meetings", url, meetings=4)["batches"]
        splitting.split_tables(url, parts=PARTS)
        looked = children.run_in_child("bench.offices:parts_looked_at", url, batch=batches[0])["looked"]
        yield "cast_by_slip", "ballots_code", PARTS, looked


PAGES = {"首页": "/", "各单位进度": "/campaigns/{campaign}/desk/", "排名": "/campaigns/{campaign}/ranking/"}


def measure_replica(folder: Path) -> Iterator[tuple]:
    """An officer's pages from the primary and from a replica: as it streams, while it lags, and after it caught up."""
    yield "副本", "页面", "与主库一字不差", "落后（字节）"
    with clusters(2) as (primary, replica), ExitStack() as stack:
        url = primary.begin().databases.create("office")
        known = children.run_in_child("bench.offices:half_sealed", url, units=12, ballots=120)
        there = replica.follow(primary).databases.url("office")
        ports = [stack.enter_context(_machine(where, folder / name)) for where, name in ((url, "p"), (there, "r"))]
        _wait_for_replay(url, there)
        yield from _compared("跟上", ports, known, url, there)
        ask(there, "SELECT pg_wal_replay_pause()")
        children.run_in_child("bench.offices:seal_rest", url)
        yield from _compared("停在封存以前", ports, known, url, there)
        ask(there, "SELECT pg_wal_replay_resume()")
        _wait_for_replay(url, there)
        yield from _compared("又跟上", ports, known, url, there)
        yield "在副本上提交登录", "/login/", _post_login(ports[1]), ""


def _compared(state: str, ports: list[int], known: dict, url: str, there: str) -> Iterator[tuple]:
    for name, path in PAGES.items():
        bodies = [_page(port, path.format(**known), known["session"]) for port in ports]
        yield state, name, "是" if bodies[0] == bodies[1] else "否", _behind(url, there)


def _page(port: int, path: str, session: str) -> bytes:
    """The page that an officer sees, but for what differs from one look to the next."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("GET", path, headers={"Cookie": f"sessionid={session}"})
    answer = client.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return TOKEN.sub(b"", answer.read())


def _post_login(port: int) -> int:
    """The status of a sign-in that is posted to a server whose database only reads."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("GET", "/login/")
    page = client.getresponse()
    cookie, text = page.getheader("Set-Cookie").partition(";")[0], page.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[1]
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    client.request("POST", "/login/", f"csrfmiddlewaretoken={token}&username=officer&password=x", headers)
    return client.getresponse().status


def _behind(url: str, there: str) -> int:
    (written,) = ask(url, "SELECT pg_current_wal_lsn()::text")
    (behind,) = ask(there, "SELECT pg_wal_lsn_diff(%s, pg_last_wal_replay_lsn())", written)
    return max(0, int(behind))


def _wait_for_replay(url: str, there: str) -> None:
    """Return when the replica shows all; a question that stands in the way of what it takes over is cut off, and asked again."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(psycopg2.OperationalError):
            if not _behind(url, there):
                return
        time.sleep(0.1)


def measure_acknowledged() -> Iterator[tuple]:
    """Casting while commits wait for nobody, for the primary's disk, and for a replica that shows them (remote_apply)."""
    yield "提交等到", "每秒票数", "网页服务毫秒/票", "数据库毫秒/票", "失败"
    with clusters(2) as (primary, replica), tempfile.TemporaryDirectory() as folder:
        url = primary.begin().databases.create("casting")
        batches = children.run_in_child("bench.orders:open_meetings", url, meetings=MEETINGS)["batches"]
        replica.follow(primary)
        with _machine(url, Path(folder) / "web") as port:
            for name, setting in (("主库的磁盘", "on"), ("副本的磁盘", "on"), ("副本上看得见", "remote_apply")):
                names = "''" if name == "主库的磁盘" else "'*'"
                ask(url, f"ALTER SYSTEM SET synchronous_standby_names = {names}")
                ask(url, f"ALTER SYSTEM SET synchronous_commit = {setting}")
                ask(url, "SELECT pg_reload_conf()")
                runs = [rush_through(url, [port], batches) for _ in range(ROUNDS)]
                best = min(runs, key=lambda run: run["web"] + run["postgres"])
                yield name, f"{best['a_second']:.0f}", f"{best['web']:.2f}", f"{best['postgres']:.2f}", best["failed"]


def measure_provinces() -> Iterator[tuple]:
    """Two provinces, each with a database of its own, and a third that adds them up through postgres_fdw."""
    yield "汇总", "计票结果的行", "毫秒", "与各省之和一致"
    with clusters(3) as (first, second, nation):
        urls = []
        for number, cluster in enumerate((first, second)):
            url = cluster.begin().databases.create("province")
            children.run_in_child(
                "bench.company:close_polls", url, units=100 + 50 * number, ballots=1000 + 500 * number
            )
            children.run_in_child("bench.company:seal_company", url)
            ask(url, "ANALYZE")
            urls.append(url)
        top = nation.begin().databases.create("nation")
        splitting.join_provinces(top, [cluster.folder for cluster in (first, second)])
        own = [splitting.sums(url, "ballots_tallyrow") for url in urls]
        began = time.perf_counter()
        together = splitting.sums(top, "tallyrow")
        yield (
            *("两省合计", together[0], f"{1000 * (time.perf_counter() - began):.1f}"),
            "是" if together == tuple(map(sum, zip(*own, strict=True))) else "否",
        )
        yield "各省先加（计划里的 Foreign Scan）", splitting.foreign_sums(top), "", ""


def measure_bytes() -> Iterator[tuple]:
    """The bytes of a poll and of a ballot on disk, step by step."""
    units, ballots = 100, 1000
    yield "到哪一步", "比上一步多（字节）", "每个评议点", "每张票"
    with clusters(1) as (cluster,):
        url = cluster.begin().databases.create("weighed")
        weighed = children.run_in_child("bench.offices:weigh", url, units=units, ballots=ballots)
        before = None
        for step, sizes in weighed["steps"].items():
            total = sum(sizes.values())
            if before is not None:
                yield step, total - before, round((total - before) / units), round((total - before) / ballots)
            before = total
        yield "预写日志，一张票", weighed["log_of_a_cast"], "", weighed["log_of_a_cast"]


MEASURES = {
    "几个网页服务，整张的表和分区的表：投票（几轮中处理器时间最少的一轮）": measure_webs_and_parts,
    "一条投票语句看几个分区": measure_parts_looked_at,
    "封存": measure_seal,
    "副本上的上级页面": measure_replica,
    "提交等到哪里": measure_acknowledged,
    "几个省各自的库": measure_provinces,
    "一个评议点、一张票有多大": measure_bytes,
}


def main() -> int:
    only = os.environ.get("APART_ONLY", "")
    try:
        for title, measure in MEASURES.items():
            if only in measure.__name__:
                with tempfile.TemporaryDirectory(prefix="apart") as folder:
                    takes_folder = measure in (measure_webs_and_parts, measure_replica)
                    rows = list(measure(Path(folder)) if takes_folder else measure())
                print("\n".join(table_lines(title, rows)), flush=True)
    except postgres.ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    # A termination must unwind like an interrupt, or servers outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
