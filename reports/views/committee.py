"""What the committee above watches: who lags behind."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from campaigns.models.role import within_paths

from ..committee.progress import described
from ..committee.progress import lagging as lagging_of
from .results import unit_and_progress, visible_campaign

UNITS_PER_PAGE = 50


def lagging(request, campaign_id):
    """Every unit that should have come further; how far each has come is no result and shows before any seal."""
    campaign = visible_campaign(request, campaign_id)
    unit, progress = unit_and_progress(request, campaign)
    today = timezone.localdate()
    late = lagging_of(campaign.polls.filter(within_paths([unit.path], "organization__path")), today=today)
    page = Paginator(late.select_related("campaign", "organization"), UNITS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "unit": unit,
        "progress": progress,
        "page": page,
        "units": described(page, today=today),
    }
    return render(request, "reports/lagging.html", context)
