"""The decisions in force, for those who decide on 评先评优 and 年度考核: about whom, why, by what votes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from ..findings import Crossing
from ..models import Appeal, Consequence
from ..wording import Day

NOT_GIVEN = "票数不再给出这一结果，请核对"


@dataclass(frozen=True)
class Restriction:
    """A decision as listed; the fact states its votes and their base."""

    finding_id: int
    poll_id: int
    rule: str
    target_id: int
    unit: str
    subject: str
    campaign: str
    fact: str
    kind: str
    content: str
    basis: str
    authority: str
    decided_on: Day
    until: Day
    # 「申诉1件，未答复」; empty where nobody appealed.
    appeals: str


@dataclass(frozen=True)
class RestrictionsContent:
    """The list of a unit on a day."""

    unit: str
    day: Day
    entries: tuple[Restriction, ...]

    @property
    def subjects(self) -> int:
        """How many units and people the list is about."""
        return len({(entry.unit, entry.subject) for entry in self.entries})


def consequences_in_force(paths: Iterable[str], day: date) -> QuerySet[Consequence]:
    """The decisions in force on a day about subjects of some subtrees, in tree order."""
    rows = Consequence.objects.within(paths).in_force(day)
    rows = rows.select_related("finding__target__poll__campaign", "finding__target__poll__organization")
    rows = rows.prefetch_related(Prefetch("finding__appeals", Appeal.objects.order_by("received_on", "pk")))
    return rows.order_by("finding__target__poll__path", "finding__target__position", "decided_on", "pk")


def restrictions_content(
    unit: str, rows: Iterable[Consequence], crossings: Iterable[Crossing], *, day: date
) -> RestrictionsContent:
    """The list; `crossings` are those of the polls that the rows are about."""
    facts = {(crossing.threshold.key, crossing.target_id): crossing.fact for crossing in crossings}
    return RestrictionsContent(unit, Day(day), tuple(_restriction(row, facts) for row in rows))


def _restriction(row: Consequence, facts: dict[tuple[str, int], str]) -> Restriction:
    finding = row.finding
    target, poll = finding.target, finding.target.poll
    return Restriction(
        finding_id=finding.pk,
        poll_id=poll.pk,
        rule=finding.rule,
        target_id=target.pk,
        unit=poll.unit_name,
        subject=target.name,
        campaign=poll.campaign.title,
        fact=facts.get((finding.rule, target.pk), NOT_GIVEN),
        kind=row.get_kind_display(),
        content=row.content,
        basis=row.basis,
        authority=row.authority,
        decided_on=Day(row.decided_on),
        until=Day(row.until),
        appeals=appeals_text(finding.appeals.all()),  # type: ignore[attr-defined]  # its related rows
    )


def appeals_text(appeals: Iterable[Appeal]) -> str:
    """「申诉2件，未答复1件」, 「申诉1件，维持」."""
    appeals = list(appeals)
    if not appeals:
        return ""
    waiting = sum(not appeal.is_answered for appeal in appeals)
    if waiting:
        return f"申诉{len(appeals)}件，未答复{waiting}件"
    return f"申诉{len(appeals)}件，{'、'.join(appeal.get_outcome_display() for appeal in appeals)}"
