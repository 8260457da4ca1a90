"""Making the next campaign from one."""

from django.contrib import messages
from django.shortcuts import redirect, render

from campaigns.actions import names_of_copy, units_of_copy
from campaigns.forms.copying import CopyForm
from campaigns.long_deeds import is_for_worker
from campaigns.models import Campaign, LongDeed
from campaigns.models.states import StateError
from campaigns.permissions import can_create_campaign, require
from campaigns.views.fetching import visible_campaign
from campaigns.views.long_deeds import ask_worker
from campaigns.views.poll_units import MOST_BOXES
from campaigns.views.posting import posted
from campaigns.views.refusing import told, with_way
from campaigns.ways import way_to

from ..copying.actions import make_next_campaign
from ..long_deeds.parts import facts_asked


def campaign_copy(request, campaign_id):
    source = visible_campaign(request, campaign_id)
    require(can_create_campaign(request.user, source.organizer))
    form = CopyForm(posted(request), source=source, names=names_of_copy(source))
    if form.is_valid() and is_for_worker(source):
        return ask_worker(request, source, LongDeed.Kind.COPY, **facts_asked(form.facts))
    if form.is_valid():
        try:
            campaign = make_next_campaign(source, by=request.user, **form.facts)
        except StateError as refusal:
            form.add_error(None, told(refusal))
        else:
            tell_copied(request, campaign)
            return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    units = units_of_copy(source)
    context = {"campaign": source, "form": form, "units": units, "are_many": units.staying_count > MOST_BOXES}
    return render(request, "reports/campaign_copy.html", context)


def tell_copied(request, campaign: Campaign) -> None:
    """Say what a copy was made from, where its units are chosen when they are many, and which ones it leaves out."""
    source = campaign.copied_from
    messages.success(request, f"已由“{source}”复制，请核对以后开启。")
    units = units_of_copy(source)
    if units.staying_count > MOST_BOXES:
        sentence = f"评议单位有{units.staying_count}个，要增减的，一枝一枝地选。"
        messages.info(request, with_way(sentence, way_to("评议单位", "campaigns:poll_list", campaign.pk)))
    if units.left_out:
        messages.warning(request, f"没有列入：{units.left_out_words}。")
