"""The thresholds of a campaign that an office made itself: chosen again below, changed until the campaign opens.

A campaign keeps the whole of each, so that what was decided under one keeps its meaning.
"""

from ..library import LibraryThreshold, kept_threshold
from ..models import Campaign
from ..models.place import ancestor_paths
from .campaigns import editing


def own_thresholds_for(campaign: Campaign) -> dict[str, LibraryThreshold]:
    """The own thresholds of the campaigns of the organizer and of the organizations above it, by key."""
    above = Campaign.objects.filter(path__in=ancestor_paths(campaign.path)).exclude(thresholds=[])
    limits = [limit for other in above.order_by("pk") for limit in other.limits]
    return {limit.key: limit for limit in limits if limit.is_own}


def keep_thresholds(campaign: Campaign, limits: list[LibraryThreshold]) -> None:
    """Write which thresholds a campaign has; the caller holds the campaign."""
    campaign.thresholds = [kept_threshold(limit) if limit.is_own else limit.key for limit in limits]
    campaign.save(update_fields=["thresholds"])


def write_threshold(campaign: Campaign, threshold: LibraryThreshold, *, instead_of: str = "") -> None:
    """Give a campaign a threshold, in the place of another where a key is given. Raises Frozen."""
    with editing(campaign) as locked:
        limits = [threshold if limit.key == instead_of else limit for limit in locked.limits]
        if threshold.key not in {limit.key for limit in limits}:
            limits.append(threshold)
        keep_thresholds(locked, limits)
