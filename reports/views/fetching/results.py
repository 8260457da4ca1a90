"""Sealed polls, units of a campaign and versions of a 小结, within the user's reach."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, Organization, Poll, Target
from campaigns.permissions import can_see_results, can_see_sums, paths_of_sums, require
from campaigns.units import Unit, key_of, unit_of, units_above
from campaigns.views.fetching import visible_campaign, visible_poll

from ...committee.progress import Progress, polls_progress
from ...models import Export, SummaryVersion
from ...permissions import can_export
from ...scope import Scope
from .address import key_in


def poll_of_results(request, poll_id: int) -> Poll:
    """A poll whose results the user may see; 404 for a foreign one, 403 before the seal."""
    poll = visible_poll(request, poll_id)
    require(can_see_results(request.user, poll))
    return poll


def target_of_poll(poll: Poll, target_id: int) -> Target:
    return get_object_or_404(poll.targets, pk=target_id)


def own_export(request, export_id: int) -> Export:
    """An export that the user asked for, and may still have."""
    exports = Export.objects.visible_to(request.user).select_related("campaign", "organization", "announcement")
    export = get_object_or_404(exports, pk=export_id)
    require(can_export(request.user, unit_of(export.campaign, export.organization)))
    return export


def numbered_version(versions: QuerySet[SummaryVersion], number: int) -> SummaryVersion:
    return get_object_or_404(versions, number=number)


def chosen_scope(request, campaign_id: int) -> Scope:
    """The part of a campaign that `?unit=` names, or that of the highest unit that the user may see.

    404 for a unit out of reach, 403 while nothing below it is sealed.
    """
    return chosen_scope_and_size(request, campaign_id)[0]


def chosen_scope_and_size(request, campaign_id: int) -> tuple[Scope, int]:
    """The same, and how many of its polls are sealed."""
    scope, progress = _scope_and_progress(request, visible_campaign(request, campaign_id))
    require(progress.sealed > 0)
    return scope, progress.sealed


def unit_of_results(request, campaign: Campaign) -> Unit:
    """The unit alone, with the same refusals."""
    scope, progress = _scope_and_progress(request, campaign)
    require(progress.sealed > 0)
    return scope.unit


def unit_and_progress(request, campaign: Campaign) -> tuple[Unit, Progress]:
    """The unit and how far the polls at and below it have come; 404 where it has none."""
    scope, progress = _scope_and_progress(request, campaign)
    return scope.unit, progress


def _scope_and_progress(request, campaign: Campaign) -> tuple[Scope, Progress]:
    scope = _top_scope(request, campaign)
    progress = polls_progress(scope.planned)
    if not progress.units:
        raise Http404
    return scope, progress


def _top_scope(request, campaign: Campaign) -> Scope:
    if request.GET.get("unit"):
        scope = Scope.of(campaign, get_object_or_404(Organization, pk=key_in(request, "unit")))
        if not (scope.unit.path.startswith(campaign.path) and can_see_sums(request.user, scope.unit)):
            raise Http404
        return scope
    if can_see_sums(request.user, campaign):
        return Scope.of(campaign, campaign.organizer)
    # Somebody over a part of the tree begins with the highest unit of that part.
    paths = sorted(path for path in paths_of_sums(request.user) if path.startswith(campaign.path))
    for organization in Organization.objects.filter(pk__in=map(key_of, paths)).order_by("path"):
        scope = Scope.of(campaign, organization)
        if scope.unit.path in paths and scope.planned.exists():
            return scope
    raise PermissionDenied


def trail_of(user, campaign: Campaign, unit: Unit) -> list[Unit]:
    """The units from the organizer down to a unit, without it, that the user may see."""
    return [above for above in units_above(campaign, unit) if can_see_sums(user, above)]
