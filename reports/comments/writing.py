"""Writes a workbook of comments whole or not at all."""

from django.db import transaction

from campaigns.models import Campaign
from campaigns.roster.comparing import CHANGED, NEW, RosterComparison
from campaigns.roster.reading import Reading
from campaigns.roster.writing import BATCH, Stale

from ..models import LeaderComment
from .comparing import HEADINGS, compare_comments
from .layout import COMMENTS


def write_comments(reading: Reading, campaign: Campaign, user, *, previewed: str) -> RosterComparison:
    """Compare again and write what was previewed; raises Stale, having written nothing, where that has changed."""
    with transaction.atomic():
        # Of two who confirm at once the second sees what the first has written.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        comparison = compare_comments(reading, campaign, user)
        if comparison.errors or comparison.digest != previewed:
            raise Stale(comparison)
        new, changed = ([entry.instance for entry in comparison.of(COMMENTS.name, state)] for state in (NEW, CHANGED))
        LeaderComment.objects.bulk_create(new, batch_size=BATCH)  # type: ignore[arg-type]
        LeaderComment.objects.bulk_update(changed, [*HEADINGS, "points"], batch_size=BATCH)  # type: ignore[arg-type]
    return comparison
