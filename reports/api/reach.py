"""How far a token reaches: its unit's part of each campaign, as far as whoever made it may see sums there."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from campaigns.models import Campaign, Organization, Poll
from campaigns.models.reach import within_paths
from campaigns.permissions import can_see_sums
from campaigns.units import Unit, key_of, names_by_path, organizer_of, unit_of

from ..models import ApiToken
from ..scope import Scope


@dataclass(frozen=True)
class ReadableUnit:
    """A unit that a token may ask for, with the state of its own poll; empty where it has none."""

    unit: Unit
    state: str


def readable_campaigns(token: ApiToken) -> QuerySet[Campaign]:
    """The campaigns with polls in reach, the latest first; each with `planned` and `sealed`, the numbers of those polls."""
    within = within_paths(_paths_of(token), "polls__path")
    sealed = within & Q(polls__state=Poll.State.SEALED)
    counted = Campaign.objects.annotate(planned=Count("polls", filter=within), sealed=Count("polls", filter=sealed))
    return counted.filter(planned__gt=0).select_related("organizer").order_by("-created_at", "-pk")


def scope_in_reach(token: ApiToken, campaign: Campaign, organization: Organization | None = None) -> Scope | None:
    """The part of a campaign at and below an organization, or all that the token reaches; None for what is out of reach."""
    own = unit_of(campaign, token.organization)
    if organization is None:
        top = campaign.organizer if campaign.path.startswith(own.path) else token.organization
        return scope_in_reach(token, campaign, top)
    scope = Scope.of(campaign, organization)
    is_below = scope.unit.path.startswith(own.path) and scope.unit.path.startswith(campaign.path)
    return scope if is_below and can_see_sums(token.made_by, scope.unit) else None


def readable_units(scope: Scope) -> list[ReadableUnit]:
    """The units at and below a scope's unit that have polls at or below them, from the top down."""
    rows = list(scope.planned.values_list("path", "names", "state"))
    states = {path: state for path, _, state in rows}
    names = names_by_path((path, kept) for path, kept, _ in rows)
    if scope.unit.path == scope.campaign.path and scope.campaign.is_frozen:
        names[scope.unit.path] = organizer_of(scope.campaign).name
    paths = sorted(path for path in names if path.startswith(scope.unit.path))
    return [ReadableUnit(Unit(key_of(path), path, names[path]), states.get(path, "")) for path in paths]


def _paths_of(token: ApiToken) -> list[str]:
    """The places of the token's unit, today's and those before a move, where its maker may see sums."""
    unit = token.organization
    places = (Unit(unit.pk, path, unit.name) for path in unit.places)
    return [place.path for place in places if can_see_sums(token.made_by, place)]
