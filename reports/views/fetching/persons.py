"""The person on a roster whose data the user keeps, and the unit of which."""

from django.shortcuts import get_object_or_404

from campaigns.models import Member, Organization
from campaigns.permissions import can_keep_persons, require
from campaigns.views.fetching import visible_organization


def person_to_keep(request, member_id: int) -> Member:
    visible = Member.objects.visible_to(request.user).select_related("organization")
    member = get_object_or_404(visible, pk=member_id)
    require(can_keep_persons(request.user, member.organization))
    return member


def organization_of_persons(request, organization_id: int) -> Organization:
    organization = visible_organization(request, organization_id)
    require(can_keep_persons(request.user, organization))
    return organization
