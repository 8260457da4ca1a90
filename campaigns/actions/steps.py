"""The steps of a campaign."""

from collections.abc import Iterable
from datetime import date

from ..models import Campaign, CampaignStep


def write_steps(campaign: Campaign, rows: Iterable[tuple[str, date | None, date | None]]) -> None:
    """Write the steps of a campaign anew: the kind, the first and the last day of each, in order."""
    campaign.steps.all().delete()
    CampaignStep.objects.bulk_create(
        CampaignStep(campaign=campaign, kind=kind, starts_on=starts_on, ends_on=ends_on, position=position)
        for position, (kind, starts_on, ends_on) in enumerate(rows, start=1)
    )
