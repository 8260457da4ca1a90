"""Pages for the committee above: who lags behind, periods side by side, rankings."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Organization
from campaigns.models.reach import within_paths
from campaigns.views.fetching import visible_campaign

from ..committee.periods import periods_of
from ..committee.progress import lagging_polls as lagging_of
from ..committee.progress import with_reasons
from ..committee.ranking import ranking_of
from ..forms.ranking import RankingForm
from .fetching.results import trail_of, unit_and_progress, unit_of_results

UNITS_PER_PAGE = 50


def lagging(request, campaign_id):
    """Every unit that should have come further; how far each has come is no result and shows before any seal."""
    campaign = visible_campaign(request, campaign_id)
    unit, progress = unit_and_progress(request, campaign)
    today = timezone.localdate()
    late = lagging_of(campaign.polls.filter(within_paths([unit.path])), today=today)
    page = Paginator(late.select_related("campaign", "organization"), UNITS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "unit": unit,
        "progress": progress,
        "page": page,
        "units": with_reasons(page, today=today),
    }
    return render(request, "reports/lagging.html", context)


PERIODS_PER_PAGE = 60


def periods(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    unit = unit_of_results(request, campaign)
    comparison = periods_of(campaign, Organization.objects.get(pk=unit.pk))
    below = comparison.below.rows if comparison.below else ()
    context = {
        "campaign": campaign,
        "unit": unit,
        "comparison": comparison,
        "trail": trail_of(request.user, campaign, unit),
        "page": Paginator(below, PERIODS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "reports/periods.html", context)


RANKED_PER_PAGE = 50

# On one page for the printer; more than a company has.
MOST_RANKED = 1000


def ranking(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    unit = unit_of_results(request, campaign)
    form = RankingForm(request.GET, campaign=campaign, unit=unit)
    chosen_ranking = None
    if form.is_valid() and form.cleaned_data["indicator"]:
        asked = {name: form.cleaned_data[name] for name in ("indicator", "rate", "level")}
        chosen_ranking = ranking_of(campaign, unit, **asked)
    size = MOST_RANKED if request.GET.get("all") == "1" else RANKED_PER_PAGE
    context = {
        "campaign": campaign,
        "unit": unit,
        "form": form,
        "ranking": chosen_ranking,
        "page": Paginator(chosen_ranking.ranked if chosen_ranking else (), size).get_page(request.GET.get("page")),
    }
    return render(request, "reports/ranking.html", context)
