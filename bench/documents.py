"""Documents: slips, a 小结 with its Word file and workbook, all of a company's, and the company's own workbook.

Each function runs with Django set up (`children.run_in_child`) and takes the database's URL. The processor's time is
measured, beside that of the libraries alone in the same process.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from unittest import mock

import segno
import weasyprint
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.models import Batch
from ballots.paper.blank import draw_paper
from ballots.paper.copies import copied
from ballots.voting import codes, slips
from campaigns import actions
from campaigns.models import Campaign, Organization, Poll, Role
from pingyi import drawing
from reports.exports import archives
from reports.exports.queue import ask_for_export
from reports.files import excel, pdf, word
from reports.models import Export
from reports.report import report_for_download, summary_for_download
from reports.scope import Scope

from . import company
from .children import ROOT

Result = TypeVar("Result")
SITE = "http://192.168.1.20:8000/v/"
TITLE = "发码条的活动"


def prepare_company(url: str, units: int, ballots: int) -> dict:
    """A company whose polls are sealed, and a campaign of it that is open, with a batch of slips for each unit."""
    company.close_polls(url, units=units, ballots=ballots)
    company.seal_company(url)
    root = Organization.objects.get(parent=None)
    Role.objects.create(user=User.objects.create(username="secretary"), organization=root, kind=Role.Kind.SECRETARY)
    campaign = company.make_campaign(root, TITLE)
    actions.make_polls(campaign, list(Organization.objects.filter(parent=root)))
    ballot_actions.open_campaign(campaign, by=None)
    category = campaign.categories.last()
    for poll in campaign.polls.all():
        ballot_actions.add_batch(poll, channel="meeting", category=category, method=Batch.Method.SLIPS)
    return {}


def measure_slips(url: str, count: int) -> dict:
    """So many slips; beside them nothing but their QR pictures, as the library makes them."""
    batch = Batch.objects.filter(poll__campaign__title=TITLE).select_related("poll__campaign", "category")[0]
    made = codes.invent_slips(count)
    slips.draw_slips(batch, made[:1], site=SITE)
    document, seconds = _timed(lambda: slips.draw_slips(batch, made, site=SITE))
    _, pictures = _timed(lambda: [segno.make(f"{SITE}{code}/", error="m", micro=False) for code in made])
    return {"count": count, "cpu_seconds": seconds, "beside_seconds": pictures, "bytes": len(document)}


def measure_paper(url: str, count: int) -> dict:
    """So many blank paper ballots in one file, each on sheets of its own; beside it the layout of a single one."""
    poll = Poll.objects.filter(campaign__title=TITLE).select_related("campaign")[0]
    draw_paper(poll)
    ballot, laid_out = _timed(lambda: draw_paper(poll))
    document, seconds = _timed(lambda: copied(draw_paper(poll), count, is_duplex=True))
    return {"count": count, "cpu_seconds": seconds, "single_seconds": laid_out, "bytes": len(document)} | {
        "single_bytes": len(ballot)
    }


def measure_summary(url: str, runs: int) -> dict:
    """A unit's 小结 in its three formats; beside it the same page by WeasyPrint alone. The best of some runs each."""
    polls = Poll.objects.exclude(campaign__title=TITLE).select_related("campaign__organizer", "organization")
    rows = []
    with mock.patch.object(drawing, "_drawn", wraps=drawing._drawn) as drawn:
        for poll in [polls[0], *polls[: runs + 1]]:
            rows.append(_summary(Scope.of_poll(poll)) | _alone(drawn.call_args.args[0]))
    best = {name: min(row[name] for row in rows[1:]) for name in rows[0]}  # the first has loaded what the others use
    return best | {"all": sum(best[name] for name in ("content", "pdf", "docx", "xlsx"))}


def _summary(scope: Scope) -> dict:
    content, fetched = _timed(lambda: summary_for_download(scope))
    page, drawn = _timed(lambda: pdf.draw_summary_pdf(content, is_draft=True))
    text, written = _timed(lambda: word.draw_summary_docx(content, is_draft=True))
    today = timezone.localdate()
    book, counted = _timed(lambda: excel.draw_report_workbook(report_for_download(scope, today=today, is_draft=True)))
    seconds = {"content": fetched, "pdf": drawn, "docx": written, "xlsx": counted}
    return seconds | {"pdf_bytes": len(page), "docx_bytes": len(text), "xlsx_bytes": len(book)}


def _alone(html: str) -> dict:
    document, seconds = _timed(lambda: weasyprint.HTML(string=html).write_pdf(pdf_variant=drawing.UNIVERSAL_ACCESS))
    return {"beside": seconds, "beside_bytes": len(document)}


def measure_whole(url: str) -> dict:
    """The workbook of the whole company, which its secretary gets as an export."""
    campaign = Campaign.objects.exclude(title=TITLE).get()
    scope = Scope.of(campaign, campaign.organizer)
    book, seconds = _timed(lambda: excel.draw_report_workbook(report_for_download(scope, today=timezone.localdate())))
    return {"cpu_seconds": seconds, "bytes": len(book)}


def export_summaries(url: str) -> dict:
    """All units' 小结 by the worker of exports and the processes that it starts, from the question to the archive."""
    campaign = Campaign.objects.exclude(title=TITLE).get()
    secretary = User.objects.get()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "fonts").symlink_to(settings.FONTS_DIR)
        settings.EXPORTS_DIR = Path(folder) / "exports"
        scope = Scope.of(campaign, campaign.organizer)
        export, _ = ask_for_export(scope, kind=Export.Kind.SUMMARY, format=Export.Format.PDF, by=secretary)
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "manage.py", "work_exports", "--until-idle"],
            cwd=ROOT,
            env={**os.environ, "PINGYI_VAR": folder},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        took, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        archive = archives.archive_of(export.pk).read_bytes()
    export.refresh_from_db()
    return {
        "files": sum(name.endswith(".pdf") for name in zipfile.ZipFile(io.BytesIO(archive)).namelist()),
        "failed": export.failed_count,
        "seconds": took,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "processors": len(os.sched_getaffinity(0)),
        "maker_mb": used.ru_maxrss * 1024 / 1e6,
        "bytes": len(archive),
    }


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """The result of some work, and the seconds of the processor that it takes."""
    started = time.process_time()
    result = work()
    return result, time.process_time() - started
