"""Pages for the committee above: how far each unit is, periods side by side, rankings."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Organization
from campaigns.views.fetching import visible_campaign

from ..committee.desk import desk_of, parts_below, reminder_text
from ..committee.periods import periods_of
from ..committee.ranking import ranking_of
from ..files import excel
from ..forms.desk import DeskForm
from ..forms.ranking import RankingForm
from ..permissions import ledger_paths
from .fetching.results import trail_of, unit_and_progress, unit_of_results
from .sending import XLSX, attachment

UNITS_PER_PAGE = 50
# A message about more units than these is read by nobody.
REMINDED = 200


def desk(request, campaign_id):
    """Every unit of a campaign; how far each has come is no result and shows before any seal."""
    form = _desk_form(request, campaign_id)
    chosen = form.chosen.select_related("campaign", "organization").defer("form")
    page = Paginator(chosen, UNITS_PER_PAGE).get_page(request.GET.get("page"))
    late = form.desk.rows(chosen.filter(pk__in=form.desk.late)[:REMINDED])
    context = {
        "campaign": form.desk.campaign,
        "unit": form.desk.unit,
        "desk": form.desk,
        "form": form,
        "page": page,
        "rows": form.desk.rows(page),
        "reminder": reminder_text(form.desk.campaign, late, today=form.desk.today) if late else "",
    }
    return render(request, "reports/desk.html", context)


def desk_workbook(request, campaign_id):
    """The same units in a workbook, all that were chosen."""
    form = _desk_form(request, campaign_id)
    rows = form.desk.rows(form.chosen.select_related("campaign", "organization").defer("form"))
    body = excel.draw_desk_workbook(form.desk, rows)
    return attachment(body, name=f"各单位进度-{form.desk.unit}.xlsx", content_type=XLSX)


def _desk_form(request, campaign_id: int) -> DeskForm:
    campaign = visible_campaign(request, campaign_id)
    unit, progress = unit_and_progress(request, campaign)
    may_follow_up = unit.path.startswith(tuple(ledger_paths(request.user)))
    desk = desk_of(campaign, unit, progress, today=timezone.localdate(), with_follow_up=may_follow_up)
    return DeskForm(request.GET, desk=desk, parts=parts_below(campaign, unit))


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
