"""Duties that wait for a unit's secretary after the count: deadlines, opinions nobody has read, objections nobody has answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Func, IntegerField, Min, QuerySet, Window

from ballots.models import Opinion
from campaigns.models import Poll
from campaigns.models.reach import within_paths

from ..ledger.content import LedgerFigures, deadlines, ledger_progress
from ..models import Objection, Problem

SHOWN = 6
# The words by which all rows of one duty are asked for.
DEADLINES, OPINIONS, OBJECTIONS = "deadlines", "opinions", "objections"


@dataclass(frozen=True)
class Duties:
    """The rows shown of each duty, beside their number."""

    ledger: LedgerFigures
    deadlines: Sequence[Problem]
    opinions: int
    # The polls with the most unread ones, and how many each has; then the number of polls that have any.
    polls: Sequence[tuple[Poll, int]]
    poll_count: int
    objections: int
    # The earliest rows.
    first_objections: Sequence[Objection]

    @property
    def unfinished(self) -> int:
        return self.ledger.problems - self.ledger.closed


def duties_of(paths: Sequence[str], *, today: date, whole: str = "") -> Duties:
    """The duties within some subtrees, of the one that `whole` names all rows; a constant number of queries."""
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
    by_poll = list(_unread_by_poll(unread)[: _limit(OPINIONS, whole)])
    opinions, polls = by_poll[0][2:] if by_poll else (0, 0)
    return Duties(
        ledger=ledger_progress(paths, today=today),
        deadlines=deadlines(paths, today=today, limit=_limit(DEADLINES, whole)),
        opinions=opinions,
        polls=_most_unread(by_poll),
        poll_count=polls,
        objections=unanswered.count(),
        first_objections=first.order_by("received_on", "pk")[: _limit(OBJECTIONS, whole)],
    )


def _limit(duty: str, whole: str) -> int | None:
    return None if duty == whole else SHOWN


class _SumOfCounts(Func):
    """The sum over grouped rows of a number that was counted in each."""

    function, window_compatible = "SUM", True
    output_field = IntegerField()


def _unread_by_poll(unread: QuerySet[Opinion]) -> QuerySet[Any, tuple[int, int, int, int]]:
    """The keys of polls and how many unread opinions each has, the most first; then how many all have, and how many polls."""
    counts = unread.order_by().values("target__poll").annotate(count=Count("*"), path=Min("target__poll__path"))
    summed = counts.annotate(opinions=Window(_SumOfCounts("count")), polls=Window(Count("*")))
    in_order = summed.order_by("-count", "path", "target__poll")
    return in_order.values_list("target__poll", "count", "opinions", "polls")


def _most_unread(counts: Iterable[tuple[int, int, int, int]]) -> list[tuple[Poll, int]]:
    numbers = {key: count for key, count, *_ in counts}
    polls = Poll.objects.select_related("campaign", "organization").defer("form").in_bulk(numbers)
    return [(polls[key], count) for key, count in numbers.items()]
