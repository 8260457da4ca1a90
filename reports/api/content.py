"""The answers of the API beside the tally: campaigns and units, as plain values in the order of their keys."""

from collections.abc import Iterable

from campaigns.models import Campaign

from .reach import ReadableUnit

FORMAT = "pingyi-api/1"


def campaigns_answer(campaigns: Iterable[Campaign]) -> dict:
    """All campaigns in reach; of each how many units are in reach, and how many of those are sealed."""
    return {"format": FORMAT, "campaigns": [campaign_entry(campaign) for campaign in campaigns]}


def campaign_answer(campaign: Campaign, units: Iterable[ReadableUnit]) -> dict:
    """A campaign with the units that may be asked for."""
    return {"format": FORMAT, "campaign": campaign_entry(campaign), "units": [_unit(entry) for entry in units]}


def campaign_entry(campaign) -> dict:
    """A campaign of `readable_campaigns`."""
    return {
        "key": campaign.pk,
        "title": campaign.title,
        "organizer": campaign.organizer_name,
        "period": campaign.period,
        "starts_on": _day(campaign.starts_on),
        "ends_on": _day(campaign.ends_on),
        "units": campaign.planned,
        "units_sealed": campaign.sealed,
    }


def _day(day) -> str | None:
    return day.isoformat() if day else None


def _unit(entry: ReadableUnit) -> dict:
    return {
        "key": entry.unit.pk,
        "name": entry.unit.name,
        "level": len(entry.unit.ancestor_paths),
        "state": entry.state or None,
    }
