"""Makes an export: a file for each unit as its own page would give it, then the archive of them all.

It can be stopped between any two files and taken up again where it was left, by the same process or by another. Several
may make the same export at the same time: each takes the next file that is missing and that no other is at.
"""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError
from django.utils import timezone

from ballots.counting.tally import IdentityError
from campaigns.file_names import fit_name, unique_names
from campaigns.marks import export_mark
from campaigns.models import Poll
from campaigns.units import Unit, unit_of
from pingyi.errors import CannotDraw
from pingyi.trouble import trouble_of

from ..files import excel, pdf, word
from ..ledger.content import ledger_content
from ..models import Announcement, Export
from ..opinions import opinions_content
from ..permissions import can_export, can_read_ledger, can_read_opinions_below, can_see_announcements
from ..report import (
    content_of_announcement,
    content_of_poll,
    content_of_unit,
    report_for_download,
    summary_for_download,
)
from ..report.snapshot import UnknownFormat
from ..results.poll import NotSealed
from ..scope import Scope
from ..wording import date_text
from . import archives
from .archives import Parts
from .queue import advance_export, fail_export, finish_export, hand_back_export

logger = logging.getLogger(__name__)

# A file takes a fraction of a second, a large unit's some seconds.
SECONDS_A_FILE = 600
# Drawing leaves some memory behind with each file; the next process begins without it.
FILES_A_PROCESS = 100
# A file over which so many workers died would kill the next one too.
TRIES = 3
# A look at whether another maker has come to the end of its last file.
SECONDS_BETWEEN_LOOKS = 0.1
# The key of a file about all units of an export; polls begin at 1.
WHOLE = 0
_Kind, _Format = Export.Kind, Export.Format


class TooLong(Exception):
    """A file took longer than any should; the message is for the user."""


@dataclass(frozen=True)
class File:
    """A unit's file; `lacks` is the reason why it is a draft."""

    body: bytes
    lacks: str = ""


