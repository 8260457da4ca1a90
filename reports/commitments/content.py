"""Public commitments and what became of them: 承诺、践诺、评诺 (DOMAIN A10; scenario C7)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from ballots.counting import tally
from campaigns.models import Commitment, Member, Poll, Target

from .. import wording
from ..results.poll import Line, PollResults
from ..scope import Scope

PROMISE, DEED = Commitment.Kind.PROMISE, Commitment.Kind.DEED
FULFILLED, UNFULFILLED = Commitment.Status.FULFILLED, Commitment.Status.UNFULFILLED


@dataclass(frozen=True)
class CommitmentFigures:
    """Promises counted, 实事好事 apart; what became of promises; rates in percent without a sign, 「—」 without any."""

    commitments: int = 0
    deeds: int = 0
    members: int = 0
    # 人均, two decimals.
    average: str = ""
    fulfilled: int = 0
    unfulfilled: int = 0
    # 兑现率: fulfilled ÷ all promises, due or not; never 100 while one is missing.
    rate: str = ""

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
            yield f"已兑现{self.fulfilled}项，兑现率{self.rate}%（{self.fulfilled}/{self.commitments}）。"
        if self.deeds:
            yield f"办实事好事{self.deeds}件。"


@dataclass(frozen=True)
class PrintedCommitment:
    """A commitment as printed; dates as 「2026年5月1日」 or empty."""

    unit: str
    # Empty for the organization's own.
    member: str
    kind: str
    content: str
    due_on: str
    status: str
    fulfilled_on: str
    note: str
    # The 满意率 of the sealed 评诺 about it, as printed with its %; empty where there was none.
    satisfaction: str


@dataclass(frozen=True)
class CommitmentsContent:
    """The commitments of a report."""

    figures: CommitmentFigures
    entries: tuple[PrintedCommitment, ...]


@dataclass(frozen=True)
class Vote:
    """The votes of a sealed 评诺 on one commitment."""

    poll_id: int
    satisfaction: str


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


def commitment_figures(within: Q) -> CommitmentFigures:
    """The figures of the organizations that a condition on a column `organization` admits; two queries."""
    promised = Q(kind=PROMISE)
    counts = Commitment.objects.filter(within).aggregate(
        commitments=Count("pk", filter=promised),
        deeds=Count("pk", filter=Q(kind=DEED)),
        fulfilled=Count("pk", filter=promised & Q(status=FULFILLED)),
        unfulfilled=Count("pk", filter=promised & Q(status=UNFULFILLED)),
    )
    members = Member.objects.active().filter(within).count()
    return CommitmentFigures(
        **counts,
        members=members,
        average=wording.per_member(counts["commitments"], members),
        rate=tally.rate_text(counts["fulfilled"], counts["commitments"]) or tally.NO_RATE,
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
        rates = {target.id: "，".join(map(_rate, target.judged)) for target in of_poll.targets}
        for target_id, commitment_id in about[of_poll.poll.pk].items():
            if of_poll.hidden_reason or target_id in rates:
                votes[commitment_id] = Vote(of_poll.poll.pk, of_poll.hidden_reason or rates[target_id])
    return votes


def _rate(line: Line) -> str:
    """「98.0%」; with its name where it is not the 满意率 of the whole, 「—」 where nothing was returned."""
    text = line.total.satisfaction_text
    printed = tally.NO_RATE if text is None else f"{text}%"
    rate = wording.rate_name(line.total.labels[0])
    named = "" if rate == "满意率" else rate
    return f"{'' if line.is_overall else line.text}{named}{printed}"


def _entry_of(commitment: Commitment, vote: Vote | None) -> PrintedCommitment:
    return PrintedCommitment(
        unit=commitment.organization.name,
        member=commitment.member.name if commitment.member else "",
        kind=commitment.get_kind_display(),
        content=commitment.content,
        due_on=wording.date_text(commitment.due_on),
        status=commitment.get_status_display(),
        fulfilled_on=wording.date_text(commitment.fulfilled_on),
        note=commitment.note,
        satisfaction=vote.satisfaction if vote else "",
    )
