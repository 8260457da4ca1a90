"""Choosing the units of a campaign."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db import transaction

from ..models import Campaign, Organization, Poll, PollQuerySet, Questionnaire, Target
from .campaigns import editing
from .organizations import lock_trees
from .targets import members_by_organization, targets_of

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
    taken = set(campaign.polls.values_list("organization_id", flat=True))
    wanted = [organization.pk for organization in organizations if organization.pk not in taken]
    chosen = list(Organization.objects.filter(pk__in=wanted))
    campaign.organizer.refresh_from_db(fields=["path"])
    for organization in chosen:
        if not campaign.organizer.contains(organization):
            raise ValueError(f"“{organization}”不在“{campaign.organizer}”之下。")
    questionnaires = list(campaign.questionnaires.select_related("scale"))
    return [poll for lot in _lots(chosen) for poll in _add_lot(campaign, lot, questionnaires)]


def _lots(units: Sequence[Organization]) -> Iterator[Sequence[Organization]]:
    for start in range(0, len(units), UNITS_AT_ONCE):
        yield units[start : start + UNITS_AT_ONCE]


def _add_lot(campaign: Campaign, units: Sequence[Organization], questionnaires: Sequence[Questionnaire]) -> list[Poll]:
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


def change_units(campaign: Campaign, come: Iterable[Organization], *, gone: Collection[int]) -> tuple[int, int]:
    """Add some units to those of a campaign and take out others, by their keys; returns how many came and how many went.

    Raises Frozen, ValueError for a unit not below the organizer.
    """
    return _change(campaign, come, campaign.polls.filter(organization__in=gone))


def _change(campaign: Campaign, come: Iterable[Organization], gone: PollQuerySet) -> tuple[int, int]:
    with transaction.atomic():
        lock_trees()
        with editing(campaign):
            gone_count = gone.count()
            Target.objects.filter(poll__in=gone).delete()
            gone.delete()
            return len(add_polls(campaign, come)), gone_count
