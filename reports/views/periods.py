"""A campaign beside its earlier periods."""

from django.core.paginator import Paginator
from django.shortcuts import render

from ..committee.periods import periods_of
from .results import chosen_unit, trail_of, visible_campaign

UNITS_PER_PAGE = 60


def periods(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    unit = chosen_unit(request, campaign)
    found = periods_of(campaign, unit)
    below = found.below.rows if found.below else ()
    context = {
        "campaign": campaign,
        "unit": unit,
        "found": found,
        "trail": trail_of(request.user, campaign, unit),
        "page": Paginator(below, UNITS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "reports/periods.html", context)
