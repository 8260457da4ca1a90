"""Thresholds judged on a sealed tally: per target, strictly, by integers, never after roll-up (scenarios C9, C20)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from ballots.counting import tally
from campaigns import library
from campaigns.library import LibraryThreshold
from campaigns.people import name_of

from ..models import Finding
from ..results.poll import Line, PollResults, TargetResults
from .keys import Key


@dataclass(frozen=True)
class Crossing:
    """A threshold that one target's line crossed, and what an organization has said about it."""

    threshold: LibraryThreshold
    poll_id: int
    unit: str
    target_id: int
    target: str
    indicator_id: int
    indicator: str
    count: int
    base: int
    rate: tally.Rate
    state: str
    decision: str = ""
    # The problem of the ledger that was made of it.
    problem_id: int | None = None

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
    def fact(self) -> str:
        """The fact of the crossing, without what follows."""
        labels = "、".join(self.threshold.labels)
        return (
            f"{self.target}“{self.indicator}”：{labels}{self.count}票，占{self.base}票的{self.rate.percent_text}，"
            f"超过{self.threshold.numerator}/{self.threshold.denominator}"
        )

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
    """Every threshold of their campaigns that the polls' targets crossed, in ballot order; one query."""
    crossed = [
        (results, target, line, threshold, count, base)
        for results in all_results
        for key in results.poll.campaign.thresholds
        for threshold in [library.thresholds()[key]]
        for target in results.targets
        if target.kind in threshold.target_kinds
        for line, count, base in _crossed(target, threshold)
    ]
    decided = _decided({target.id for _, target, *_ in crossed})
    return [
        Crossing(
            threshold=threshold,
            poll_id=results.poll.pk,
            unit=results.unit,
            target_id=target.id,
            target=target.name,
            indicator_id=line.indicator_id,
            indicator=line.text,
            count=count,
            base=base,
            rate=tally.rate_of(count, base, results.rules.decimals),
            **_decision(decided.get((threshold.key, target.id, line.indicator_id))),
        )
        for results, target, line, threshold, count, base in crossed
    ]


def pending_keys(keys: Iterable[Key]) -> list[Key]:
    """The crossings about which no organization has decided yet; one query."""
    keys = list(keys)
    rows = Finding.objects.exclude(decided_at=None).filter(target__in={key.target_id for key in keys})
    decided = set(rows.values_list("rule", "target_id", "indicator_id"))
    return [key for key in keys if (key.rule, key.target_id, key.indicator_id) not in decided]


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


def _crossed(target: TargetResults, threshold: LibraryThreshold) -> Iterable[tuple[Line, int, int]]:
    """The judged lines over the limit with their count and base; a scale without all the limit's grades is not judged by it."""
    if not set(threshold.labels) <= set(target.labels):
        return
    for line in target.judged:
        count = sum(
            chosen
            for label, chosen in zip(target.labels, line.total.cell.grades, strict=True)
            if label in threshold.labels
        )
        base = line.total.base
        if base and tally.exceeds(count, base, threshold.numerator, threshold.denominator):
            yield line, count, base


def _decided(target_ids: set[int]) -> dict[tuple[str, int, int], Finding]:
    if not target_ids:
        return {}
    rows = Finding.objects.filter(target__in=target_ids).select_related("decided_by")
    rows = rows.annotate(problem_key=F("problem__pk"))
    return {(row.rule, row.target_id, row.indicator_id): row for row in rows}
