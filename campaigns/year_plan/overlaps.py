"""Campaigns that are held at one unit at the same time, which the organizers are to avoid (「防止多头评议、重复考核」).

The database counts the units, so that a plan over a hundred thousand of them costs no more to show.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from ..models import Campaign, Organization, PlannedPeriod, Poll
from ..models.reach import within_paths

# Another campaign, how many units it shares, and its poll at one of them.
Shared = tuple[int, int, int]


@dataclass(frozen=True)
class Overlap:
    """Another campaign at some of the same units in the same days; `unit` is one of them."""

    campaign: Campaign
    unit: str
    unit_count: int

    def __str__(self):
        days = f"{self.campaign.starts_on:%Y-%m-%d}至{self.campaign.ends_on:%Y-%m-%d}"
        units = f"{self.unit}等{self.unit_count}个单位" if self.unit_count > 1 else self.unit
        return f"与“{self.campaign.title}”（{days}）时间重叠，同时评议{units}。"


def overlaps_of(campaign: Campaign) -> list[Overlap]:
    """The other campaigns that ask the same units in days that they share; none while the campaign has no days."""
    if campaign.starts_on is None or campaign.ends_on is None:
        return []
    held = _held_in(campaign.starts_on, campaign.ends_on, [campaign.pk])
    shared = _shared_with([campaign.pk], held).get(campaign.pk, [])
    return _overlaps(shared, *_named(shared), first=campaign.starts_on, last=campaign.ends_on)


def overlaps_of_plan(organization: Organization, periods: Sequence[PlannedPeriod]) -> dict[int, list[Overlap]]:
    """By period's key, the campaigns outside the plan that fall into its days at its units.

    The units are those of the period's campaign; before there is one, every unit below the plan's organization. The queries
    are as many for one period as for twelve.
    """
    planned = [period.campaign_id for period in periods if period.campaign_id]
    days = [day for period in periods for day in (period.starts_on, period.ends_on)]
    held = _held_in(min(days), max(days), planned) if days else []
    shared = _shared_with(planned, held)
    below = Poll.objects.filter(within_paths(organization.places), campaign__in=held)
    anywhere = list(below.values_list("campaign").annotate(Count("pk"), Min("pk")).order_by("campaign"))
    rows = {period.pk: shared.get(period.campaign_id, []) if period.campaign_id else anywhere for period in periods}
    campaigns, units = _named([row for own in rows.values() for row in own])
    return {
        period.pk: _overlaps(rows[period.pk], campaigns, units, first=period.starts_on, last=period.ends_on)
        for period in periods
    }


def _held_in(first: date, last: date, planned: Collection[int]) -> list[int]:
    """The keys of the campaigns, but for some planned, that are held on some day of those.

    Nothing is counted of the others, which are most: those of last year and of next.
    """
    held = Campaign.objects.filter(starts_on__lte=last, ends_on__gte=first).exclude(pk__in=planned)
    return list(held.order_by("pk").values_list("pk", flat=True))


def _shared_with(planned: Collection[int], held: Collection[int]) -> dict[int, list[Shared]]:
    """By key of some campaigns, those of the held that have polls at their units."""
    polls = Poll.objects.filter(campaign__in=held, organization__polls__campaign__in=planned)
    pairs = polls.order_by("organization__polls__campaign", "campaign")
    shared: dict[int, list[Shared]] = {}
    for own, *row in pairs.values_list("organization__polls__campaign", "campaign").annotate(Count("pk"), Min("pk")):
        shared.setdefault(own, []).append((row[0], row[1], row[2]))
    return shared


def _named(rows: Iterable[Shared]) -> tuple[Mapping[int, Campaign], Mapping[int, str]]:
    """The campaigns and the names of the polls that rows speak of, by key."""
    rows = list(rows)
    polls = Poll.objects.filter(pk__in={poll for *_, poll in rows}).select_related("organization").defer("form")
    return Campaign.objects.in_bulk({key for key, *_ in rows}), {poll.pk: poll.unit_name for poll in polls}


def _overlaps(
    rows: Iterable[Shared], campaigns: Mapping[int, Campaign], units: Mapping[int, str], *, first: date, last: date
) -> list[Overlap]:
    """The rows whose campaigns are held in some of the days, the earliest first."""
    overlaps = [Overlap(campaigns[key], units[poll], count) for key, count, poll in rows]
    held = [overlap for overlap in overlaps if _is_held(overlap.campaign, first, last)]
    return sorted(held, key=lambda overlap: (overlap.campaign.starts_on, overlap.campaign.pk))


def _is_held(campaign: Campaign, first: date, last: date) -> bool:
    if campaign.starts_on is None or campaign.ends_on is None:
        return False
    return campaign.starts_on <= last and campaign.ends_on >= first
