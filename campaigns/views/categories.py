"""Kinds of participants and their weights."""

from django.contrib import messages
from django.shortcuts import redirect

from .. import actions
from ..forms.campaigns import CategoryFormSet
from ..forms.fields import with_more_rows
from .configuring import configurable, refuses_when_frozen, render_step
from .posting import posted


@refuses_when_frozen
def category_list(request, campaign_id):
    campaign = configurable(request, campaign_id)
    wants_more = "more" in request.POST
    initial = list(campaign.categories.values("name", "weight"))
    formset = CategoryFormSet(with_more_rows(posted(request)) if wants_more else posted(request), initial=initial)
    if not wants_more and formset.is_valid():
        actions.replace_categories(campaign, [(row["name"], row["weight"]) for row in formset.rows])
        messages.success(request, "参评人员类别已经保存。")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    return render_step(
        request, "campaigns/category_list.html", campaign, formset=formset, heading="参评人员类别", rows=initial
    )
