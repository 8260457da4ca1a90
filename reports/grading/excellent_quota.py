"""优秀 is given to at most a third of the members; more is told, and goes on with a recorded reason (scenario C17)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ballots.counting import judgement, tally
from campaigns.models import Campaign
from campaigns.people import name_of

from ..models import ExcellentCount
from ..results.poll import PollResults, TargetResults, member_labels
from .content import GradingContent

OF_WHOM: dict[str, str] = {Campaign.ExcellentLimit.MEMBERS: "党员总数", Campaign.ExcellentLimit.ATTENDED: "参评党员"}


@dataclass(frozen=True)
class ExcellentQuota:
    """How many of a poll's members are 优秀, beside how many may be; `count` is None before anybody has said it."""

    count: int | None
    members: int | None
    attended: int | None
    rule: str
    reason: str
    decided: str

    @property
    def people(self) -> int | None:
        """The number of people of whom a third may be 优秀."""
        return self.members if self.rule == Campaign.ExcellentLimit.MEMBERS else self.attended

    @property
    def limit(self) -> int | None:
        return None if self.people is None else judgement.excellent_limit(self.people)

    @property
    def is_over(self) -> bool:
        return self.count is not None and self.limit is not None and self.count > self.limit

    @property
    def wants_reason(self) -> bool:
        return self.is_over and not self.reason

    @property
    def sentence(self) -> str:
        """「优秀5名，超过上限4名（党员总数12名的三分之一）」, or that it is within the limit."""
        if self.count is None:
            return "尚未登记定为优秀的人数。"
        if self.limit is None:
            return f"优秀{self.count}名，{OF_WHOM[self.rule]}未填，不能核对上限。"
        whole = f"上限{self.limit}名（{OF_WHOM[self.rule]}{self.people}名的三分之一）"
        if self.is_over:
            return f"优秀{self.count}名，超过{whole}。" + (f"理由：{self.reason}。" if self.reason else "")
        rate = f"占{tally.percent(Fraction(self.count, self.people), 1)}%，" if self.people else ""
        return f"优秀{self.count}名，{rate}未超过{whole}。"


def excellent_of(
    all_results: Iterable[PollResults], gradings: Mapping[int, GradingContent]
) -> dict[int, ExcellentQuota]:
    """By poll, where members are graded 优秀、合格 and so on and the campaign limits 优秀; one query.

    The number is that of the decided grades, or where the members were appraised as one body what was recorded.
    """
    limited = {results.poll.pk: results for results in all_results if _is_limited(results)}
    campaigns = {results.poll.campaign_id for results in limited.values()}
    rows = ExcellentCount.objects.filter(poll__campaign__in=campaigns).select_related("decided_by") if limited else ()
    written = {row.poll_id: row for row in rows}
    return {
        key: quota_of_grading(results, gradings[key]) if key in gradings else _excellent(results, written.get(key))
        for key, results in limited.items()
    }


def quota_of_grading(results: PollResults, grading: GradingContent) -> ExcellentQuota:
    """The 优秀 among the grades that a meeting decided."""
    rule, decided = results.poll.campaign.excellent_limit, grading.recorded_by
    return ExcellentQuota(grading.excellent, grading.members, grading.attended, rule, grading.excellent_reason, decided)


def _is_limited(results: PollResults) -> bool:
    return results.poll.campaign.excellent_limit != Campaign.ExcellentLimit.NONE and bool(
        _graded(results) or results.graded
    )


def _graded(results: PollResults) -> list[TargetResults]:
    return [target for target in results.targets if target.labels == member_labels()]


def _excellent(results: PollResults, row: ExcellentCount | None) -> ExcellentQuota:
    rule = results.poll.campaign.excellent_limit
    if row:
        return ExcellentQuota(row.excellent, row.members, row.attended, rule, row.reason, name_of(row.decided_by))
    # Members graded as one body: each ballot stands for one of them, as the 小结 says them (C5).
    together = [target for target in _graded(results) if target.is_collective]
    count = together[0].judged[0].total.cell.grades[0] if together and results.sheets.valid else None
    sheets = results.sheets
    attended = sheets.attended if sheets.attended is not None else sheets.returned
    members = sheets.entitled if sheets.entitled is not None else attended
    return ExcellentQuota(count, members, attended, rule, "", "")
