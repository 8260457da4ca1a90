"""Duties that wait for a unit's secretary after the count: deadlines, opinions nobody has read, objections nobody has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from ballots.models import Opinion
from campaigns.models import Poll
from campaigns.models.reach import within_paths

from ..ledger.content import LedgerFigures, deadlines, ledger_progress
from ..models import Objection, Problem

SHOWN = 6


@dataclass(frozen=True)
class Duties:
    """The rows shown of each duty, beside their number."""

    ledger: LedgerFigures
    deadlines: Sequence[Problem]
    opinions: int
    # The polls with the most unread ones, and how many each has.
    polls: Sequence[tuple[Poll, int]]
    objections: int
    # The earliest rows.
    first_objections: Sequence[Objection]

    @property
    def unfinished(self) -> int:
        return self.ledger.problems - self.ledger.closed


def duties_of(paths: Sequence[str], *, today: date) -> Duties:
    """The duties within some subtrees; a constant number of queries."""
    unread = Opinion.objects.filter(
        within_paths(paths, "target__poll__path"),
        target__poll__state=Poll.State.SEALED,
        reading=None,
    )
    unanswered = Objection.objects.unanswered().within(paths).filter(announcement__withdrawn_at=None)
    first = unanswered.select_related(
        "announcement__poll__campaign",
        "announcement__poll__organization",
        "announcement__campaign",
        "announcement__organization",
    ).defer("announcement__poll__form")
    return Duties(
        ledger=ledger_progress(paths, today=today),
        deadlines=deadlines(paths, today=today, limit=SHOWN),
        opinions=unread.count(),
        polls=_most_unread(unread),
        objections=unanswered.count(),
        first_objections=first.order_by("received_on", "pk")[:SHOWN],
    )


def _most_unread(unread: QuerySet[Opinion]) -> list[tuple[Poll, int]]:
    counts = dict(unread.order_by().values_list("target__poll").annotate(count=Count("pk")).order_by("-count")[:SHOWN])
    polls = Poll.objects.filter(pk__in=counts).select_related("campaign", "organization").defer("form")
    return sorted(
        ((poll, counts[poll.pk]) for poll in polls), key=lambda entry: (-entry[1], entry[0].organization.path)
    )
