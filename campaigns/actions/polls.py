"""Choosing the units of a campaign."""

from collections.abc import Iterable

from django.db import transaction

from ..models import Campaign, Organization, Poll, Target
from .campaigns import editing
from .organizations import lock_trees
from .targets import members_by_organization, targets_of


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
    polls = Poll.objects.bulk_create(
        Poll(campaign=campaign, organization=organization, path=organization.path) for organization in chosen
    )
    questionnaires = list(campaign.questionnaires.select_related("scale"))
    members = members_by_organization(chosen)
    Target.objects.bulk_create(
        target for poll in polls for target in targets_of(poll, questionnaires, members.get(poll.organization_id, []))
    )
    return polls


def choose_units(campaign: Campaign, organizations: Iterable[Organization]) -> tuple[int, int]:
    """Make these and no others the units of a campaign; returns how many came and how many went.

    Units that have a poll already keep it as it is. Raises Frozen, ValueError for a unit not below the organizer.
    """
    organizations = list(organizations)
    with transaction.atomic():
        lock_trees()
        with editing(campaign):
            gone = campaign.polls.exclude(organization__in=[organization.pk for organization in organizations])
            gone_count = gone.count()
            Target.objects.filter(poll__in=gone).delete()
            gone.delete()
            return len(add_polls(campaign, organizations)), gone_count
