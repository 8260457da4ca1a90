"""Periods of plans that somebody should see to: about to begin without a campaign, or begun and late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from ..models import PlannedPeriod, Poll, YearPlan
from ..models.reach import within_paths

# A period that begins within so many days wants its campaign.
DAYS_AHEAD = 14


@dataclass(frozen=True)
class Reminder:
    """A period, and why it is named."""

    period: PlannedPeriod
    reason: str


def reminders_of(paths: Iterable[str], *, today: date) -> list[Reminder]:
    """The reminders of the plans of some subtrees, the earliest first; one query."""
    return _reminders(PlannedPeriod.objects.filter(within_paths(paths, "plan__organization__path")), today)


def reasons_of_plan(plan: YearPlan, *, today: date) -> dict[int, str]:
    """The same of one plan: why, by the period's key."""
    return {reminder.period.pk: reminder.reason for reminder in _reminders(plan.periods.all(), today)}


def _reminders(periods: QuerySet[PlannedPeriod], today: date) -> list[Reminder]:
    unsealed = Poll.objects.filter(campaign=OuterRef("campaign")).exclude(state=Poll.State.SEALED)
    begun = periods.filter(starts_on__lte=today + timedelta(days=DAYS_AHEAD)).annotate(has_unsealed=Exists(unsealed))
    ordered = begun.select_related("plan__organization", "campaign").order_by("starts_on", "pk")
    reasons = ((period, _reason(period, today)) for period in ordered)
    return [Reminder(period, reason) for period, reason in reasons if reason]


def _reason(period, today: date) -> str:
    """Why a period with the annotation `has_unsealed` wants somebody; empty where it does not."""
    campaign = period.campaign
    if campaign is None:
        return _without_campaign(period, today)
    if not campaign.is_frozen:
        return "已经开始，活动还在筹备" if period.starts_on <= today else ""
    return "已经结束，活动还没有全部封存" if period.ends_on < today and period.has_unsealed else ""


def _without_campaign(period: PlannedPeriod, today: date) -> str:
    if period.ends_on < today:
        return "已经结束，没有活动"
    if period.starts_on <= today:
        return "已经开始，还没有活动"
    return f"还有{(period.starts_on - today).days}天开始，还没有活动"
