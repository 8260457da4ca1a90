"""Thresholds judged on a sealed tally: per target, by integers, never after roll-up (scenarios C9, C20)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from ballots.counting import judgement, tally
from campaigns.library import LibraryThreshold
from campaigns.people import name_of

from ..models import Finding
from ..results.poll import Line, PollResults, TargetResults
from .keys import Key


@dataclass(frozen=True)
class CrossedLine:
    """An indicator that is over the limit by itself."""

    indicator: str
    count: int
    base: int
    rate: tally.Rate

    @property
    def text(self) -> str:
        return f"“{self.indicator}”{self.rate.percent_text}（{self.count}/{self.base}）"


@dataclass(frozen=True)
class Crossing:
    """A threshold that one target crossed, and what an organization has said about it."""

    threshold: LibraryThreshold
    poll_id: int
    unit: str
    target_id: int
    target: str
    # The indicator whose votes were judged; empty where they are those of all indicators together.
    indicator: str
    count: int
    base: int
    rate: tally.Rate
    state: str
    decision: str = ""
    # The problem of the ledger that was made of it.
    problem_id: int | None = None
    # The other indicators that are over the limit by themselves.
    lines: tuple[CrossedLine, ...] = ()

    @property
    def state_label(self) -> str:
        if self.state == Finding.State.PENDING and self.threshold.review_state:
            return self.threshold.review_state
        return Finding.State(self.state).label

    @property
    def is_pending(self) -> bool:
        return self.state == Finding.State.PENDING

    @property
    def is_confirmed(self) -> bool:
        return self.state == Finding.State.CONFIRMED

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator that the finding names."""
        return tuple(filter(None, (self.indicator, *(line.indicator for line in self.lines))))

    @property
    def fact(self) -> str:
        """The fact of the crossing, without what follows."""
        return self._main_fact + self._others

    @property
    def _main_fact(self) -> str:
        subject, unit = (f"“{self.indicator}”", "票") if self.indicator else ("各项合计", "票次")
        return (
            f"{self.target}{subject}：{'、'.join(self.threshold.labels)}{self.count}{unit}，"
            f"占{self.base}{unit}的{self.rate.percent_text}，{self.threshold.limit_text}"
        )

    @property
    def _others(self) -> str:
        if not self.lines:
            return ""
        opening = "另有" if self.indicator else "其中"
        return f"；{opening}{'、'.join(line.text for line in self.lines)}单项也{self.threshold.sense}"

    @property
    def sentence(self) -> str:
        """The crossing and the decision about it, in one line."""
        sentence = f"{self.fact}，{self.state_label}。"
        return sentence + ("；".join(self.consequences) + "。" if self.consequences else "")

    @property
    def consequences(self) -> tuple[str, ...]:
        """The consequence; empty about a person before an organization has confirmed the finding."""
        if self.state == Finding.State.CONFIRMED:
            return self.threshold.consequences
        if self.state == Finding.State.PENDING and not self.threshold.needs_review:
            return self.threshold.consequences
        return ()


def crossings_of(all_results: Iterable[PollResults]) -> list[Crossing]:
    """Every threshold of their campaigns that the polls' targets crossed, one a target and rule, in ballot order; one query."""
    judged = [
        (results, target, threshold, _crossed(target, threshold, results.poll.campaign.judged))
        for results in all_results
        for threshold in results.poll.campaign.limits
        for target in results.targets
        if target.kind in threshold.target_kinds
    ]
    crossed = [(results, target, threshold, votes) for results, target, threshold, votes in judged if votes]
    decided = _decided({target.id for _, target, *_ in crossed})
    return [
        Crossing(
            threshold=threshold,
            poll_id=results.poll.pk,
            unit=results.unit,
            target_id=target.id,
            target=target.name,
            indicator="" if votes.place is None else target.lines[votes.place].text,
            count=votes.count,
            base=votes.base,
            rate=tally.rate_of(votes.count, votes.base, results.rules.decimals),
            lines=tuple(_crossed_line(target.lines[place], threshold) for place in votes.lines if place != votes.place),
            **_decision(decided.get((threshold.key, target.id))),
        )
        for results, target, threshold, votes in crossed
    ]


def pending_keys(keys: Iterable[Key]) -> list[Key]:
    """The crossings about which no organization has decided yet; one query."""
    keys = list(keys)
    rows = Finding.objects.exclude(decided_at=None).filter(target__in={key.target_id for key in keys})
    decided = set(rows.values_list("rule", "target_id"))
    return [key for key in keys if (key.rule, key.target_id) not in decided]


def _decision(finding: Finding | None) -> dict[str, Any]:
    if finding is None or not finding.decided_at:
        return {"state": Finding.State.PENDING.value}
    moment = timezone.localtime(finding.decided_at)
    decision = (
        f"{name_of(finding.decided_by)}{moment.year}年{moment.month}月{moment.day}日{finding.get_state_display()}"
    )
    return {
        "state": finding.state,
        "decision": decision + (f"：{finding.reason}" if finding.reason else ""),
        "problem_id": finding.problem_key,  # type: ignore[attr-defined]  # added by `_decided`
    }


def _crossed(target: TargetResults, threshold: LibraryThreshold, judged: str) -> judgement.Crossed | None:
    """The votes over the limit; a scale without all the limit's grades is not judged by it."""
    if not set(threshold.labels) <= set(target.labels):
        return None
    lines = [judgement.JudgedLine(_counted(line, threshold), line.total.base, line.is_overall) for line in target.lines]
    return judgement.crossed(lines, judged, threshold.numerator, threshold.denominator, or_equal=threshold.is_at_least)


def _counted(line: Line, threshold: LibraryThreshold) -> int:
    """The votes for the grades that the limit counts."""
    chosen = dict(zip(line.total.labels, line.total.cell.grades, strict=True))
    return sum(chosen[label] for label in threshold.labels)


def _crossed_line(line: Line, threshold: LibraryThreshold) -> CrossedLine:
    # A line that is over a limit has a base.
    count, base = _counted(line, threshold), line.total.base or 0
    return CrossedLine(line.text, count, base, tally.rate_of(count, base, line.total.rules.decimals))


def _decided(target_ids: set[int]) -> dict[tuple[str, int], Finding]:
    if not target_ids:
        return {}
    rows = Finding.objects.filter(target__in=target_ids).select_related("decided_by")
    rows = rows.annotate(problem_key=F("problem__pk"))
    return {(row.rule, row.target_id): row for row in rows}
