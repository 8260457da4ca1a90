"""Units beside each other by one rate."""

from django.core.paginator import Paginator
from django.shortcuts import render

from ..committee.ranking import ranking_of
from ..forms.ranking import RankingForm
from .results import chosen_unit, visible_campaign

UNITS_PER_PAGE = 50
# On one page for the printer; more than a company has.
MOST_UNITS = 1000


def ranking(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    unit = chosen_unit(request, campaign)
    form = RankingForm(request.GET, campaign=campaign, unit=unit)
    found = None
    if form.is_valid() and form.cleaned_data["indicator"]:
        asked = {name: form.cleaned_data[name] for name in ("indicator", "rate", "level")}
        found = ranking_of(campaign, unit, **asked)
    size = MOST_UNITS if request.GET.get("all") == "1" else UNITS_PER_PAGE
    context = {
        "campaign": campaign,
        "unit": unit,
        "form": form,
        "ranking": found,
        "page": Paginator(found.ranked if found else (), size).get_page(request.GET.get("page")),
    }
    return render(request, "reports/ranking.html", context)
