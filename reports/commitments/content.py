"""Public commitments and what became of them: 承诺、践诺、评诺 (DOMAIN A10; scenario C7)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Value

from ballots.counting import tally
from campaigns.models import Commitment, Member, Organization, Poll, Target
from campaigns.models.reach import within_paths

from .. import wording
from ..results.poll import Line, PollResults
from ..scope import Scope

PROMISE, DEED = Commitment.Kind.PROMISE, Commitment.Kind.DEED
FULFILLED, UNFULFILLED = Commitment.Status.FULFILLED, Commitment.Status.UNFULFILLED


@dataclass(frozen=True)
class CommitmentFigures:
    """Promises counted, 实事好事 apart, and what became of promises."""

    commitments: int = 0
    deeds: int = 0
    members: int = 0
    fulfilled: int = 0
    unfulfilled: int = 0
    # Neither fulfilled nor given up although the day has passed, 实事好事 among them.
    overdue: int = 0

    @property
    def average(self) -> tally.Number:
        return wording.per_member(self.commitments, self.members)

    @property
    def rate(self) -> tally.Rate:
        """兑现率: fulfilled ÷ all promises, due or not; never 100 while one is missing."""
        return tally.rate_of(self.fulfilled, self.commitments)

    @property
    def ongoing(self) -> int:
        return self.commitments - self.fulfilled - self.unfulfilled

    @property
    def sentences(self) -> tuple[str, ...]:
        """The report's sentences about them (C7); empty where nothing was promised or done."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterable[str]:
        if self.commitments:
            yield wording.commitments_sentence(self.commitments, self.members)
            yield f"已兑现{self.fulfilled}项，兑现率{self.rate.percent_text}（{self.fulfilled}/{self.commitments}）。"
        if self.deeds:
            yield f"办实事好事{self.deeds}件。"


@dataclass(frozen=True)
class VotedRate:
    """The rate of one line of a 评诺; `name` says what of, where it is not the 满意率 of the whole."""

    name: str
    rate: tally.Rate

    @property
    def text(self) -> str:
        """「98.0%」, 「效果98.0%」, 「—」 where nothing was returned."""
        return f"{self.name}{self.rate.percent_text}"


@dataclass(frozen=True)
class Voted:
    """The outcome of the sealed 评诺 about a commitment: its rates, or why they are not shown; neither where there was none."""

    rates: tuple[VotedRate, ...] = ()
    hidden_reason: str = ""

    @property
    def text(self) -> str:
        return self.hidden_reason or "，".join(rate.text for rate in self.rates)


@dataclass(frozen=True)
class PrintedCommitment:
    """A commitment as printed."""

    unit: str
    # Empty for the organization's own.
    member: str
    kind: str
    content: str
    due_on: wording.Day
    status: str
    fulfilled_on: wording.Day
    note: str
    voted: Voted


@dataclass(frozen=True)
class CommitmentsContent:
    """The commitments of a report."""

    figures: CommitmentFigures
    entries: tuple[PrintedCommitment, ...]


@dataclass(frozen=True)
class Vote:
    """The votes of a sealed 评诺 on one commitment."""

    poll_id: int
    voted: Voted


def commitments_content(scope: Scope, results: Iterable[PollResults]) -> CommitmentsContent:
    """The commitments of a scope's units and their members, with the votes among its sealed polls' results.

    A constant number of queries.
    """
    votes = votes_on(scope.polls, results)
    rows = Commitment.objects.filter(scope.within("organization")).select_related("organization", "member")
    return CommitmentsContent(
        commitment_figures(scope.within("organization")),
        tuple(_entry_of(commitment, votes.get(commitment.pk)) for commitment in rows),
    )


def counted_within(scope: Scope) -> Q:
    """The condition on a column `organization` by which a scope's commitments and members are counted; one query."""
    return scope.within("organization") if scope.poll else within_or_all([scope.organization.path])


def within_or_all(paths: Sequence[str]) -> Q:
    """The condition that a column `organization` lies in some subtrees; none where they are the whole tree."""
    return Q() if Organization.objects.are_all_within(paths) else within_paths(paths, "organization__path")


def commitment_figures(within: Q, *, today: date | None = None) -> CommitmentFigures:
    """The figures of the organizations that a condition on a column `organization` admits, the overdue ones among them where
    a day is given; two queries.
    """
    late = Q(due_on__lt=today, status=Commitment.Status.ONGOING) if today else Q(pk__in=[])
    groups = Commitment.objects.filter(within).order_by().values_list("status", "kind")
    # By groups and not by conditions: an index holds them side by side.
    counts: Counter[tuple[str, str]] = Counter()
    overdue = 0
    for status, kind, count, late_count in groups.annotate(count=Count("*"), late=Count(Value(1), filter=late)):
        counts[status, kind] += count
        overdue += late_count
    return CommitmentFigures(
        commitments=sum(counts[status, PROMISE] for status in Commitment.Status),
        deeds=sum(counts[status, DEED] for status in Commitment.Status),
        members=Member.objects.active().filter(within).count(),
        fulfilled=counts[FULFILLED, PROMISE],
        unfulfilled=counts[UNFULFILLED, PROMISE],
        overdue=overdue,
    )


def polls_about(commitments: Iterable[Commitment]) -> QuerySet[Poll]:
    """The polls that vote on commitments."""
    about = Target.objects.filter(commitment__in=list(commitments))
    return Poll.objects.filter(pk__in=about.values("poll"))


def votes_on(polls: QuerySet[Poll], results: Iterable[PollResults]) -> dict[int, Vote]:
    """The votes among the results of some polls, by commitment; of several on one commitment the one sealed last."""
    targets = Target.objects.filter(poll__in=polls, commitment__isnull=False)
    about: dict[int, dict[int, int]] = defaultdict(dict)
    for poll_id, target_id, commitment_id in targets.values_list("poll", "pk", "commitment"):
        about[poll_id][target_id] = commitment_id
    votes: dict[int, Vote] = {}
    # A sealed poll has a time (constraint poll_times_fit_the_state).
    for of_poll in sorted(results, key=lambda of_poll: of_poll.poll.sealed_at):  # type: ignore[arg-type,return-value]
        rates = {target.id: tuple(map(_voted, target.judged)) for target in of_poll.targets}
        for target_id, commitment_id in about[of_poll.poll.pk].items():
            if of_poll.hidden_reason:
                votes[commitment_id] = Vote(of_poll.poll.pk, Voted(hidden_reason=of_poll.hidden_reason))
            elif target_id in rates:
                votes[commitment_id] = Vote(of_poll.poll.pk, Voted(rates[target_id]))
    return votes


def _voted(line: Line) -> VotedRate:
    rate = wording.rate_name(line.total.labels[0])
    name = "" if rate == "满意率" else rate
    return VotedRate(name if line.is_overall else f"{line.text}{name}", line.total.satisfaction)


def _entry_of(commitment: Commitment, vote: Vote | None) -> PrintedCommitment:
    return PrintedCommitment(
        unit=commitment.organization.name,
        member=commitment.member.name if commitment.member else "",
        kind=commitment.get_kind_display(),
        content=commitment.content,
        due_on=wording.Day(commitment.due_on),
        status=commitment.get_status_display(),
        fulfilled_on=wording.Day(commitment.fulfilled_on),
        note=commitment.note,
        voted=vote.voted if vote else Voted(),
    )
