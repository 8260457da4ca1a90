"""The unit whose robot the user keeps."""

from django.http import Http404

from campaigns.models import Organization
from campaigns.permissions import can_keep_webhook, require
from campaigns.views.fetching import visible_organization

from ...models import Webhook


def organization_of_webhook(request, organization_id: int) -> Organization:
    organization = visible_organization(request, organization_id)
    require(can_keep_webhook(request.user, organization))
    return organization


def webhook_to_keep(request, organization_id: int) -> Webhook:
    """The robot of such a unit; 404 where it has none."""
    organization = organization_of_webhook(request, organization_id)
    webhook = Webhook.objects.filter(organization=organization).first()
    if webhook is None:
        raise Http404
    return webhook
