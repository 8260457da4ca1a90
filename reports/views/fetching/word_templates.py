"""A unit's Word template, and the one that a unit uses."""

from django.http import Http404

from campaigns.models import Organization
from campaigns.permissions import can_keep_word_template, require
from campaigns.views.fetching import visible_organization

from ...models import WordTemplate
from ...word_templates.keeping import template_for


def organization_of_word_template(request, organization_id: int) -> Organization:
    """A unit whose Word template the user keeps."""
    organization = visible_organization(request, organization_id)
    require(can_keep_word_template(request.user, organization))
    return organization


def template_in_use(organization: Organization) -> WordTemplate:
    """The template that a unit uses, its own or one above it; 404 where there is none."""
    template = template_for(organization)
    if template is None:
        raise Http404
    return template
