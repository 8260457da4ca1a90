"""Makes one claimed export, as a process of its own that `work_exports` starts, or together with another such process.

The memory that drawing takes goes back to the system with it, and whatever kills it kills nothing else.
"""

import gc
import logging
import os
import signal
import sys
import tempfile
from threading import Event

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from pingyi.trouble import trouble_of

from ...exports import archives
from ...exports.making import make_export
from ...exports.queue import Lost, fail_export
from ...models import Export

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Make one export that work_exports has claimed; not for hand use."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("export_id", type=int)
        parser.add_argument("worker")

    def handle(self, *, export_id, worker, **options):
        os.nice(10)  # people who vote and count come first
        gc.freeze()  # what is loaded now stays: to look through it again and again costs a tenth of the time
        stop, parent = Event(), os.getppid()
        for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(ending, lambda *_: stop.set())
        exports = Export.objects.select_related("campaign", "organization", "asked_by")
        try:
            export = exports.filter(pk=export_id, worker=worker).first()
            if export:
                # Faces that are loaded are copied there first, 30 MB: a process that is killed leaves them.
                tempfile.tempdir = str(archives.folder_of(export.pk))
                _make(export, is_stopping=lambda: stop.is_set() or os.getppid() != parent)
        except Lost:
            pass
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"The database is out of reach: {error}")
            sys.exit(os.EX_TEMPFAIL)


def _make(export: Export, *, is_stopping) -> None:
    try:
        make_export(export, is_stopping=is_stopping)
    except OSError as error:
        trouble = trouble_of(error)
        if trouble:
            logger.error("%s", trouble)
        reason = trouble.told if trouble else f"服务器不能写入导出文件夹（{error.strerror}），请告诉系统管理员。"
        fail_export(export, reason)
