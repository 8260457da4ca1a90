"""The worker beside the web server: makes the exports that somebody asked for, removes what is old, clears what was kept
long enough, erases the traces of sealed ballots that had to wait, adds up large campaigns before anybody asks for it, and
lets other processes send notices, bring in long rosters and do long deeds.

It waits cheaply, as drawing is done by other processes; any number of workers may run, on any machine that reaches the
database and the exports' folder. A worker that is told to end hands back what it was at; one that is killed is missed
after a minute, and the next one goes on with the files that are there.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from threading import Event

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone

from ballots.counting import sealing
from campaigns import uploads
from campaigns.long_deeds import forget_ended_deeds, is_any_deed_waiting
from campaigns.roster.queue import end_old_imports, is_any_waiting
from pingyi.heartbeat import beat
from pingyi.trouble import trouble_of

from ...backups import envelope
from ...backups.at_seal import SealBackups
from ...exports import archives
from ...exports.queue import Lost, claim_export, fail_export, hand_back_export, keep_alive
from ...models import Export, Notice
from ...notices.hours import is_time_to_plan
from ...results.ahead import AddedAhead
from ...retention.clearing import clear_old, end_old_sessions
from ...trail.under_way import write_interrupted

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 2
# Well below Export's SILENCE; also how soon a cancelled export stops in the middle of a file.
SECONDS_BETWEEN_SIGNS = 5
# Processes that draw the files of an export; no more than there are processors.
MOST_MAKERS = 2
# How long the file at hand may still take when the worker is told to end.
SECONDS_TO_END = 15
SECONDS_BETWEEN_SWEEPS = 60
SECONDS_BETWEEN_CLEANINGS = 5
SECONDS_BETWEEN_CLEARINGS = 3600
SECONDS_BETWEEN_PLANNINGS = 3600
# A process that sends notices has hung after so long.
SECONDS_TO_SEND = 600
# The largest workbook that is taken is read in a fraction of it.
SECONDS_TO_READ = 600
# A deed on a whole province takes a minute of an idle processor.
SECONDS_TO_DO = 3600
# Sums are added up for so long between two looks: a third of one processor at most.
SECONDS_OF_SUMS = 1


class Command(BaseCommand):
    help = "Make the exports that are asked for, until told to end. Run it beside the web server."
    # They would load the pages, and with them what draws.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--until-idle", action="store_true", help="end when nothing is left to be made")
        parser.add_argument(
            "--seal-backups",
            metavar="FOLDER",
            default=os.environ.get("PINGYI_SEAL_BACKUPS"),
            help="back up into this folder after each sealing, with the passphrase of PINGYI_BACKUP_PASSPHRASE",
        )

    def handle(self, *, until_idle, seal_backups, **options):
        self._backups, self._sums = SealBackups(seal_backups), AddedAhead()
        self._stop, self._swept_at, self._cleaned_at, self._cleared_at = Event(), None, None, None
        self._sender, self._sender_at, self._planned_at = None, 0.0, None
        self._reader, self._reader_at = None, 0.0
        self._doer, self._doer_at = None, 0.0
        self._has_sums_left = False
        for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(ending, lambda *_: self._stop.set())
        while not self._stop.is_set():
            is_busy = self._turn()
            is_alone = self._sender is None and self._reader is None and self._doer is None
            is_over = until_idle and is_alone and not self._has_sums_left
            if not is_busy and (is_over or self._stop.wait(SECONDS_BETWEEN_LOOKS)):
                break
        _end_process(self._reader)  # it has written nothing, or all
        _end_process(self._doer)  # and so has it, of a part
        _end_process(self._sender)  # it finishes the notice at hand

    def _turn(self) -> bool:
        """Whether there was something to do."""
        beat()
        try:
            close_old_connections()
            self._clean()
            self._clear()
            self._see_to_rosters()
            self._see_to_deeds()
            export = claim_export(now=timezone.now())
            if export:
                self._work(export)
            if export or self._swept_at is None or time.monotonic() > self._swept_at + SECONDS_BETWEEN_SWEEPS:
                sweep()
                self._swept_at = time.monotonic()
            self._has_sums_left = export is None and self._sums.go_on(seconds=SECONDS_OF_SUMS)
            return export is not None
        except (DatabaseError, OSError) as error:
            # A restart of the database, or a full disk, ends no worker.
            if trouble := trouble_of(error):
                logger.error("%s", trouble)
            else:
                logger.exception("the worker of exports goes on after")
            return False

    def _clean(self) -> None:
        """Not so often that casting would wait for it."""
        now = time.monotonic()
        if self._cleaned_at is None or now > self._cleaned_at + SECONDS_BETWEEN_CLEANINGS:
            sealing.clean_up()
            if path := self._backups.make_due():
                self.stdout.write(f"封存以后已自动备份：{path}")
            self._cleaned_at = now
            self._remind(now)

    def _remind(self, now: float) -> None:
        """See to the process that sends notices: it waits for the servers of others, and nothing here waits for it."""
        if self._sender and self._sender.poll() is None:
            if now > self._sender_at + SECONDS_TO_SEND:
                self._sender.kill()
            return
        self._sender = None
        is_to_plan = self._planned_at is None or now > self._planned_at + SECONDS_BETWEEN_PLANNINGS
        is_to_plan = is_to_plan and is_time_to_plan(timezone.now())
        if is_to_plan or Notice.objects.due(timezone.now()).exists():
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "send_notices", *["--plan"] * is_to_plan]
            self._sender = subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
            self._sender_at, self._planned_at = now, now if is_to_plan else self._planned_at

    def _see_to_rosters(self) -> None:
        """See to the process that reads or writes a long roster: whoever waits for a preview waits for no export."""
        now = time.monotonic()
        if self._reader and self._reader.poll() is None:
            if now > self._reader_at + SECONDS_TO_READ:
                self._reader.kill()
            return
        self._reader = None
        if is_any_waiting():
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work_rosters"]
            self._reader = subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
            self._reader_at = now

    def _see_to_deeds(self) -> None:
        """See to the process that does a long deed: whoever opens a province waits for no export either."""
        now = time.monotonic()
        if self._doer and self._doer.poll() is None:
            if now > self._doer_at + SECONDS_TO_DO:
                self._doer.kill()
            return
        self._doer = None
        if is_any_deed_waiting():
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work_deeds"]
            self._doer = subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
            self._doer_at = now

    def _clear(self) -> None:
        """Details whose time is over, once an hour."""
        now = time.monotonic()
        if self._cleared_at is None or now > self._cleared_at + SECONDS_BETWEEN_CLEARINGS:
            self._cleared_at = now
            end_old_sessions()
            clear_old(today=timezone.localdate())

    def _work(self, export: Export) -> None:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "draw_export", str(export.pk), export.worker]
        makers = [
            subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
            for _ in range(_number_of_makers(export))
        ]
        try:
            self._wait_for(makers, export)
            _settle(export, [maker.returncode for maker in makers])
        except Lost:
            pass
        finally:
            for maker in makers:
                maker.kill()  # nothing where it has ended
                maker.wait()

    def _wait_for(self, makers: list[subprocess.Popen], export: Export) -> None:
        """Until all end, or are too slow in ending when told to; raises Lost as soon as the export is not ours."""
        told_at, sign_at = None, time.monotonic()
        while working := [maker for maker in makers if maker.poll() is None]:
            now = time.monotonic()
            if self._stop.is_set() and told_at is None:
                told_at = now
                for maker in working:
                    maker.terminate()
            if told_at is not None and now > told_at + SECONDS_TO_END:
                for maker in working:
                    maker.kill()
            if now > sign_at + SECONDS_BETWEEN_SIGNS:
                keep_alive(export)
                beat()
                self._clean()
                self._see_to_rosters()
                self._see_to_deeds()
                sign_at = now
            time.sleep(0.1)


def _end_process(process: subprocess.Popen | None) -> None:
    if process:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_END)
        process.kill()  # nothing where it has ended
        process.wait()


def _number_of_makers(export: Export) -> int:
    return max(1, min(MOST_MAKERS, len(os.sched_getaffinity(0)), export.total_count))


def _settle(export: Export, codes: list[int]) -> None:
    """Hand back or fail the export of makers that did not come to the end; raises Lost where one did."""
    if any(code < 0 or code == os.EX_TEMPFAIL for code in codes):  # killed, or without its database
        hand_back_export(export)
    elif any(codes):
        fail_export(export, "生成程序出错，请告诉系统管理员。")


def sweep() -> None:
    """Remove the files of exports that were cancelled, failed or made long ago, uploads that nobody confirmed
    and the long rosters that they were, and the open copies of backups that were killed; write of deeds that were killed that they were."""
    write_interrupted(now=timezone.now())
    uploads.throw_away_old()
    end_old_imports(now=timezone.now())
    forget_ended_deeds(now=timezone.now())
    envelope.discard_abandoned()
    stored = archives.export_ids()
    exports = Export.objects.filter(pk__in=stored)
    kept = {*exports.active().values_list("pk", flat=True)}
    kept |= {*exports.with_archive(timezone.now()).values_list("pk", flat=True)}
    for key in stored - kept:
        archives.discard(key)
