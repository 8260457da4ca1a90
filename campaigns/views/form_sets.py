"""Sets of forms that are handed down: the list, one, its file, its use in a campaign, and what differs from it."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from .. import permissions
from ..form_sets.actions import use_set
from ..form_sets.contents import read_contents
from ..form_sets.differences import compared, pattern_differences, threshold_differences
from ..form_sets.patterns import pattern_lines
from ..forms.form_sets import FormSetUseForm
from ..models import FormSet
from .configuring import configurable, refuses_when_frozen, render_step
from .fetching import (
    form_set_to_take_back,
    form_set_to_use,
    visible_campaign,
    visible_form_set,
)
from .posting import posted


def form_set_list(request):
    form_sets = FormSet.objects.visible_to(request.user).select_related("organization", "issued_by").defer("contents")
    can_import = permissions.has_role_anywhere(request.user, permissions.SECRETARY)
    return render(request, "campaigns/form_set_list.html", {"form_sets": form_sets, "can_import": can_import})


def form_set_detail(request, form_set_id):
    form_set = visible_form_set(request, form_set_id)
    context = {
        "form_set": form_set,
        "handed": read_contents(form_set.contents),
        "pattern": _pattern_lines(form_set),
        "can_take_back": permissions.can_hand_down(request.user, form_set.organization),
    }
    return render(request, "campaigns/form_set_detail.html", context)


def _pattern_lines(form_set: FormSet) -> list[tuple[str, str]]:
    """The pattern of a set in words."""
    pattern = read_contents(form_set.contents).pattern
    if pattern is None:
        return []
    return pattern_lines(pattern)


def form_set_file(request, form_set_id):
    form_set = visible_form_set(request, form_set_id)
    text = json.dumps(form_set.contents, ensure_ascii=False, indent=2)
    answer = HttpResponse(text + "\n", content_type="application/json")
    answer["Content-Disposition"] = content_disposition_header(True, f"{form_set.title}.json")
    return answer


@require_POST
def form_set_delete(request, form_set_id):
    form_set = form_set_to_take_back(request, form_set_id)
    form_set.delete()
    messages.success(request, f"“{form_set}”已经收回；已经选用的评议表不受影响，只是不再与它比较。")
    return redirect("campaigns:form_set_list")


@refuses_when_frozen
def form_set_choose(request, campaign_id):
    campaign = configurable(request, campaign_id)
    form_sets = FormSet.objects.handed_to(campaign.organizer).select_related("organization", "issued_by")
    context = {"form_sets": form_sets.defer("contents"), "heading": "选用规范表格", "current": "评议表"}
    return render_step(request, "campaigns/form_set_choose.html", campaign, **context)


@refuses_when_frozen
def form_set_use(request, campaign_id, form_set_id):
    campaign = configurable(request, campaign_id)
    form_set = form_set_to_use(request, campaign, form_set_id)
    form = FormSetUseForm(posted(request), handed=read_contents(form_set.contents))
    if form.is_valid():
        facts = form.cleaned_data
        copies = use_set(form_set, campaign, facts["questionnaires"], takes_pattern=facts["takes_pattern"])
        messages.success(request, f"已从“{form_set}”加入{len(copies)}张评议表，请核对。")
        return redirect("campaigns:questionnaire_list", campaign_id=campaign.pk)
    context = {"form": form, "form_set": form_set, "heading": "选用规范表格", "current": "评议表"}
    return render_step(request, "campaigns/form_set_use.html", campaign, **context)


def differences(request, campaign_id):
    """The places in which the questionnaires differ from the sets that they came out of, for all who see the campaign."""
    campaign = visible_campaign(request, campaign_id)
    context = {
        "campaign": campaign,
        "compared": compared(campaign),
        "thresholds": threshold_differences(campaign),
        "pattern": pattern_differences(campaign),
        "heading": "与规范表格的差异",
    }
    return render(request, "campaigns/differences.html", context)
