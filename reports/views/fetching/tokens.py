"""Tokens of the API, and the unit whose tokens the user keeps."""

from django.shortcuts import get_object_or_404

from campaigns.models import Organization
from campaigns.permissions import can_keep_tokens, require
from campaigns.views.fetching import visible_organization

from ...models import ApiToken


def organization_of_tokens(request, organization_id: int) -> Organization:
    """A unit whose results the user may let programs read."""
    organization = visible_organization(request, organization_id)
    require(can_keep_tokens(request.user, organization))
    return organization


def token_to_revoke(request, token_id: int) -> ApiToken:
    visible = Organization.objects.visible_to(request.user)
    token = get_object_or_404(ApiToken.objects.filter(organization__in=visible), pk=token_id)
    require(can_keep_tokens(request.user, token.organization))
    return token
