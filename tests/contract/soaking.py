"""A load of many minutes: phones that vote again and again, secretaries at their pages, exports; and its outcome.

Nothing is measured here that a slower machine would fail: how many requests were answered and how, how much memory the
server and the worker held, and which ballots were acknowledged.
"""

import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from statistics import median

from ballots import actions as ballot_actions
from ballots.counting import sealing
from bench.memory import proportional_set
from campaigns import actions
from campaigns.models import Campaign, Poll
from tests.factories import PASSWORD, close_poll, enter_ballots, make_batch, make_campaign, make_organization

from .browsers import Desk, Phone, is_taken
from .meetings import different_marks, make_meeting
from .servers import ROOT, server_environment, wait_for

# However it is asked for, a machine is not loaded with more, nor longer. There are 16,384 different ballots.
MOST_PHONES, MOST_MINUTES, MOST_BALLOTS = 1000, 60, 16_000
SECONDS_A_ROUND = 60
SECRETARIES, BRANCHES = 2, 4
SECONDS_BETWEEN_LOOKS = 0.5
# A program may hold so much more in the last third of a load than in the third before. The first third, and a load of
# less than some minutes, belongs to modules and files that are read once.
MORE_BY, MORE_MB, MINUTES_TO_WARM = 0.1, 16, 2


class OutOfBounds(Exception):
    """A load that is too large, too long, or no number."""


