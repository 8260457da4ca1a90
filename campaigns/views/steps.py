"""The days of a campaign's steps; they are no part of the ballot, and may be put off while it goes on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from ..forms.steps import CampaignStepFormSet
from .fetching import campaign_to_configure
from .posting import posted


def campaign_steps(request, campaign_id):
    campaign = campaign_to_configure(request, campaign_id)
    steps = campaign.steps.order_by("position")
    if not steps:
        raise Http404
    formset = CampaignStepFormSet(posted(request), queryset=steps)
    if formset.is_valid():
        formset.save()
        messages.success(request, "各步的日期已经保存。")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    context = {"campaign": campaign, "formset": formset, "heading": "评议步骤"}
    return render(request, "campaigns/campaign_steps.html", context)
