"""Which unit of the tree, and which campaign, a page of comments or commitments is about."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, Organization
from campaigns.permissions import can_read_ledger, ledger_paths, organizations_of_ledger, require


def chosen_unit(request, *, within: Organization | None = None) -> Organization:
    """The unit that `?unit=` names, or the highest that the user reads about.

    404 for a foreign unit, 403 for somebody who does not read about it, or about none. One that lies outside `within`, because another
    campaign was chosen since, gives way to the highest inside.
    """
    if key := request.GET.get("unit", ""):
        visible = Organization.objects.visible_to(request.user)
        asked = get_object_or_404(visible, pk=key if key.isdecimal() else 0)
        require(can_read_ledger(request.user, asked))
        if not within or within.contains(asked):
            return asked
    reach = organizations_of_ledger(request.user)
    highest = (reach.within(within) if within else reach).order_by("path").first()
    require(highest is not None)
    return highest


def units_around(request, unit: Organization, *, within: Organization | None = None) -> list[tuple[str, str]]:
    """Choices to go on to: the user's own units, the way down to this one, itself and its children.

    Not the whole tree, which may have a hundred thousand.
    """
    reach = organizations_of_ledger(request.user)
    reach = reach.within(within) if within else reach
    found = reach.filter(Q(path__in={*ledger_paths(request.user), *unit.ancestor_paths}) | Q(parent=unit))
    return [(str(one.pk), "\u3000" * one.depth + one.name) for one in found.order_by("path")]


def chosen_campaign(request) -> Campaign | None:
    """The campaign that `?campaign=` names, or the latest that the user sees; None where there is none."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    key = request.GET.get("campaign", "")
    if not key:
        return campaigns.first()
    if not key.isdecimal():
        raise Http404
    return get_object_or_404(campaigns, pk=key)


def query_with(request, **defaults):
    """The page's query with what it stands on where nothing was chosen, for a form that shows both."""
    query = request.GET.copy()
    for name, value in defaults.items():
        query[name] = str(value)
    return query
