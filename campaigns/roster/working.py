"""Reads, compares and writes long rosters, as a process of its own beside the web server.

Each turn begins with the workbook and the answers so far, so that a process that is killed leaves nothing to be mended:
the next one begins the turn again. The rows and the word that they are written stand in one transaction.
"""

import logging
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

from django.db import InterfaceError, OperationalError, transaction

from pingyi.trouble import trouble_of

from .. import uploads
from ..models import RosterImport, TableMapping
from ..permissions import can_import_roster, organizations_of_roster
from ..uploads import Gone
from . import keeping
from .comparing import RosterChoices, RosterComparison, compare_roster
from .meanings import RosterMeanings
from .previewing import RosterOutcome, RosterPreview
from .queue import (
    EXPIRED,
    OUTCOME,
    WORKBOOK,
    RosterAnswers,
    answers_of,
    ask_about,
    begin_import,
    begin_roster_turn,
    fail_import,
    finish_import,
    throw_away_import,
)
from .reading import Reading, read_workbook
from .safety import Unreadable
from .writing import Stale, UndecidedRoster, told_of, write_reading

logger = logging.getLogger(__name__)

# Worksheets and their texts unpacked, about 1,000 rows; the rows are what reading, comparing and writing take their time for.
LONG_BYTES = 300_000
NOT_ALLOWED = "您现在没有导入名册的权限，没有写入。"
STALE = "预览之后名册有变动，没有写入；请核对下面的新预览，再确认。"
BROKEN = "程序出错，没有写入任何内容，请告诉系统管理员。"
# Called in the transaction that writes a confirmed roster, or writes that it was not: with the import and whether it is done.
Tell = Callable[[RosterImport, bool], None]


def is_long(file: BinaryIO) -> bool:
    """Whether a workbook is too long to be read in a request, by the sizes that its parts say they have.

    Of no workbook, which is soon refused, it is not.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = [part for part in archive.infolist() if _has_rows(part.filename)]
            return sum(part.file_size for part in parts) > LONG_BYTES
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    finally:
        file.seek(0)


def _has_rows(part: str) -> bool:
    return part.startswith("xl/worksheets/") or part == "xl/sharedStrings.xml"


def queue_workbook(file: BinaryIO, user) -> RosterImport:
    """Keep a long workbook and let the worker read it."""
    return begin_import(keeping.keep_file(file, user), user)


def waiting_outcome(imported: RosterImport) -> RosterOutcome:
    """The question or the preview that waits for the uploader; raises Gone."""
    return RosterOutcome.from_json(uploads.fetch(imported.token, imported.asked_by, kind=OUTCOME))


def office_of(user):
    """The highest organization whose roster the user keeps; None for a superuser, who keeps them all."""
    return None if user.is_superuser else organizations_of_roster(user).order_by("path").first()


def read_remembered(file: BinaryIO, user) -> Reading:
    """The reading of a workbook, in the meanings that the office gave one of this shape before; raises Unreadable."""
    reading = read_workbook(file)
    remembered = TableMapping.objects.meaning(office_of(user), reading.shape)
    return read_workbook(file, RosterMeanings.from_json(remembered)) if remembered else reading


def work_next(tell: Tell) -> bool:
    """Do the next turn that nobody is at; False where there is none."""
    for imported in list(RosterImport.objects.at_work().select_related("asked_by")):
        try:
            with uploads.held(imported.token, kind=WORKBOOK) as is_ours:
                if is_ours and begin_roster_turn(imported):
                    _work(imported, tell)
                    return True
        except Gone:
            _fail(imported, EXPIRED, tell)
    return False


def _work(imported: RosterImport, tell: Tell) -> None:
    if not (imported.asked_by.is_active and can_import_roster(imported.asked_by)):
        _fail(imported, NOT_ALLOWED, tell)
        return
    try:
        _turn(imported, tell)
    except Unreadable as refusal:
        _fail(imported, str(refusal), tell)
    except (OperationalError, InterfaceError, Gone):
        raise
    except Exception as error:  # of this workbook: the next one is read all the same
        trouble = trouble_of(error)
        logger.exception("roster import %s cannot be worked on", imported.pk)
        _fail(imported, trouble.told if trouble else BROKEN, tell)


def _turn(imported: RosterImport, tell: Tell) -> None:
    answers = answers_of(imported)
    reading = read_remembered(keeping.fetch_file(imported.token, imported.asked_by), imported.asked_by)
    if reading.unplaced or reading.unknown or reading.meanings:
        reading.file = imported.token
    if reading.unplaced or reading.unknown or (reading.hidden and not answers.hidden):
        _ask(imported, RosterOutcome(reading), tell)
        return
    reading = _answered(reading, answers)
    if imported.state == RosterImport.State.WRITING:
        _write(imported, reading, answers, tell)
    else:
        _ask(imported, _compared(reading, compare_roster(reading, imported.asked_by)), tell)


def _answered(reading: Reading, answers: RosterAnswers) -> Reading:
    """The rows as they were said to be meant."""
    seen = reading.without_hidden() if answers.hidden == "leave" else reading
    return replace(seen.renamed(answers.same), hidden=[], told_apart=answers.told_apart)


def _compared(reading: Reading, comparison: RosterComparison, *, warning: str = "") -> RosterOutcome:
    if comparison.near:
        return RosterOutcome(reading, near=comparison.near, warning=warning)
    return RosterOutcome(reading, preview=RosterPreview.of(comparison), warning=warning)


def _write(imported: RosterImport, reading: Reading, answers: RosterAnswers, tell: Tell) -> None:
    choices = RosterChoices(
        {row: (choice, key) for row, choice, key in answers.namesakes}, frozenset(answers.deactivated)
    )
    try:
        with transaction.atomic():
            comparison = write_reading(reading, imported.asked_by, previewed=answers.digest, choices=choices)
            if not finish_import(imported, told_of(comparison, len(choices.deactivated))):
                raise Gone
            tell(imported, True)
    except (Stale, UndecidedRoster) as error:
        _ask(imported, _compared(reading, error.comparison, warning=STALE), tell)
    else:
        throw_away_import(imported)


def _ask(imported: RosterImport, outcome: RosterOutcome, tell: Tell) -> None:
    is_refused = imported.state == RosterImport.State.WRITING
    with transaction.atomic():
        ask_about(imported, outcome.to_json())
        if is_refused:
            tell(imported, False)


def _fail(imported: RosterImport, reason: str, tell: Tell) -> None:
    is_refused = imported.state == RosterImport.State.WRITING
    with transaction.atomic():
        if fail_import(imported, reason) and is_refused:
            tell(imported, False)
