"""Thresholds of a campaign: which it has, and those that an office makes itself."""

from django.contrib import messages
from django.shortcuts import redirect

from .. import actions
from ..forms.seen import save_seen
from ..forms.thresholds import ThresholdForm, ThresholdsForm, written
from .configuring import configurable, refuses_when_frozen, render_step
from .fetching import own_limit
from .posting import posted


@refuses_when_frozen
def threshold_list(request, campaign_id):
    campaign = configurable(request, campaign_id)
    form = ThresholdsForm(posted(request), instance=campaign)
    if form.is_valid() and _saved(campaign, form):
        messages.success(request, "结果运用阈值已经保存。")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    context = {"form": form, "limits": campaign.limits, "heading": "结果运用阈值"}
    return render_step(request, "campaigns/threshold_list.html", campaign, **context)


def _saved(campaign, form) -> bool:
    with actions.editing(campaign):
        return save_seen(form)


@refuses_when_frozen
def threshold_add(request, campaign_id):
    campaign = configurable(request, campaign_id)
    return _edit(request, campaign, None)


@refuses_when_frozen
def threshold_edit(request, campaign_id, rule):
    campaign = configurable(request, campaign_id)
    return _edit(request, campaign, own_limit(campaign, rule))


def _edit(request, campaign, limit):
    """The page of one threshold; with `preview` it says the sentence and saves nothing."""
    others = [other for other in campaign.limits if other != limit]
    first = written(limit) if limit else {}
    form = ThresholdForm(posted(request), initial=first, asked=campaign.questionnaires.asked_grades(), others=others)
    is_valid = form.is_valid()
    if is_valid and "preview" not in request.POST:
        actions.write_threshold(campaign, form.threshold, instead_of=limit.key if limit else "")
        messages.success(request, f"已经保存：{form.threshold.sentence}")
        return redirect("campaigns:threshold_list", campaign_id=campaign.pk)
    context = {
        "form": form,
        "preview": form.threshold.sentence if is_valid else "",
        "limit": limit,
        "heading": "修改阈值" if limit else "自定阈值",
        "current": "结果运用阈值",
    }
    return render_step(request, "campaigns/threshold_edit.html", campaign, **context)
