"""Duties that wait for a unit's secretary after the count: deadlines, opinions nobody has read, objections nobody has answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Min, QuerySet

from ballots.models import Opinion
from campaigns.models import Poll
from campaigns.models.reach import within_paths

from ..ledger.content import LedgerFigures, deadlines, ledger_progress
from ..models import Objection, Problem

SHOWN = 6
# More unread opinions are not counted before anybody asks for all of them: of each the poll has to be found.
MOST_COUNTED = 1000
# The words by which all rows of one duty are asked for.
DEADLINES, OPINIONS, OBJECTIONS = "deadlines", "opinions", "objections"


@dataclass(frozen=True)
class UnreadOpinions:
    """The polls with the most unread opinions, as far as they were counted; a poll is read once a slice of them is asked for."""

    # Keys of polls, each with how many it has.
    rows: Sequence[tuple[int, int]]
    # Whether there are more opinions, so that these polls are some of all.
    is_cut_short: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, part: slice) -> list[tuple[Poll, int]]:
        shown = self.rows[part]
        polls = Poll.objects.select_related("campaign", "organization").defer("form").in_bulk([key for key, _ in shown])
        return [(polls[key], number) for key, number in shown]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.rows)

    @property
    def total_text(self) -> str:
        """「23」, 「超过1000」."""
        return f"超过{MOST_COUNTED}" if self.is_cut_short else str(self.total)


@dataclass(frozen=True)
class Duties:
    """The rows shown of each duty, beside their number."""

    ledger: LedgerFigures
    deadlines: QuerySet[Problem]
    unread: UnreadOpinions
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
    return Duties(
        ledger=ledger_progress(paths, today=today),
        deadlines=deadlines(paths, today=today, limit=_limit(DEADLINES, whole)),
        unread=_all_unread(unread) if whole == OPINIONS else _most_unread(unread),
        objections=unanswered.count(),
        first_objections=first.order_by("received_on", "pk")[: _limit(OBJECTIONS, whole)],
    )


def _limit(duty: str, whole: str) -> int | None:
    return None if duty == whole else SHOWN


def _most_unread(unread: QuerySet[Opinion]) -> UnreadOpinions:
    """The polls of so many opinions, counted in Python: the database would find the poll of each for the first six."""
    path_of = unread.order_by().values_list("target__poll", "target__poll__path")
    counts = Counter(path_of[: MOST_COUNTED + 1])
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0][1], row[0][0]))
    keys = [key for (key, _), _ in rows]
    if counts.total() <= MOST_COUNTED:
        return UnreadOpinions([(key, number) for (key, _), number in rows])
    # Some of them were not counted: the few that are shown are, each with all of its own.
    return replace(_all_unread(unread.filter(target__poll__in=keys[:SHOWN])), is_cut_short=True)


def _all_unread(unread: QuerySet[Opinion]) -> UnreadOpinions:
    """The polls of all of them; two numbers for each, so that one query counts them and puts them in order."""
    counts = unread.order_by().values("target__poll").annotate(number=Count("*"), path=Min("target__poll__path"))
    rows = counts.order_by("-number", "path", "target__poll")
    return UnreadOpinions(list(rows.values_list("target__poll", "number")))
