"""Keeping a unit's template, and finding the one that a unit uses."""

import hashlib
import secrets

from django.db import transaction

from campaigns.kept_files import folder, write_file
from campaigns.models import Organization
from campaigns.models.place import ancestor_paths

from ..models import WordTemplate


def put_template(organization: Organization, content: bytes, *, by) -> WordTemplate:
    """Keep a file that was checked as the unit's template, in the place of an earlier one."""
    facts = {
        "file_name": secrets.token_hex(16),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "put_by": by,
    }
    with transaction.atomic():
        # Of two who put one at once the second replaces the first one's.
        Organization.objects.select_for_update().get(pk=organization.pk)
        take_template_out(organization)
        template = WordTemplate.objects.create(organization=organization, **facts)
        write_file(template.file_name, content)
    return template


def take_template_out(organization: Organization) -> bool:
    """Take a unit's own template out, and its file when the row is gone for good; whether there was one."""
    with transaction.atomic():
        template = WordTemplate.objects.filter(organization=organization).first()
        if template is None:
            return False
        path = folder() / template.file_name
        template.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return True


def template_for(organization: Organization) -> WordTemplate | None:
    """The template of a unit, or that of the nearest one above it."""
    above = WordTemplate.objects.filter(organization__path__in=ancestor_paths(organization.path))
    return above.select_related("organization", "put_by").order_by("organization__path").last()


def content_of_template(template: WordTemplate) -> bytes:
    return (folder() / template.file_name).read_bytes()
