"""The forms of a shared slip, as its holder is shown them; nothing here is kept, and `casting` decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from campaigns.models import Poll

from ..models import Batch, Code
from . import casting
from .codes import Ticket

NOT_OPENED = "还没有开始收票。开始以后再扫这张码，它仍然有效。"
CLOSED = "已经截止，不再收票。"
VOIDED = "这张表的选票已经作废，请向工作人员说明。"
# The row of a code is gone when it is used, and nothing says by whom or how.
GONE = "已提交，或者这张码条已经作废。"
CAST = "已提交。"


class Standing(StrEnum):
    """Whether a form of the slip can be filled in now."""

    TO_FILL = "to-fill"
    CAST = "cast"
    WAITING = "waiting"
    OVER = "over"


@dataclass(frozen=True)
class SlipForm:
    """A form that a slip names."""

    ticket: Ticket
    title: str
    unit_name: str
    standing: Standing
    told: str

    @property
    def can_be_filled(self) -> bool:
        return self.standing == Standing.TO_FILL


def forms_of_slip(tickets: Sequence[Ticket], *, cast_here: Iterable[str] = ()) -> list[SlipForm]:
    """The forms of a slip's tickets in two queries; `cast_here` are the fingerprints of those that this browser cast.

    The form of a rehearsal that was ended is there no more.
    """
    keys = [ticket.batch_id for ticket in tickets]
    batches = Batch.objects.select_related("poll__campaign", "poll__organization").in_bulk(keys)
    unused = set(Code.objects.filter(pk__in=[ticket.slip for ticket in tickets]).values_list("pk", flat=True))
    cast = set(cast_here)
    forms = []
    for ticket in tickets:
        if batch := batches.get(ticket.batch_id):
            standing, told = _standing(batch, is_unused=ticket.slip in unused, is_cast=ticket.fingerprint in cast)
            forms.append(SlipForm(ticket, batch.poll.campaign.title, batch.poll.unit_name, standing, told))
    return forms


def _standing(batch: Batch, *, is_unused: bool, is_cast: bool) -> tuple[Standing, str]:
    if is_cast:
        return Standing.CAST, CAST
    if batch.poll.state == Poll.State.PREPARING:
        return Standing.WAITING, NOT_OPENED
    if not batch.poll.is_accepting:
        return Standing.OVER, CLOSED
    if batch.state != Batch.State.OPEN:
        return Standing.OVER, VOIDED
    if not is_unused:
        return Standing.CAST, GONE
    try:
        casting.check_days(batch.poll)
    except casting.TooEarly as refusal:
        return Standing.WAITING, str(refusal)
    except casting.TooLate as refusal:
        return Standing.OVER, str(refusal)
    return Standing.TO_FILL, ""


def titles_beside(batches: Iterable[Batch]) -> dict[int, tuple[str, ...]]:
    """The titles of the other forms on the slips of each batch that shares them, by its key; at most one query."""
    ties = {batch.pk: batch.shared_slip_id for batch in batches if batch.shared_slip_id is not None}
    if not ties:
        return {}
    tied = Batch.objects.filter(shared_slip__in=ties.values()).order_by("slip_place")
    rows = list(tied.values_list("pk", "shared_slip", "poll__campaign__title"))
    return {key: tuple(title for other, own, title in rows if own == tie and other != key) for key, tie in ties.items()}
