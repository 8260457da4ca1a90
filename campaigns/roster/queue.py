"""A long roster's way from the upload to the end. Each step is one guarded UPDATE; what it is about lies in files of
uploads, which nobody but the worker and the uploader open, and which go when it ends or after an hour without a step."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import uploads
from ..models import RosterImport
from ..models.columns import max_length
from ..models.roster_import import KEPT
from ..models.states import move
from ..uploads import Gone

WORKBOOK, ANSWERS, OUTCOME = "workbook", "rosteranswers", "rosteroutcome"
# An import over which so many workers died would kill the next one too.
TRIES = 3
TOLD_LENGTH = max_length(RosterImport, "told")
EXPIRED = "放置超过一小时，没有写入，请重新上传。"
INTERRUPTED = "后台程序几次中断，没有写入任何内容。请把名册分成几个工作簿上传，或告诉系统管理员。"
_State = RosterImport.State


@dataclass
class RosterAnswers:
    """Everything that the uploader answered so far."""

    # "leave" or "count"; empty where nobody asked.
    hidden: str = ""
    # Near names of units: those that are units there are, with the unit's path, and those that are others.
    same: dict[str, str] = field(default_factory=dict)
    told_apart: list[str] = field(default_factory=list)
    # The preview that was confirmed, and its choices: row, choice and key of each namesake; keys of who goes.
    digest: str = ""
    namesakes: list[tuple[int, str, int]] = field(default_factory=list)
    deactivated: list[int] = field(default_factory=list)


def begin_import(token: str, user) -> RosterImport:
    """Queue a workbook that is kept under a token."""
    uploads.keep_beside(token, asdict(RosterAnswers()), user, kind=ANSWERS)
    return RosterImport.objects.create(token=token, asked_by=user)


def answers_of(imported: RosterImport) -> RosterAnswers:
    """The answers so far; raises Gone."""
    return RosterAnswers(**uploads.fetch(imported.token, imported.asked_by, kind=ANSWERS))


def answer_import(imported: RosterImport, answers: RosterAnswers) -> bool:
    """Hand an import back to the worker, to write it where a preview was confirmed; False where somebody has, or it is over.

    Raises Gone.
    """
    state = _State.WRITING if answers.digest else _State.READING
    with transaction.atomic():
        # First the row: whoever presses twice writes no second answer over the one that is being worked on.
        if not move(imported, Q(state=_State.ASKING), state=state, try_count=0, queued_at=timezone.now()):
            return False
        renew_import(imported)
        uploads.keep_beside(imported.token, asdict(answers), imported.asked_by, kind=ANSWERS)
    return True


def begin_roster_turn(imported: RosterImport) -> bool:
    """Whether the caller, who holds the workbook, may begin; it is still where it was read to be."""
    if imported.try_count >= TRIES:
        fail_import(imported, INTERRUPTED)
        return False
    stands = Q(state=imported.state, try_count=imported.try_count, queued_at=imported.queued_at)
    return move(imported, stands, try_count=imported.try_count + 1)


def ask_about(imported: RosterImport, outcome: dict) -> bool:
    """Put the worker's question, or its preview, before the uploader."""
    uploads.keep_beside(imported.token, outcome, imported.asked_by, kind=OUTCOME)
    renew_import(imported)
    return move(imported, Q(state__in=RosterImport.AT_WORK), state=_State.ASKING)


def finish_import(imported: RosterImport, told: str) -> bool:
    """Everything is written; False where it was given up meanwhile."""
    return _end(imported, Q(state=_State.WRITING), _State.DONE, told)


def fail_import(imported: RosterImport, reason: str) -> bool:
    """Nothing was written, and why; the files go."""
    is_failed = _end(imported, Q(ended_at=None), _State.FAILED, reason)
    throw_away_import(imported)
    return is_failed


def renew_import(imported: RosterImport) -> None:
    """Keep the files for another hour; raises Gone."""
    for kind in (WORKBOOK, ANSWERS):
        uploads.renew(imported.token, kind=kind)


def throw_away_import(imported: RosterImport) -> None:
    for kind in (WORKBOOK, ANSWERS, OUTCOME):
        uploads.throw_away(imported.token, kind=kind)


def is_free(imported: RosterImport) -> bool:
    """Whether no worker is at an import; of one whose workbook has gone too."""
    try:
        with uploads.held(imported.token, kind=WORKBOOK) as is_ours:
            return is_ours
    except Gone:
        return True


def is_any_waiting() -> bool:
    """Whether there is an import that a worker could begin with."""
    return any(is_free(imported) for imported in RosterImport.objects.at_work())


def is_expired(imported: RosterImport) -> bool:
    """Whether an import has not ended and its workbook has gone."""
    try:
        uploads.fetch(imported.token, imported.asked_by, kind=ANSWERS)
    except Gone:
        return imported.ended_at is None
    return False


def end_old_imports(*, now: datetime) -> None:
    """Give up the imports whose files have gone, and forget those that ended long ago."""
    for imported in RosterImport.objects.unfinished().select_related("asked_by"):
        if is_expired(imported) and is_free(imported):
            fail_import(imported, EXPIRED)
    RosterImport.objects.ended_before(now - KEPT).delete()


def _end(imported: RosterImport, source: Q, state: str, told: str) -> bool:
    return move(imported, source, state=state, told=told[:TOLD_LENGTH], ended_at=timezone.now())
