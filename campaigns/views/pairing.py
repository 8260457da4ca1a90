"""Pairs of units whose members appraise one another, while a campaign is prepared."""

from django.contrib import messages
from django.shortcuts import redirect

from .. import actions
from ..forms.pairing import PairingForm
from .configuring import configurable, refuses_when_frozen, render_step
from .posting import posted


@refuses_when_frozen
def campaign_pairs(request, campaign_id):
    """The pairs; asked for neighbours, they are filled in and nothing is written yet."""
    campaign = configurable(request, campaign_id)
    polls = list(campaign.polls.select_related("organization").order_by("path"))
    wants_neighbours = "neighbours" in request.GET
    pairs = actions.neighbouring_pairs(polls) if wants_neighbours else actions.pairs_of(campaign)
    form = PairingForm(posted(request), campaign=campaign, polls=polls, pairs=pairs)
    if form.is_valid():
        actions.pair_polls(campaign, form.pairs, category=form.cleaned_data["category"] if form.pairs else "")
        messages.success(
            request, f"结对已经保存：{len(form.pairs)}对，{len(polls) - 2 * len(form.pairs)}个单位不结对。"
        )
        return redirect("campaigns:campaign_pairs", campaign_id=campaign.pk)
    return render_step(
        request,
        "campaigns/campaign_pairs.html",
        campaign,
        form=form,
        pairs=pairs,
        heading="结对互评",
        wants_neighbours=wants_neighbours,
    )
