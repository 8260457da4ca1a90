"""Where a view of campaigns/ gets its object: fetched within the user's reach, or refused.

404 for a foreign object, 403 for a visible one that the user may not change.
"""

from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404

from ..models import Campaign, Commitment, Member, Organization, Poll, Questionnaire, Role
from ..permissions import (
    ADMINISTRATOR,
    accounts_visible_to,
    can_configure,
    can_edit_roster,
    can_run,
    has_role_anywhere,
    organizations_of_accounts,
    require,
)


def visible_organization(request, organization_id: int | str) -> Organization:
    """The organization with its parent; the key may come out of the address as text."""
    visible = Organization.objects.visible_to(request.user).select_related("parent")
    return get_object_or_404(visible, pk=organization_id if str(organization_id).isdecimal() else None)


def organization_to_edit(request, organization_id: int) -> Organization:
    """An organization whose roster the user keeps."""
    organization = visible_organization(request, organization_id)
    require(can_edit_roster(request.user, organization))
    return organization


def member_to_edit(request, member_id: int) -> Member:
    visible = Member.objects.visible_to(request.user).select_related("organization")
    member = get_object_or_404(visible, pk=member_id)
    require(can_edit_roster(request.user, member.organization))
    return member


def commitment_to_edit(request, commitment_id: int) -> Commitment:
    visible = Commitment.objects.visible_to(request.user).select_related("organization")
    commitment = get_object_or_404(visible, pk=commitment_id)
    require(can_edit_roster(request.user, commitment.organization))
    return commitment


def account_to_administer(request, user_id: int) -> User:
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    return get_object_or_404(accounts_visible_to(request.user), pk=user_id)


def roles_given_by(user):
    """The roles that the user gives and takes; an account's other roles stay untold."""
    return Role.objects.filter(organization__in=organizations_of_accounts(user)).select_related("organization")


def role_to_remove(request, account: User, role_id: int) -> Role:
    return get_object_or_404(roles_given_by(request.user).filter(user=account), pk=role_id)


def visible_campaign(request, campaign_id: int) -> Campaign:
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    return get_object_or_404(campaigns, pk=campaign_id)


def campaign_with_progress(request, campaign_id: int) -> Campaign:
    """A visible campaign that knows how far its polls have come."""
    campaigns = Campaign.objects.visible_to(request.user).with_progress().select_related("organizer")
    return get_object_or_404(campaigns, pk=campaign_id)


def campaign_to_configure(request, campaign_id: int) -> Campaign:
    campaign = visible_campaign(request, campaign_id)
    require(can_configure(request.user, campaign))
    return campaign


def visible_poll(request, poll_id: int) -> Poll:
    polls = Poll.objects.visible_to(request.user).select_related("campaign__organizer", "organization")
    return get_object_or_404(polls, pk=poll_id)


def poll_to_run(request, poll_id: int) -> Poll:
    poll = visible_poll(request, poll_id)
    require(can_run(request.user, poll))
    return poll


def visible_questionnaire(request, questionnaire_id: int) -> Questionnaire:
    questionnaires = Questionnaire.objects.visible_to(request.user).select_related("scale")
    return get_object_or_404(questionnaires, pk=questionnaire_id)
