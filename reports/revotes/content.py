"""The outcome of a revote about each problem: its votes, and what they mean for the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from ballots.counting import tally
from campaigns.models import Campaign, Poll

from ..models import Problem, Revote
from ..results.poll import PollResults, TargetResults


@dataclass(frozen=True)
class RevoteOutcome:
    """The votes about one problem; `counts` are empty where the poll's results are not shown, for the `hidden_reason`."""

    revote: Revote
    unit: str
    counts: tuple[tuple[str, int], ...]
    base: int
    decimals: int
    hidden_reason: str = ""

    @property
    def problem(self) -> Problem:
        return self.revote.problem

    @property
    def is_known(self) -> bool:
        """Whether anybody marked it and the marks may be shown."""
        return bool(self.base)

    @property
    def rates(self) -> tuple[tuple[str, int, tally.Rate], ...]:
        """Each grade with its votes and their share."""
        return tuple((label, count, tally.rate_of(count, self.base, self.decimals)) for label, count in self.counts)

    @property
    def is_over(self) -> bool:
        """Whether more than the set share is of the lowest grade: by integers, exactly the share is not more (scenario C9)."""
        if not self.is_known:
            return False
        lowest = self.counts[-1][1]
        return tally.exceeds(lowest, self.base, self.revote.numerator, self.revote.denominator)

    @property
    def verdict(self) -> Problem.Verdict | None:
        """不满意 over the limit; 满意 where more than half chose the first grade; else 基本满意."""
        if not self.is_known:
            return None
        if self.is_over:
            return Problem.Verdict.DISSATISFIED
        is_satisfied = tally.exceeds(self.counts[0][1], self.base, 1, 2)
        return Problem.Verdict.SATISFIED if is_satisfied else Problem.Verdict.FAIR

    @property
    def fact(self) -> str:
        """「满意18票、基本满意1票、不满意1票，共20票」."""
        marks = "、".join(f"{label}{count}票" for label, count in self.counts)
        return f"{marks}，共{self.base}票"

    @property
    def limit(self) -> str:
        return f"{self.revote.numerator}/{self.revote.denominator}"


def outcomes_of(all_results: Iterable[PollResults]) -> list[RevoteOutcome]:
    """The outcome of every revote in the sealed polls, in ballot order; one query."""
    results_by_poll = {results.poll.pk: results for results in all_results}
    rows = Revote.objects.filter(target__poll__in=results_by_poll).order_by("target__poll__path", "target__position")
    return [
        _outcome(revote, results_by_poll[revote.target.poll_id])
        for revote in rows.select_related("problem__organization", "target", "settled_by")
    ]


def _outcome(revote: Revote, results: PollResults) -> RevoteOutcome:
    targets = [target for target in results.targets if target.id == revote.target_id]
    counts, base = _votes(targets[0]) if targets else ((), 0)
    return RevoteOutcome(revote, results.unit, counts, base, results.rules.decimals, results.hidden_reason)


def _votes(target: TargetResults) -> tuple[tuple[tuple[str, int], ...], int]:
    """Votes by grade and their base: those of the 总体评价, or of all lines together where it was left out."""
    lines = target.judged
    chosen = [sum(line.total.cell.grades[place] for line in lines) for place in range(len(target.labels))]
    return tuple(zip(target.labels, chosen, strict=True)), sum(line.total.base or 0 for line in lines)


def campaigns_to_settle(kept: QuerySet) -> QuerySet[Campaign]:
    """The campaigns whose outcome the ledgers of some organizations still lack."""
    waiting = Revote.objects.filter(
        settled_at=None, problem__organization__in=kept, target__poll__state=Poll.State.SEALED
    )
    return Campaign.objects.filter(pk__in=waiting.values("target__poll__campaign"))
