"""Units of a campaign's tree, as and where they were when it opened (`models.place`)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Min
from django.db.models.functions import Substr

from .models import Campaign, Organization, Poll
from .models.place import STEP, ancestor_paths
from .models.reach import within_paths

# So many paths are asked for one by one; more of them by the trees that they lie in.
PATHS_ASKED = 500


@dataclass(frozen=True)
class Unit:
    """A place in a campaign's tree, whose polls lie at and below it, under the name that it had; `pk` is the organization's."""

    pk: int
    path: str
    name: str

    def __str__(self):
        return self.name

    @classmethod
    def of_poll(cls, poll: Poll) -> "Unit":
        return cls(poll.organization_id, poll.path, poll.unit_name)

    @classmethod
    def of_path(cls, path: str, names: dict[str, str]) -> "Unit":
        return cls(key_of(path), path, names[path])

    @property
    def ancestor_paths(self) -> list[str]:
        """The paths from the root down to the unit itself."""
        return ancestor_paths(self.path)


def organizer_of(campaign: Campaign) -> Unit:
    """The unit at the top of a campaign's tree."""
    return Unit(campaign.organizer_id, campaign.path, campaign.organizer_name)


def unit_of(campaign: Campaign, organization: Organization) -> Unit:
    """The unit that an organization was in a campaign; where it had no polls, the one that it is now."""
    today = Unit(organization.pk, organization.path, organization.name)
    if organization.pk == campaign.organizer_id:
        return organizer_of(campaign)
    if campaign.is_frozen:
        known = _known_at(campaign, organization.path)
        return known or next(filter(None, (_known_at(campaign, place) for place in organization.places[1:])), today)
    return today


def _known_at(campaign: Campaign, path: str) -> Unit | None:
    """The unit at a path under the name that it had there; None where the campaign has no poll at or below it."""
    places = campaign.polls.filter(within_paths([path])).values_list("path", "names")[:1]
    return next((Unit.of_path(path, names_by_path([place])) for place in places), None)


def units_above(campaign: Campaign, unit: Unit) -> list[Unit]:
    """The units from the organizer down to a unit, without it."""
    polls = campaign.polls.filter(within_paths([unit.path])).values_list("path", "names")
    names = names_by_path(polls[:1])
    paths = [path for path in unit.ancestor_paths if len(campaign.path) <= len(path) < len(unit.path)]
    return [Unit.of_path(path, names) for path in paths if path in names]


def key_of(path: str) -> int:
    """The key of the organization whose path it is or was."""
    return int(path[-STEP:])


def names_by_path(places: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """The names of polls' units and of all above them, by path; for a poll that is not open yet, those of today."""
    names: dict[str, str] = {}
    unopened: set[str] = set()
    for path, kept in places:
        if kept:
            names.update(zip(ancestor_paths(path), kept, strict=True))
        else:
            unopened.update(ancestor_paths(path))
    return {**_names_of_today(unopened), **names}


def names_at(campaign: Campaign, unit: Unit, level: int) -> dict[str, str]:
    """The names of the units below a unit whose paths have `level` digits, by path; in a few queries, however many polls."""
    polls = campaign.polls.filter(within_paths([unit.path]))
    parts = polls.annotate(part=Substr("path", 1, level)).order_by().values("part")
    # Paths are read from an index alone; a row holds its whole ballot.
    firsts = campaign.polls.filter(path__in=parts.annotate(first=Min("path")).values("first"))
    return names_by_path(firsts.values_list("path", "names"))


def _names_of_today(paths: set[str]) -> dict[str, str]:
    if not paths:
        return {}
    some = Organization.objects.filter(path__in=paths)
    whole = Organization.objects.filter(within_paths({path[:STEP] for path in paths}))
    return dict((some if len(paths) <= PATHS_ASKED else whole).values_list("path", "name"))
