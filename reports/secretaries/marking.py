"""Writing down how superiors marked a person; from the opening on, until the 小结 is filed."""

from datetime import date

from django.db import IntegrityError, transaction

from campaigns.models import Poll, Target
from campaigns.ways import Refusal, way_to

from ..models import SummaryVersion, SuperiorMark

MARKING = (Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED)


class CannotMark(Refusal):
    """A mark that is not written down; the message is for the user."""


def record_superior_mark(target: Target, *, marks: str, marked_by: str, marked_on: date, by) -> SuperiorMark:
    """Keep the grades of one superior; raises CannotMark."""
    with transaction.atomic():
        poll = _marking(target.poll_id)
        section = poll.ballot_form.section(target.pk)
        if len(marks) != len(section.indicators) or not set(marks) <= set(section.digits):
            raise CannotMark(f"应逐项评价，共{len(section.indicators)}项，等次为{'、'.join(section.labels)}。")
        facts = {"marks": marks, "marked_on": marked_on, "recorded_by": by}
        try:
            with transaction.atomic():
                return SuperiorMark.objects.create(target=target, marked_by=marked_by, **facts)
        except IntegrityError as error:
            raise CannotMark(
                f"“{marked_by}”对“{target}”已经登记过评价；登记错的，请删除后重新登记。",
                way=way_to("上级评价", "reports:superior_marks", target.poll_id),
            ) from error


def remove_superior_mark(mark: SuperiorMark) -> None:
    """Take out what was recorded by mistake; raises CannotMark once the 小结 is filed."""
    with transaction.atomic():
        _marking(mark.target.poll_id)
        mark.delete()


def _marking(poll_id: int) -> Poll:
    """The poll, locked; raises CannotMark where it is too early or too late."""
    poll = Poll.objects.select_for_update(of=["self"], no_key=True).get(pk=poll_id)
    if poll.state not in MARKING:
        raise CannotMark(
            "评议开启以后，才能登记上级评价。", way=way_to("开启", "campaigns:campaign_detail", poll.campaign_id)
        )
    if SummaryVersion.objects.final().filter(summary__poll=poll).exists():
        raise CannotMark("小结已经定稿，不能再登记、删除上级评价。")
    return poll
