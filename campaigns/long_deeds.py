"""Deeds on a campaign of so many polls that no request could wait for them: asked for here, done by the worker.

Whoever works on a deed holds its row while a part of it is done. A part and how far the deed is by then are written in one
transaction, so a worker that is killed leaves whole parts, and the next one goes on behind the last.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import Campaign, LongDeed
from .models.columns import max_length
from .models.long_deed import KEPT
from .models.states import StateError
from .ways import way_to

# A deed on no more polls is done in the request.
POLLS_IN_A_REQUEST = 2000
# A deed over which so many workers died would kill the next one too.
TRIES = 3
# A deed that no worker took up by then is given up: nobody waits for it any more.
PATIENCE = timedelta(hours=1)
TOLD_LENGTH = max_length(LongDeed, "told")
NOT_TAKEN_UP = "后台程序一小时没有运行，没有办。请告诉系统管理员，运行以后再办。"
INTERRUPTED = "后台程序几次中断，没有办成。请告诉系统管理员。"


def is_for_worker(campaign: Campaign) -> bool:
    """Whether a campaign has so many polls that a deed on all of them is the worker's."""
    return campaign.polls.count() > POLLS_IN_A_REQUEST


def queue_deed(campaign: Campaign, kind: str, *, by, arguments: dict[str, Any] | None = None) -> LongDeed:
    """Ask the worker for a deed; raises StateError while another deed on the campaign has not ended."""
    # Looked at first: a row could not be put beside that of a deed that a worker holds before the worker lets go.
    if under_way := campaign.long_deeds.at_work().first():
        raise StateError(
            f"后台正在办这次活动的“{under_way.get_kind_display()}”，办完以后才能办别的。",
            way=way_to("进度", "campaigns:long_deed", campaign.pk, under_way.pk),
        )
    try:
        with transaction.atomic():
            return LongDeed.objects.create(campaign=campaign, kind=kind, arguments=arguments or {}, asked_by=by)
    except IntegrityError:
        raise StateError(
            "刚刚有人把这次活动的一件事交给后台办，办完以后才能办别的。",
            way=way_to("评议活动", "campaigns:campaign_detail", campaign.pk),
        ) from None


def begin_deed_turn(key: int) -> LongDeed | None:
    """A deed that nobody is at, which the caller may begin with; None where there is none."""
    with transaction.atomic():
        locked = held_deed(key)
        if locked:
            locked.try_count += 1
            locked.save(update_fields=["try_count"])
        return locked


def why_given_up(deed: LongDeed, *, now: datetime) -> str:
    """Why nobody is to go on with a deed that was just begun with; empty where somebody is."""
    if deed.try_count > TRIES:
        return INTERRUPTED
    is_first = deed.try_count == 1 and deed.total_count is None
    return NOT_TAKEN_UP if is_first and deed.asked_at < now - PATIENCE else ""


def held_deed(key: int) -> LongDeed | None:
    """A deed that has not ended, which nobody else works on until the transaction ends; None where there is none, or somebody
    is at it.
    """
    deeds = LongDeed.objects.select_for_update(skip_locked=True, of=["self"]).filter(pk=key, ended_at=None)
    return deeds.select_related("campaign__organizer", "asked_by").first()


def note_progress(deed: LongDeed) -> None:
    """Keep how far a held deed is: whoever begins next is the first to begin with the next part."""
    deed.try_count = 0
    deed.save(update_fields=["position", "done_count", "total_count", "try_count"])


def end_long_deed(deed: LongDeed, told: str, *, is_done: bool) -> None:
    """Write how a held deed ended."""
    deed.state = LongDeed.State.DONE if is_done else LongDeed.State.REFUSED
    deed.told, deed.ended_at = told[:TOLD_LENGTH], timezone.now()
    deed.save(update_fields=["state", "told", "ended_at", "done_count", "total_count", "position", "made"])


def is_any_deed_waiting() -> bool:
    """Whether there is a deed that a worker could begin with."""
    return any(is_deed_free(key) for key in LongDeed.objects.at_work().values_list("pk", flat=True))


def is_deed_free(key: int) -> bool:
    """Whether a deed has not ended and nobody is at it."""
    with transaction.atomic():
        return held_deed(key) is not None


def forget_ended_deeds(*, now: datetime) -> None:
    """Drop the rows of deeds that ended long ago."""
    LongDeed.objects.ended_before(now - KEPT).delete()