def make_export(export: Export, *, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Make what is not made yet, and the archive; hand the export back where it is to stop, or after so many files.

    Raises Lost where it was cancelled or has gone to another worker.
    """
    scope = Scope.of(export.campaign, export.organization)
    if not _may_have(export, scope):
        fail_export(export, "申请人现在没有权限导出这个单位的文件。")
        return
    keys = _keys(export, scope)
    parts = Parts(export.pk, export.format)
    for made, key in enumerate(_missing(parts, keys)):
        _advance(export, parts, keys)
        if is_stopping() or made == FILES_A_PROCESS:
            hand_back_export(export)
            return
        try:
            _make_part(export, parts, key)
        except CannotDraw as refusal:  # no other file could be drawn either
            fail_export(export, str(refusal))
            return
    _advance(export, parts, keys)
    with parts.held("archive") as is_ours:
        if is_ours:
            _advance(export, parts, keys)  # another maker may have ended it just now
            _end(export, parts, keys)


def _may_have(export: Export, scope: Scope) -> bool:
    """Whether whoever asked may still have the files."""
    if export.announcement_id:
        return can_see_announcements(export.asked_by, _announcement(export).scope)
    return can_export(export.asked_by, scope.unit)


def _missing(parts: Parts, keys: list[int]) -> Iterator[int]:
    """The units without a file, each held for the caller, until there is none; a file that another maker is at is waited for."""
    while missing := [key for key in keys if not parts.is_settled(key)]:
        is_waiting = True
        for key in missing:
            with parts.held(key) as is_ours:
                if is_ours and not parts.is_settled(key):
                    is_waiting = False
                    yield key
        if is_waiting:
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _advance(export: Export, parts: Parts, keys: list[int]) -> None:
    """Write down how far the export has come; raises Lost."""
    done, failed = parts.counts(keys)
    advance_export(export, total=len(keys), done=done, failed=failed)


def _keys(export: Export, scope: Scope) -> list[int]:
    """The polls that each get a file, or the one key of the file about all of them."""
    keys = list(scope.polls.order_by("path").values_list("pk", flat=True))
    return [WHOLE] if keys and export.kind in Export.OF_ALL_UNITS else keys


def _make_part(export: Export, parts: Parts, key: int) -> None:
    """Makes a unit's file, or leaves a note with the reason why it cannot be made."""
    if parts.begin(key) > TRIES:
        parts.put_note(key, "failed", "生成时程序几次中断，已跳过。请单独下载这个单位的文件，或告诉系统管理员。")
        return
    try:
        with _time_limit():
            made = _drawn_whole(export) if key == WHOLE else _drawn(export, _poll(key))
    except (IdentityError, NotSealed, UnknownFormat, TooLong) as refusal:
        parts.put_note(key, "failed", str(refusal) or "这个评议点现在没有结果。")
    except (CannotDraw, OperationalError):
        raise
    except Exception as error:  # whatever is wrong with one unit is no reason to leave the others out
        if trouble_of(error):  # the machine's fault, which is the same for all
            raise
        logger.exception("poll %s of export %s cannot be drawn", key, export.pk)
        parts.put_note(key, "failed", "程序出错，请把单位名称和文件种类告诉系统管理员。")
    else:
        if made.lacks:
            parts.put_note(key, "draft", made.lacks)
        parts.put(key, made.body)


@contextmanager
def _time_limit():
    def give_up(*_):
        raise TooLong(f"生成时间超过{SECONDS_A_FILE // 60}分钟，已跳过。")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(SECONDS_A_FILE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _poll(key: int) -> Poll:
    return Poll.objects.select_related("campaign__organizer", "organization").get(pk=key)


def _announcement(export: Export) -> Announcement:
    return Announcement.objects.with_scope().get(pk=export.announcement_id)


def _drawn_whole(export: Export) -> File:
    """The file about a whole unit, or the notice, as its own page gives it to whoever asked."""
    if export.announcement_id:
        announcement = _announcement(export)
        return File(pdf.draw_notice(announcement, content_of_announcement(announcement), address=export.address))
    scope = Scope.of(export.campaign, export.organization)
    may_read_opinions = can_read_opinions_below(export.asked_by, scope.unit)
    mark, today = export_mark(export.asked_by, export.asked_at), timezone.localdate(export.asked_at)
    if export.kind == _Kind.LEDGER:
        draw = pdf.ledger if export.format == _Format.PDF else excel.draw_ledger_workbook
        title = f"{scope.campaign}·{scope.unit}·{date_text(today)}导出"
        return File(draw(ledger_content(scope, today=today), title))
    if export.kind == _Kind.WHOLE_RESULTS:
        opinions = opinions_content(scope) if may_read_opinions else None
        return File(excel.draw_campaign_workbook(content_of_unit(scope), opinions=opinions, mark=mark))
    body = excel.draw_report_workbook(
        report_for_download(scope, today=today),
        may_read_opinions=may_read_opinions,
        may_read_ledger=can_read_ledger(export.asked_by, export.organization),
        mark=mark,
    )
    return File(body)


def _drawn(export: Export, poll: Poll) -> File:
    scope, chosen = Scope.of_poll(poll), (export.kind, export.format)
    mark = export_mark(export.asked_by, export.asked_at)
    if chosen == (_Kind.RESULTS, _Format.PDF):
        return File(pdf.results_sheet(content_of_poll(poll)))
    if chosen == (_Kind.RESULTS, _Format.XLSX):
        return File(excel.draw_poll_workbook(content_of_poll(poll), opinions=opinions_content(scope), mark=mark))
    if chosen == (_Kind.COUNT_SHEET, _Format.PDF):
        return File(pdf.draw_count_sheet(content_of_poll(poll)))
    if export.kind == _Kind.REPORT:
        # All files of an archive speak of one day, however long it takes.
        report = report_for_download(scope, today=timezone.localdate(export.asked_at))
        return File(excel.draw_report_workbook(report, mark=mark))
    content, draw = (
        summary_for_download(scope),
        pdf.draw_summary_pdf if export.format == _Format.PDF else word.draw_summary_docx,
    )
    return File(draw(content, is_draft=not content.is_complete), lacks="".join(content.reasons))


def _end(export: Export, parts: Parts, keys: list[int]) -> None:
    """Pack what is made, with lists of what is not and of what is a draft."""
    made = [key for key in keys if parts.path(key).exists()]
    if not made:
        first = next((parts.note(key, "failed") for key in keys), None)
        fail_export(export, f"没有一个文件能够生成。{first}" if first else "没有已封存的评议点。")
        return
    places = _places(unit_of(export.campaign, export.organization), keys)
    notes = {
        archives.NOTE: _listed("以下单位的文件未能生成：", parts, places, kind="failed"),
        archives.DRAFTS_NOTE: _listed(
            "以下单位的小结还不能作为正式稿，这里是草稿；补齐后请单独下载或重新导出：", parts, places, kind="draft"
        ),
    }
    names = unique_names(_stem(export, parts, places, key) for key in made)
    files = [(f"{name}.{export.format}", parts.path(key)) for name, key in zip(names, made, strict=True)]
    archives.pack(export.pk, files, {name: text for name, text in notes.items() if text})
    finish_export(export)
    parts.remove()


def _places(top: Unit, keys: list[int]) -> dict[int, tuple[str, ...]]:
    """Each poll's unit by the names of those above it, the export's own unit left out."""
    depth = len(top.ancestor_paths)
    names = {WHOLE: [], **dict(Poll.objects.filter(pk__in=keys).values_list("pk", "names"))}
    return {key: tuple(names[key][depth:]) or (top.name,) for key in keys}


def _listed(heading: str, parts: Parts, places: dict[int, tuple[str, ...]], *, kind: str) -> str:
    lines = [
        f"{'/'.join(place)}：{note}" for key, place in places.items() if (note := parts.note(key, kind)) is not None
    ]
    return "\n".join([heading, *lines, ""]) if lines else ""


def _stem(export: Export, parts: Parts, places: dict[int, tuple[str, ...]], key: int) -> tuple[str, ...]:
    """Folders and name of a unit's file in the archive."""
    if export.announcement_id:
        return (fit_name(pdf.name_of_notice(_announcement(export))),)
    *folders, unit = map(fit_name, places[key])
    draft = "" if parts.note(key, "draft") is None else "（草稿）"
    return (*folders, f"{unit}-{export.get_kind_display()}{draft}")
