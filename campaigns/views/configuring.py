"""The rules that all pages preparing a campaign share: who may, what is refused once it is frozen, how they look."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render

from .. import actions, readiness
from ..models import Campaign, Poll
from .fetching import campaign_to_configure
from .refusing import told


def configurable(request, campaign_id, *, ballot_of: Poll | None = None) -> Campaign:
    """The campaign, for somebody who may configure it; raises Frozen where a frozen one is to be changed.

    The ballot of a single poll may still be changed after the poll was taken back.
    """
    campaign = campaign_to_configure(request, campaign_id)
    reason = actions.frozen_reason(campaign, ballot_of=ballot_of)
    if reason and request.method == "POST":
        raise actions.Frozen(reason, campaign)
    campaign.frozen_reason = reason
    return campaign


def refuses_when_frozen(view):
    """A view that sends to the campaign's page, with the reason, where nothing may be changed."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except actions.Frozen as refusal:
            messages.error(request, told(refusal))
            return redirect("campaigns:campaign_detail", campaign_id=refusal.campaign.pk)

    return wrapped


def render_step(request, template, campaign, **context):
    """A page of one of the steps of preparation."""
    context |= {"campaign": campaign, "step_links": readiness.steps_to_open(campaign), "frozen": campaign.frozen_reason}
    return render(request, template, context)