@dataclass(frozen=True)
class SoakSize:
    """How many phones vote at the same time, and for how long."""

    phones: int
    minutes: float

    @classmethod
    def of_environment(cls, *, phones: int, minutes: float) -> "SoakSize":
        """The size in SOAK_PHONES and SOAK_MINUTES, or else the given one; raises OutOfBounds."""
        try:
            size = cls(int(os.environ.get("SOAK_PHONES", phones)), float(os.environ.get("SOAK_MINUTES", minutes)))
        except ValueError as error:
            raise OutOfBounds("SOAK_PHONES 是整数，SOAK_MINUTES 是分钟数。") from error
        if not (1 <= size.phones <= MOST_PHONES and 0 < size.minutes <= MOST_MINUTES):
            raise OutOfBounds(f"SOAK_PHONES 从1到{MOST_PHONES}，SOAK_MINUTES 至多{MOST_MINUTES}。")
        return size

    @property
    def seconds(self) -> float:
        return self.minutes * 60

    @property
    def rounds(self) -> int:
        """How often a phone votes at most, each time with another slip."""
        wanted = max(2, round(self.seconds / SECONDS_A_ROUND))
        return max(1, min(wanted, MOST_BALLOTS // self.phones))


@dataclass
class Answers:
    """All answers of one kind of client: how often which status came, and how long each took."""

    statuses: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, status, seconds):
        with self._lock:
            self.statuses[status] += 1
            self.seconds.append(seconds)

    @property
    def faults(self):
        """Server errors, and requests that had no answer."""
        return sum(count for status, count in self.statuses.items() if status == "none" or status >= 500)

    def percentile(self, percent):
        """Seconds that so many of 100 answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0


class _Noted:
    """A browser that notes every answer."""

    answers: Answers

    def _ask(self, method, path, body=None):
        started, status = time.monotonic(), "none"
        try:
            answer = super()._ask(method, path, body)
            status = answer.status
            return answer
        finally:
            self.answers.note(status, time.monotonic() - started)


class NotedPhone(_Noted, Phone):
    pass


class NotedDesk(_Noted, Desk):
    pass


@dataclass
class SoakOutcome:
    """The result of a load: answers by kind of client, the memory of each program in MB, the marks that were acknowledged."""

    size: SoakSize
    answers: dict[str, Answers]
    memory: dict[str, list[float]]
    acknowledged: list[str]
    exports: int
    problems: list[str]

    @property
    def grown(self) -> dict[str, float]:
        """The programs whose memory was not flat, and by how many MB; too short a load tells nothing."""
        if self.size.minutes < MINUTES_TO_WARM:
            return {}
        return {name: more for name, readings in self.memory.items() if (more := growth(readings))}

    def table(self) -> str:
        """Everything in lines for a terminal."""
        lines = [
            f"手机 {self.size.phones} 部，{self.size.minutes:g} 分钟；收下的票 {len(self.acknowledged)} 张，"
            f"批量导出 {self.exports} 次",
            "请求　　　　　　次数　5xx或没有回答　　一半在　99%在　　状态",
        ]
        for name, answers in self.answers.items():
            statuses = " ".join(f"{status}×{count}" for status, count in sorted(answers.statuses.items(), key=str))
            lines.append(
                f"{name:　<6}{len(answers.seconds):>10}{answers.faults:>12}"
                f"{answers.percentile(50):>12.2f}s{answers.percentile(99):>7.2f}s　{statuses}"
            )
        for name, readings in self.memory.items():
            before, last = _thirds(readings)
            lines.append(
                f"{name:　<6}内存：中间三分之一 {before:.0f} MB，最后三分之一 {last:.0f} MB，最多 {max(readings):.0f} MB"
            )
        return "\n".join([*lines, *(f"问题：{problem}" for problem in self.problems)])


def _thirds(readings):
    """The medians of the second and the last third."""
    third = max(1, len(readings) // 3)
    return median(readings[third : 2 * third] or readings), median(readings[-third:])


def growth(readings) -> float:
    """MB by which a program holds more at the end than its memory may move; 0 where it is flat."""
    before, last = _thirds(readings)
    return max(0.0, last - before * (1 + MORE_BY) - MORE_MB)


class Soak:
    """A site under load: an open poll, and a sealed campaign of the same committee whose files are exported."""

    def __init__(self, site, size: SoakSize):
        self.site, self.size = site, size
        self.meeting = make_meeting(site, voters=size.phones * size.rounds)
        self.marks = different_marks(len(self.meeting.slips))
        with site.database():
            poll = Poll.objects.get(pk=self.meeting.poll_id)
            self.committee_id, self.campaign_id = poll.organization_id, poll.campaign_id
            sealed = _make_sealed_campaign(poll.organization)
            self.sealed_id, self.sealed_poll_id = sealed.pk, sealed.polls.first().pk
        self.answers = {name: Answers() for name in ("手机", "党务干事")}
        self.problems: list[str] = []
        self._acknowledged: list[str] = []
        self._exports = 0
        self._lock = threading.Lock()

    def run(self) -> SoakOutcome:
        """Let everybody do their part until the time is over; each ends what it has begun."""
        # The same account signs in once: three at the same moment would look like somebody who tries passwords.
        self._signed_in = self._desk()
        self._signed_in.log_in("secretary", PASSWORD)
        self._ends_at = time.monotonic() + self.size.seconds
        with self._working() as worker, self._watching(worker) as memory:
            deeds = [lambda place=place: self._vote(place) for place in range(self.size.phones)]
            deeds += [self._keep_desk] * SECRETARIES + [self._export]
            threads = [threading.Thread(target=self._try, args=(deed,), daemon=True) for deed in deeds]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return SoakOutcome(self.size, self.answers, memory, sorted(self._acknowledged), self._exports, self.problems)

    def _try(self, deed):
        try:
            deed()
        except (OSError, HTTPException, AssertionError, zipfile.BadZipFile) as problem:
            with self._lock:
                self.problems.append(f"{type(problem).__name__} {str(problem)[:300]}")

    @property
    def _is_over(self):
        return time.monotonic() > self._ends_at

    def _vote(self, place):
        """A phone: its slips one after the other, spread over the time that there is."""
        pause = self.size.seconds / self.size.rounds
        due = time.monotonic() + pause * place / self.size.phones
        for number in range(place, len(self.marks), self.size.phones):
            time.sleep(max(0.0, min(due, self._ends_at) - time.monotonic()))
            if self._is_over:
                return
            self._cast(self.meeting.slips[number], self.marks[number])
            due += pause

    def _cast(self, slip, marks):
        phone = NotedPhone(self.site.port)
        phone.answers = self.answers["手机"]
        phone.prepare(slip, marks)
        answer = phone.send()
        assert is_taken(answer), answer
        with self._lock:
            self._acknowledged.append(marks)
        phone.receipt(answer)

    def _desk(self):
        desk = NotedDesk(self.site.port)
        desk.answers = self.answers["党务干事"]
        return desk

    def _tab(self):
        """Another tab of the desk that signed in."""
        tab = self._desk()
        tab.cookies = dict(self._signed_in.cookies)
        return tab

    def _keep_desk(self):
        """The pages that a secretary has open during a meeting, and the files of the last one."""
        desk = self._tab()
        sealed = f"/campaigns/{self.sealed_id}"
        pages = (
            "/",
            f"/polls/{self.meeting.poll_id}/",
            f"/polls/{self.meeting.poll_id}/wall/",
            f"/campaigns/{self.campaign_id}/",
            f"/organizations/{self.committee_id}/",
            "/exports/",
            f"{sealed}/",
            f"{sealed}/results/",
            f"/polls/{self.sealed_poll_id}/results.pdf",
        )
        while not self._is_over:
            for page in pages:
                answer = desk.get(page)
                assert answer.status == 200, (page, answer.status, answer.location)
                time.sleep(0.2)

    def _export(self):
        """Ask for an export, wait until the worker has made it, fetch it; again and again, the last one to its end."""
        desk = self._tab()
        while not self._is_over:
            asked = desk.post(f"/campaigns/{self.sealed_id}/exports/", {"contents": "count-sheet.pdf"})
            assert asked.status == 302, asked.text
            wait_for(lambda at=asked.location: "data-active" not in desk.get(f"{at}?part=1").text, pause=0.5)
            file = desk.get(f"{asked.location}archive.zip")
            assert file.status == 200, (file.status, file.location)
            with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
                assert archive.testzip() is None
                assert len(archive.namelist()) == BRANCHES
            self._exports += 1

    @contextmanager
    def _working(self):
        """The worker beside the site's server, as `make run` starts it."""
        var = self.site.folder / "var"
        var.mkdir(exist_ok=True)
        if not (var / "fonts").exists():
            (var / "fonts").symlink_to(ROOT / "var" / "fonts")
        with self.site.log.open("ab") as output:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "work_exports"],
                cwd=ROOT,
                env=server_environment(self.site.url) | {"PINGYI_VAR": str(var)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            yield worker
        finally:
            worker.terminate()
            worker.wait()

    @contextmanager
    def _watching(self, worker):
        """The memory of the server with its processes, and of the worker with what it draws, read again and again."""
        processes = {"网页服务": self.site.pid, "后台程序": worker.pid}
        readings = {name: [proportional_set(pid) / 1000] for name, pid in processes.items()}
        over = threading.Event()

        def watch():
            while not over.wait(SECONDS_BETWEEN_LOOKS):
                for name, pid in processes.items():
                    readings[name].append(proportional_set(pid) / 1000)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield readings
        finally:
            over.set()
            watcher.join()


def _make_sealed_campaign(committee) -> Campaign:
    """A campaign of the committee's branches, sealed."""
    branches = [
        make_organization(f"第{number}党支部", parent=committee, kind="branch") for number in range(1, BRANCHES + 1)
    ]
    campaign = make_campaign(committee, title="上一次群众评议")
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        enter_ballots(make_batch(poll, method="entered"), {"11": 8, "12": 2})
        close_poll(poll)
        sealing.seal(poll, by=None)
    sealing.erase_traces()
    return campaign
