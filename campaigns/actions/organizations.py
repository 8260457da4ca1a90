"""Putting organizations into the tree and moving them."""

from uuid import uuid4

from django.db import transaction

from campaigns.models import Organization
from campaigns.models.organization import STEP


def add_organization(*, name: str, kind: str, parent: Organization | None = None, **facts) -> Organization:
    """Put an organization into the tree; its path follows from its key, so it is written in two steps."""
    with transaction.atomic():
        # A path that no tree has, until the key is known.
        organization = Organization.objects.create(name=name, kind=kind, parent=parent, path=f"new {uuid4()}", **facts)
        organization.path = path_of(organization.pk, parent)
        organization.save(update_fields=["path"])
        return organization


def move_organization(organization: Organization, parent: Organization | None) -> None:
    """Put an organization with all below it under another parent; ValueError where that would make a loop."""
    if parent and organization.contains(parent):
        raise ValueError(f"“{parent}”在“{organization}”之下，不能作它的上级。")
    with transaction.atomic():
        old, new = organization.path, path_of(organization.pk, parent)
        moved = list(Organization.objects.within(organization))
        for one in moved:
            one.path = new + one.path[len(old) :]
        organization.parent = parent
        organization.path = new
        organization.save(update_fields=["parent"])
        Organization.objects.bulk_update(moved, ["path"], batch_size=200)


def path_of(key: int, parent: Organization | None) -> str:
    """The path of an organization by its key and its parent."""
    return (parent.path if parent else "") + str(key).zfill(STEP)
