"""Plans of a year: list, a new one, its periods."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from .. import permissions
from ..forms.seen import save_seen
from ..forms.year_plan import PeriodForm, YearPlanForm
from ..models import PlannedPeriod, YearPlan
from ..year_plan.overlaps import overlaps_of_plan
from ..year_plan.planning import make_plan
from ..year_plan.reminders import reasons_of_plan
from .fetching import period_to_arrange, plan_to_arrange, visible_plan
from .posting import posted

PLANS_A_PAGE = 30


def year_plan_list(request):
    plans = YearPlan.objects.visible_to(request.user).select_related("organization")
    counted = plans.annotate(period_count=Count("periods"), campaign_count=Count("periods__campaign"))
    page = Paginator(counted.order_by("-year", "organization__path"), PLANS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "campaigns/year_plan_list.html", {"page": page})


def year_plan_add(request):
    permissions.require(permissions.has_role_anywhere(request.user, permissions.SECRETARY))
    form = YearPlanForm(posted(request), user=request.user)
    if form.is_valid():
        plan = make_plan(by=request.user, **form.cleaned_data)
        messages.success(request, "全年计划已经制定，请核对各期的日期。")
        return redirect("campaigns:year_plan_detail", plan_id=plan.pk)
    return render(request, "campaigns/year_plan_add.html", {"form": form})


def year_plan_detail(request, plan_id):
    plan = visible_plan(request, plan_id)
    periods = list(plan.periods.select_related("campaign"))
    reasons = reasons_of_plan(plan, today=timezone.localdate())
    overlaps = overlaps_of_plan(plan.organization, periods)
    context = {
        "plan": plan,
        "rows": [(period, reasons.get(period.pk, ""), overlaps[period.pk]) for period in periods],
        "can_compare": permissions.has_role(
            request.user, plan.organization, permissions.SECRETARY, permissions.OFFICER
        ),
        "can_arrange": permissions.can_create_campaign(request.user, plan.organization),
    }
    return render(request, "campaigns/year_plan_detail.html", context)


@require_POST
def year_plan_delete(request, plan_id):
    plan = plan_to_arrange(request, plan_id)
    plan.delete()
    messages.success(request, f"“{plan}”已经删除，各期的评议活动还在。")
    return redirect("campaigns:year_plan_list")


def period_add(request, plan_id):
    return _edit(request, PlannedPeriod(plan=plan_to_arrange(request, plan_id)))


def period_edit(request, period_id):
    return _edit(request, period_to_arrange(request, period_id))


def _edit(request, period):
    form = PeriodForm(posted(request), instance=period)
    if save_seen(form, period.save):
        messages.success(request, f"“{period}”已经保存。")
        return redirect("campaigns:year_plan_detail", plan_id=period.plan_id)
    return render(request, "campaigns/period_form.html", {"plan": period.plan, "period": period, "form": form})


@require_POST
def period_delete(request, period_id):
    period = period_to_arrange(request, period_id)
    period.delete()
    messages.success(request, f"“{period}”已经从计划里去掉。")
    return redirect("campaigns:year_plan_detail", plan_id=period.plan_id)
