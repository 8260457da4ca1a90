"""Choosing the units of a campaign."""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from ..models import Campaign, Organization, Poll, PollQuerySet, Target
from .campaigns import editing
from .deleting import remove_polls
from .in_turn import SECONDS_AT_ONCE
from .organizations import lock_trees
from .targets import members_by_organization, targets_of

Row = TypeVar("Row")
# The members of so many units are in memory at once.
UNITS_AT_ONCE = 1000


def make_polls(campaign: Campaign, organizations: Iterable[Organization]) -> list[Poll]:
    """Make the polls of the chosen units with the targets that the campaign's questionnaires ask for.

    Units that have a poll already keep it. Raises Frozen, ValueError for a unit not below the organizer.
    """
    with transaction.atomic():
        lock_trees()
        with editing(campaign, while_rehearsing=True):
            return add_polls(campaign, organizations)


def add_polls(campaign: Campaign, organizations: Iterable[Organization]) -> list[Poll]:
    """The polls that `make_polls` makes; call it with trees and campaign locked."""
    wanted = [organization.pk for organization in organizations]
    return [poll for lot in _lots(wanted) for poll in _add_lot(campaign, lot)]


def add_polls_of(campaign: Campaign, units: QuerySet[Organization]) -> None:
    """The same of units that only the database has listed, a lot in memory at a time."""
    for lot in _lots(list(units.values_list("pk", flat=True))):
        _add_lot(campaign, lot)


def _lots(units: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(units), UNITS_AT_ONCE):
        yield units[start : start + UNITS_AT_ONCE]


def _add_lot(campaign: Campaign, keys: Sequence[int]) -> list[Poll]:
    taken = campaign.polls.filter(organization__in=keys).values("organization")
    units = list(Organization.objects.filter(pk__in=keys).exclude(pk__in=taken))
    campaign.organizer.refresh_from_db(fields=["path"])
    for unit in units:
        if not campaign.organizer.contains(unit):
            raise ValueError(f"“{unit}”不在“{campaign.organizer}”之下。")
    questionnaires = list(campaign.questionnaires.select_related("scale"))
    polls = Poll.objects.bulk_create(Poll(campaign=campaign, organization=unit, path=unit.path) for unit in units)
    members = members_by_organization(units, questionnaires)
    Target.objects.bulk_create(
        target for poll in polls for target in targets_of(poll, questionnaires, members.get(poll.organization_id, []))
    )
    return polls


def choose_units(campaign: Campaign, organizations: Iterable[Organization]) -> tuple[int, int]:
    """Make these and no others the units of a campaign; returns how many came and how many went.

    Units that have a poll already keep it as it is. Raises Frozen, ValueError for a unit not below the organizer.
    """
    organizations = list(organizations)
    gone = campaign.polls.exclude(organization__in=[organization.pk for organization in organizations])
    return _change(campaign, organizations, gone)


@dataclass
class UnitsChanged:
    """How many units came to a campaign, how many went, and how many are left for the next time."""

    come: int = 0
    gone: int = 0
    left: int = 0


def change_units(
    campaign: Campaign, *, come: Collection[int], gone: Collection[int], seconds: float | None = None
) -> UnitsChanged:
    """Add some units to those of a campaign and take out others, by their keys.

    Each lot has a transaction of its own; after so many seconds no more is begun. Raises Frozen, ValueError for a unit not
    below the organizer.
    """
    ends_at = time.monotonic() + (SECONDS_AT_ONCE if seconds is None else seconds)
    changed = UnitsChanged()
    lots: list[tuple[Sequence[int], Sequence[int]]] = [([], lot) for lot in _lots([*gone])] + [
        (lot, []) for lot in _lots([*come])
    ]
    for coming, going in lots:
        if changed.come + changed.gone and time.monotonic() > ends_at:
            changed.left += len(coming) + len(going)
            continue
        units = Organization.objects.filter(pk__in=coming)
        came, went = _change(campaign, units, campaign.polls.filter(organization__in=going))
        changed.come, changed.gone = changed.come + came, changed.gone + went
    return changed


def _change(campaign: Campaign, come: Iterable[Organization], gone: PollQuerySet) -> tuple[int, int]:
    with transaction.atomic():
        lock_trees()
        with editing(campaign) as locked:
            keys = list(gone.order_by("pk").values_list("pk", flat=True))
            for lot in _lots(keys):
                remove_polls(locked, lot)
            return len(add_polls(campaign, come)), len(keys)
