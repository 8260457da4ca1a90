"""Handing the forms of a campaign down, with its 考核指标表."""

from django.contrib import messages
from django.shortcuts import redirect, render

from campaigns.form_sets.actions import hand_down
from campaigns.forms.form_sets import FormSetForm
from campaigns.views.fetching import campaign_to_configure
from campaigns.views.posting import posted
from campaigns.views.refusing import refuse
from campaigns.ways import way_to

from ..scoring.in_files import scheme_entry


def form_set_add(request, campaign_id):
    """Hand the forms of a campaign down, whatever its state: the set is a copy."""
    campaign = campaign_to_configure(request, campaign_id)
    form = FormSetForm(posted(request), campaign=campaign)
    if not campaign.questionnaires.exists():
        refuse(request, "本活动还没有评议表，不能下发。", way_to("评议表", "campaigns:questionnaire_list", campaign.pk))
        return redirect("campaigns:questionnaire_list", campaign_id=campaign.pk)
    if form.is_valid():
        form_set = hand_down(campaign, by=request.user, scoring=scheme_entry(campaign), **form.cleaned_data)
        messages.success(request, f"“{form_set}”已经下发，{campaign.organizer}和下级各单位都可以选用。")
        return redirect("campaigns:form_set_detail", form_set_id=form_set.pk)
    return render(request, "reports/form_set_add.html", {"campaign": campaign, "form": form})
