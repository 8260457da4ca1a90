"""Filing a 小结: the whole report with its figures becomes a final copy."""

from datetime import date

from django.db import transaction

from campaigns.models import Poll

from ..models import SummaryVersion
from ..opinions.desk import file_opinions
from ..scope import Scope
from ..summary.actions import locked_summary
from . import report_of
from .snapshot import freeze


class CannotFile(Exception):
    """A final copy cannot be filed; `reasons` say why, one sentence each, for the user."""

    def __init__(self, reasons: tuple[str, ...]):
        super().__init__("".join(reasons))
        self.reasons = reasons


def file_summary(scope: Scope, *, by, today: date, seen: int | None = None) -> SummaryVersion:
    """File a final copy with all its figures; raises CannotFile with the reasons, or Outdated as above.

    Later changes leave it as it is, but for words of opinions that are masked later; another one may be filed after it. With a poll's own 小结 the originals of
    masked opinions go; a unit's above it leaves them to the polls.
    """
    with transaction.atomic():
        summary = locked_summary(scope, seen)
        if scope.poll:
            # Nobody masks an opinion between the copy and the end of the originals.
            Poll.objects.select_for_update(of=["self"]).get(pk=scope.poll.pk)
        report = report_of(scope, today=today)
        if report.summary.reasons:
            raise CannotFile(report.summary.reasons)
        version = summary.keep(by=by, snapshot=freeze(report))
        if scope.poll:
            file_opinions(scope.poll, by=by)
    return version
