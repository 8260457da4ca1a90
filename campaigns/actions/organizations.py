"""Putting organizations into the tree, naming them, and taking them out of use."""

from collections.abc import Iterable
from uuid import uuid4

from django.db import transaction

from ..models import Organization, OrganizationChange
from ..models.place import DEEPEST, STEP
from ..ways import Refusal, way_to

BATCH = 200


class TreeError(Refusal, ValueError):
    """A change that the tree of organizations does not allow; the message gives the reason in Chinese."""


def lock_trees() -> None:
    """Let changes to the tree take turns until the transaction ends: a path is worked out from other rows' paths."""
    list(Organization.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk").values_list("pk"))


def add_organization(*, name: str, kind: str, parent: Organization | None = None, **facts) -> Organization:
    """Put an organization into the tree; TreeError where it would lie too deep."""
    organization = Organization(name=name, kind=kind, parent=parent, **facts)
    with transaction.atomic():
        lock_trees()
        if parent:
            parent.refresh_from_db(fields=["path"])
        add_organizations([organization])
    return organization


def add_organizations(organizations: Iterable[Organization]) -> None:
    """Put unsaved organizations into the tree, in a few statements a level; their parents are stored or among them.

    A path follows from its row's key, so each level is written in two steps.
    """
    waiting = list(organizations)
    with transaction.atomic():
        while waiting:
            level = [row for row in waiting if row.parent is None or row.parent.pk]
            if not level:
                raise TreeError("上级成了循环。")
            waiting = [row for row in waiting if row.parent and not row.parent.pk]
            for organization in level:
                organization.path = f"new {uuid4()}"  # that no tree has, until the key is known
            Organization.objects.bulk_create(level, batch_size=BATCH)
            for organization in level:
                organization.path = tree_path(organization.pk, organization.parent)
            Organization.objects.bulk_update(level, ["path"], batch_size=BATCH)


def edit_organization(organization: Organization, *, by) -> None:
    """Store an edited name and kind; a new name is recorded beside the old one."""
    before = Organization.objects.get(pk=organization.pk).name
    with transaction.atomic():
        organization.save(update_fields=["name", "kind"])
        if before != organization.name:
            record_change(organization, OrganizationChange.Kind.RENAMED, by=by, before=before, after=organization.name)


def deactivate_organization(organization: Organization, *, by) -> None:
    """Take an organization out of use; TreeError while one below it is in use."""
    below = Organization.objects.active().filter(parent=organization).first()
    if below:
        raise TreeError(
            f"“{organization}”之下还有在用的“{below}”，请先停用下级。",
            way=way_to("停用下级", "campaigns:organization_detail", below.pk),
        )
    _use(organization, False, OrganizationChange.Kind.DEACTIVATED, by=by)


# Rows that are a unit's own and go with it.
_OWN = frozenset(("table_mappings", "changes", "former_places"))


def references_to(organization: Organization) -> list[str]:
    """The kinds of things that refer to a unit, in the words of the pages; empty for one that was never used."""
    kinds = {
        str(relation.related_model._meta.verbose_name if relation.name != "children" else "下级党组织")
        for relation in Organization._meta.related_objects
        if relation.get_accessor_name() not in _OWN
        and relation.related_model._base_manager.filter(**{relation.field.name: organization}).exists()
    }
    return sorted(kinds)


def delete_organization(organization: Organization) -> None:
    """Take a unit that was never used out of the tree; TreeError where anything refers to it."""
    with transaction.atomic():
        lock_trees()
        if references := references_to(organization):
            named = "、".join(references)
            raise TreeError(
                f"“{organization}”还有{named}，不能删除；不再使用的，可以停用。",
                way=way_to("停用", "campaigns:organization_detail", organization.pk),
            )
        organization.delete()


def activate_organization(organization: Organization, *, by) -> None:
    """Put an organization back into use; TreeError below one that is not."""
    if organization.parent and not organization.parent.is_active:
        raise TreeError(
            f"上级“{organization.parent}”已停用，请先启用上级。",
            way=way_to("启用上级", "campaigns:organization_detail", organization.parent.pk),
        )
    _use(organization, True, OrganizationChange.Kind.ACTIVATED, by=by)


def _use(organization: Organization, is_active: bool, kind: str, *, by) -> None:
    with transaction.atomic():
        if Organization.objects.filter(pk=organization.pk, is_active=not is_active).update(is_active=is_active):
            record_change(organization, kind, by=by)


def record_change(organization: Organization, kind: str, **facts) -> None:
    """Add a line to an organization's history."""
    OrganizationChange.objects.create(organization=organization, kind=kind, **facts)


def tree_path(key: int, parent: Organization | None) -> str:
    """The path of an organization by its key and its parent; TreeError beyond the deepest level."""
    return checked_path((parent.path if parent else "") + str(key).zfill(STEP))


def checked_path(path: str) -> str:
    if len(path) > DEEPEST * STEP:
        raise TreeError(f"党组织最多{DEEPEST}级。")
    return path
