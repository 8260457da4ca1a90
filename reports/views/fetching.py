"""Where a view gets its object: fetched within the user's reach, or refused."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, Organization, Poll
from campaigns.models.organization import STEP
from campaigns.models.reach import within_paths
from campaigns.permissions import can_see_results, can_see_sums, require

from ..committee.progress import Progress, polls_progress
from ..permissions import (
    can_read_ledger,
    ledger_paths,
    organizations_of_ledger,
)
from ..results.rollup import Node, roll_up


def visible_poll(request, poll_id: int) -> Poll:
    """A poll whose results the user may see; 404 for a foreign one, 403 before the seal."""
    polls = Poll.objects.visible_to(request.user).select_related("campaign__organizer", "organization")
    poll = get_object_or_404(polls, pk=poll_id)
    require(can_see_results(request.user, poll))
    return poll


def visible_campaign(request, campaign_id: int) -> Campaign:
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    return get_object_or_404(campaigns, pk=campaign_id)


def chosen_node(request, campaign: Campaign) -> Node:
    """The sums of the unit that `?unit=` names, or of the highest one that the user may see.

    404 for a unit out of reach, 403 while nothing below it is sealed.
    """
    return roll_up(campaign, top=unit_of_results(request, campaign))


def unit_of_results(request, campaign: Campaign) -> Organization:
    """The unit alone, with the same refusals."""
    unit, progress = unit_and_progress(request, campaign)
    require(progress.sealed > 0)
    return unit


def unit_and_progress(request, campaign: Campaign) -> tuple[Organization, Progress]:
    """The unit and how far the polls at and below it have come; 404 where it has none."""
    unit = _top_unit(request, campaign)
    progress = polls_progress(campaign.polls.filter(within_paths([unit.path], "organization__path")))
    if not progress.units:
        raise Http404
    return unit, progress


def _top_unit(request, campaign: Campaign) -> Organization:
    units = Organization.objects.within(campaign.organizer)
    if chosen := request.GET.get("unit", ""):
        unit = get_object_or_404(units, pk=chosen if chosen.isdecimal() else 0)
        if not can_see_sums(request.user, unit):
            raise Http404
        return unit
    if can_see_sums(request.user, campaign.organizer):
        return campaign.organizer
    # Somebody over a part of the tree begins with the highest unit of that part.
    for unit in units.visible_to(request.user).order_by("path")[:200]:
        if can_see_sums(request.user, unit):
            return unit
    raise PermissionDenied


def trail_of(user, campaign: Campaign, unit: Node | Organization) -> list[Organization]:
    """The units from the organizer down to a unit, without it, that the user may see."""
    paths = [unit.path[:end] for end in range(len(campaign.organizer.path), len(unit.path), STEP)]
    return [one for one in Organization.objects.filter(path__in=paths) if can_see_sums(user, one)]


def unit_of_ledger(request, *, within: Organization | None = None) -> Organization:
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
