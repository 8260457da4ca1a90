"""The year: the campaign of a planned period, made in one click, and its sealed periods side by side."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.long_deeds import is_for_worker
from campaigns.models import LongDeed, YearPlan
from campaigns.models.states import StateError
from campaigns.permissions import require
from campaigns.views.fetching import period_to_arrange, visible_plan
from campaigns.views.long_deeds import ask_worker
from campaigns.views.refusing import told

from ..copying.actions import make_period_campaign, source_of
from ..files import excel
from ..permissions import can_read_ledger
from ..year.comparison import YearContent, periods_to_compare, year_content
from .copying import tell_copied
from .sending import XLSX, attachment

# Parts of the year: label, and the months in which its periods begin.
LAST_DAYS = {6: 30, 12: 31}
PARTS = {"year": ("全年", 1, 12), "first": ("上半年", 1, 6), "second": ("下半年", 7, 12)}


@require_POST
def period_campaign(request, period_id):
    period = period_to_arrange(request, period_id)
    source = source_of(period)
    if source and not period.campaign_id and is_for_worker(source):
        return ask_worker(request, source, LongDeed.Kind.PERIOD, period=period.pk)
    try:
        campaign = make_period_campaign(period, by=request.user)
    except StateError as refusal:
        messages.error(request, told(refusal))
        return redirect("campaigns:year_plan_detail", plan_id=period.plan_id)
    tell_copied(request, campaign)
    return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)


def year_comparison(request, plan_id):
    """Each question over the sealed periods of the year, or of a half of it, with the ledger."""
    plan, part = _plan_and_part(request, plan_id)
    context = {
        "plan": plan,
        "part": part,
        "label": PARTS[part][0],
        "parts": [(key, label) for key, (label, *_) in PARTS.items()],
        "content": _content(plan, part),
    }
    return render(request, "reports/year_comparison.html", context)


@never_cache
def year_workbook(request, plan_id):
    plan, part = _plan_and_part(request, plan_id)
    content = _content(plan, part)
    if content is None:
        messages.error(request, "还没有已封存的一期，没有可以下载的对比。")
        return redirect("reports:year_comparison", plan_id=plan.pk)
    name = f"{plan.organization}{plan.year}年{PARTS[part][0]}各期对比.xlsx"
    return attachment(excel.draw_year_workbook(content), name=name, content_type=XLSX)


def _plan_and_part(request, plan_id: int) -> tuple[YearPlan, str]:
    plan = visible_plan(request, plan_id)
    require(can_read_ledger(request.user, plan.organization))
    part = request.GET.get("part", "year")
    if part not in PARTS:
        raise Http404
    return plan, part


def _content(plan: YearPlan, part: str) -> YearContent | None:
    """The comparison; None while no period of the part is sealed."""
    _, first, last = PARTS[part]
    whole = part == "year"
    days = {
        "first": date.min if whole else date(plan.year, first, 1),
        "last": date.max if whole else date(plan.year, last, LAST_DAYS[last]),
    }
    periods = periods_to_compare(plan, plan.organization, **days)
    if not periods:
        return None
    return year_content(plan.organization, plan.organization.name, periods, today=timezone.localdate())
