"""Does the deeds that were asked for on campaigns of very many polls, as a process of its own beside the web server.

Each part, how far the deed is by then and, of the last one, the row in the trail stand in one transaction: a process that is
killed leaves whole parts, and nothing to be mended.
"""

import logging

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from campaigns.actions import Frozen, NotReady
from campaigns.long_deeds import begin_deed_turn, end_long_deed, held_deed, note_progress, why_given_up
from campaigns.models import LongDeed, TrailEntry
from campaigns.models.states import StateError
from campaigns.permissions import can_configure
from pingyi.trouble import trouble_of

from ..trail.chain import write_entry
from ..trail.deeds import CHANGES
from ..trail.objects import thing_of
from ..trail.watching import acting_as
from .parts import PARTS, ROUTES

logger = logging.getLogger(__name__)

NOT_ALLOWED = "您现在没有办这件事的权限，没有办。"
BROKEN = "程序出错，没有办成，请告诉系统管理员。"
REFUSALS = (NotReady, StateError, Frozen, ValidationError)


def work_next_deed() -> bool:
    """Do the next deed that nobody is at, to its end; False where there is none."""
    for key in list(LongDeed.objects.at_work().values_list("pk", flat=True)):
        if deed := begin_deed_turn(key):
            _work(deed)
            return True
    return False


def _work(deed: LongDeed) -> None:
    try:
        if reason := why_given_up(deed, now=timezone.now()):
            raise StateError(reason)
        while _go_on(deed.pk):
            pass
    except REFUSALS as refusal:
        _refuse(deed.pk, _words(refusal))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # of this campaign: the next deed is done all the same
        trouble = trouble_of(error)
        logger.exception("deed %s cannot be worked on", deed.pk)
        _refuse(deed.pk, trouble.told if trouble else BROKEN)


def _words(refusal: Exception) -> str:
    return "；".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


def _go_on(key: int) -> bool:
    """Do the next part of a deed; whether there are more. Of a deed that somebody else is at by now there are none."""
    with transaction.atomic():
        deed = held_deed(key)
        if deed is None:
            return False
        if not (deed.asked_by.is_active and can_configure(deed.asked_by, deed.campaign)):
            raise StateError(NOT_ALLOWED)
        if deed.kind != LongDeed.Kind.OPEN:
            # Nobody changes a campaign while a deed on it is to be done; the deed itself does.
            end_long_deed(deed, deed.State.DONE.label, is_done=True)
        if told := PARTS[deed.kind](deed):
            end_long_deed(deed, told, is_done=True)
            _leave_row(deed)
            return False
        note_progress(deed)
        return True


def _refuse(key: int, reason: str) -> None:
    with transaction.atomic():
        if deed := held_deed(key):
            end_long_deed(deed, reason + _opened_so_far(deed), is_done=False)
            _leave_row(deed)


def _opened_so_far(deed: LongDeed) -> str:
    """The sentence about the polls that an opening did not come to; empty of other deeds."""
    if deed.kind != LongDeed.Kind.OPEN or deed.total_count is None:
        return ""
    return f"已开启{deed.done_count}个评议点，没有开启的留在筹备，可以在活动页上集中重新开启。"


def _leave_row(deed: LongDeed) -> None:
    """Write how a deed ended into the trail, as one of the account that asked for it."""
    user, route = deed.asked_by, ROUTES[deed.kind]
    thing = thing_of({"campaign_id": deed.made_id or deed.campaign_id})
    write_entry(
        user=user,
        account=user.get_username(),
        role=acting_as(user, thing.place),
        address="",
        deed=CHANGES[route],
        route=route,
        thing=thing,
        result=TrailEntry.Result.DONE if deed.state == LongDeed.State.DONE else TrailEntry.Result.REFUSED,
    )
