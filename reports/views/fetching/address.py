"""The query of an address: keys and the campaign that it names, and itself as a form shows it."""

from django.shortcuts import get_object_or_404

from campaigns.models import Campaign


def key_in(request, name: str) -> int | None:
    """The key that the address names; None where it names none, which no object has."""
    named = request.GET.get(name, "")
    return int(named) if named.isdecimal() else None


def chosen_campaign(request) -> Campaign | None:
    """The campaign that `?campaign=` names, or the latest that the user sees; None where there is none."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    if not request.GET.get("campaign"):
        return campaigns.first()
    return get_object_or_404(campaigns, pk=key_in(request, "campaign"))


def query_with(request, **defaults):
    """The page's query with what it stands on where nothing was chosen, for a form that shows both."""
    query = request.GET.copy()
    for name, value in defaults.items():
        query[name] = str(value)
    return query
