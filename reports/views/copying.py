"""Making the next campaign from one."""

from django.contrib import messages
from django.shortcuts import redirect, render

from campaigns.actions import names_of_copy, units_of_copy
from campaigns.forms.copying import CopyForm
from campaigns.models.states import StateError
from campaigns.permissions import can_create_campaign, require
from campaigns.views.fetching import visible_campaign
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..copying.actions import make_next_campaign


def campaign_copy(request, campaign_id):
    source = visible_campaign(request, campaign_id)
    require(can_create_campaign(request.user, source.organizer))
    units = units_of_copy(source)
    form = CopyForm(posted(request), source=source, names=names_of_copy(source))
    if form.is_valid():
        try:
            campaign = make_next_campaign(source, by=request.user, **form.facts)
        except StateError as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, f"已由“{source}”复制，请核对以后开启。")
            if units.left_out:
                messages.warning(request, f"没有列入：{'、'.join(map(str, units.left_out))}。")
            return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    return render(request, "reports/campaign_copy.html", {"campaign": source, "form": form, "units": units})
