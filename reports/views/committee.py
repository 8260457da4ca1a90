"""Pages for the committee above: how far each unit is, periods side by side, rankings."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from campaigns.listing import Head, Listing, in_order_of
from campaigns.models import Organization, Poll
from campaigns.pinyin import ByPinyin
from campaigns.views.fetching import visible_campaign

from ..committee.desk import Desk, desk_of, parts_below, reminder_text
from ..committee.periods import periods_of
from ..committee.ranking import ranking_of
from ..files import excel
from ..forms.desk import DeskForm
from ..forms.ranking import RankingForm
from ..permissions import ledger_paths
from .fetching.results import trail_of, unit_and_progress, unit_of_results
from .sending import XLSX, attachment

UNITS_PER_PAGE = 50
STATES = (Poll.State.PREPARING, Poll.State.REHEARSING, Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED)
# A workbook of more units would keep the request for seconds: a province's took half a minute and a gigabyte.
MOST_IN_WORKBOOK = 2000
# A message about more units than these is read by nobody.
REMINDED = 200


def desk(request, campaign_id):
    """Every unit of a campaign; how far each has come is no result and shows before any seal."""
    form, listing = _desk_form(request, campaign_id)
    chosen = listing.rows
    late = form.desk.rows(form.desk.late_among(chosen)[:REMINDED])
    context = {
        "campaign": form.desk.campaign,
        "unit": form.desk.unit,
        "desk": form.desk,
        "filters": form,
        "whole": f"?unit={form.desk.unit.pk}",
        "listing": listing,
        "page": listing.page,
        "rows": form.desk.rows(listing),
        "reminder": reminder_text(form.desk.campaign, late, today=form.desk.today) if late else "",
    }
    return render(request, "reports/desk.html", context)


def desk_workbook(request, campaign_id):
    """The same units in a workbook, all that were chosen."""
    form, listing = _desk_form(request, campaign_id)
    if listing.count > MOST_IN_WORKBOOK:
        messages.error(
            request,
            f"这里有{listing.count}个单位，一份工作簿最多{MOST_IN_WORKBOOK}个：请先查找，或者打开下级单位的进度，再下载。",
        )
        return redirect(f"{reverse('reports:desk', args=[campaign_id])}?{request.GET.urlencode()}")
    rows = form.desk.rows(listing.rows)
    body = excel.draw_desk_workbook(form.desk, rows)
    return attachment(body, name=f"各单位进度-{form.desk.unit}.xlsx", content_type=XLSX)


def _desk_form(request, campaign_id: int) -> tuple[DeskForm, Listing]:
    """The units that were asked for, and their list."""
    campaign = visible_campaign(request, campaign_id)
    unit, progress = unit_and_progress(request, campaign)
    may_follow_up = unit.path.startswith(tuple(ledger_paths(request.user)))
    desk = desk_of(campaign, unit, progress, today=timezone.localdate(), with_follow_up=may_follow_up)
    form = DeskForm(request.GET, desk=desk, parts=parts_below(campaign, unit))
    chosen = form.chosen.select_related("campaign", "organization").defer("form")
    return form, Listing(request.GET, chosen, _desk_heads(desk), size=UNITS_PER_PAGE)


def _desk_heads(desk: Desk) -> list[Head]:
    """The order of the tree is the usual one."""
    late_first = Case(When(pk__in=desk.late, then=Value(0)), default=Value(1))
    by_state = in_order_of("state", STATES)
    follow_up = (Head("待认定", is_number=True), Head("未办结问题", is_number=True)) if desk.has_follow_up else ()
    return [
        Head("单位", "name", (ByPinyin("organization__name"),)),
        Head("状态", "state", (by_state,)),
        Head("滞后情况", "lateness", (late_first, by_state)),
        Head("收票"),
        *follow_up,
        Head("联系谁"),
    ]


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
