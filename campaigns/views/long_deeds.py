"""How far the worker has come with a deed on a campaign of very many polls, and how it ended."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from ..long_deeds import queue_deed
from ..models import LongDeed
from ..models.states import StateError
from .fetching import long_deed_of_campaign
from .refusing import told

# Seconds after which a deed that is next and that nobody takes up is told to be overlooked, as of exports.
SILENCE = 60


@never_cache
def long_deed(request, campaign_id, deed_id):
    """How far a deed is, or its end; `?part=1` gives what changes alone, for the script."""
    deed = long_deed_of_campaign(request, campaign_id, deed_id)
    before = 0 if deed.is_begun else LongDeed.objects.at_work().filter(asked_at__lt=deed.asked_at).count()
    context = {
        "campaign": deed.campaign,
        "deed": deed,
        "before": before,
        "is_overlooked": not before and not deed.is_begun and _has_waited(deed),
    }
    is_part = request.GET.get("part") == "1"
    return render(request, f"campaigns/{'_long_deed' if is_part else 'long_deed'}.html", context)


def _has_waited(deed) -> bool:
    return (timezone.now() - deed.asked_at).total_seconds() > SILENCE


def ask_worker(request, campaign, kind, **arguments):
    """Ask the worker for a deed on a campaign, and go to its page; where another is under way, to the campaign's, which says so."""
    try:
        return to_progress(queue_deed(campaign, kind, by=request.user, arguments=arguments))
    except StateError as refusal:
        messages.error(request, told(refusal))
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)


def to_progress(deed):
    """The way to the page of a deed that was just asked for."""
    return redirect("campaigns:long_deed", deed.campaign_id, deed.pk)
