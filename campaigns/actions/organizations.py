"""Putting organizations into the tree, moving them, and taking them out of use."""

from collections.abc import Iterable
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from ..models import Member, Organization, Poll
from ..models.organization import DEEPEST, STEP

BATCH = 200


class TreeError(ValueError):
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


def move_organization(organization: Organization, parent: Organization | None) -> None:
    """Put an organization with all below it under another parent; TreeError where that cannot be."""
    with transaction.atomic():
        lock_trees()
        for row in filter(None, [organization, parent]):
            row.refresh_from_db(fields=["path"])
        if parent and organization.contains(parent):
            raise TreeError(f"“{parent}”就是“{organization}”或在它之下，不能作它的上级。")
        old, new = organization.path, tree_path(organization.pk, parent)
        moved = list(Organization.objects.within(organization))
        for row in moved:
            row.path = _checked(new + row.path[len(old) :])
        _refuse_to_leave_the_organizer(organization, new)
        organization.parent = parent
        organization.path = new
        organization.save(update_fields=["parent"])
        Organization.objects.bulk_update(moved, ["path"], batch_size=BATCH)


def _refuse_to_leave_the_organizer(organization: Organization, new_path: str) -> None:
    """A unit stays below the organizer of a campaign that it takes part in until its poll is sealed."""
    running = (
        Poll.objects.filter(organization__in=Organization.objects.within(organization))
        .exclude(state=Poll.State.SEALED)
        # Campaigns that are held below the moved organization move along with it.
        .exclude(campaign__organizer__in=Organization.objects.within(organization))
        .annotate(organizer_path=F("campaign__organizer__path"))
        .select_related("campaign")
    )
    for poll in running:
        if not new_path.startswith(poll.organizer_path):
            raise TreeError(f"“{poll.campaign}”还没有封存，移动后就不在它的组织者之下了；请封存后再移动。")


def deactivate_organization(organization: Organization) -> None:
    """Take an organization out of use; TreeError while one below it is in use."""
    below = Organization.objects.active().filter(parent=organization).first()
    if below:
        raise TreeError(f"“{organization}”之下还有在用的“{below}”，请先停用下级。")
    Organization.objects.filter(pk=organization.pk).update(is_active=False)


# Rows that are a unit's own and go with it.
_OWN = frozenset(("table_mappings", "changes"))


def references_to(organization: Organization) -> list[str]:
    """The kinds of things that refer to a unit, in the words of the pages; empty for one that was never used."""
    return [
        str(relation.related_model._meta.verbose_name if relation.name != "children" else "下级党组织")
        for relation in Organization._meta.related_objects
        if relation.get_accessor_name() not in _OWN
        and relation.related_model._base_manager.filter(**{relation.field.name: organization}).exists()
    ]


def delete_organization(organization: Organization) -> None:
    """Take a unit that was never used out of the tree; TreeError where anything refers to it."""
    with transaction.atomic():
        lock_trees()
        if references := references_to(organization):
            named = "、".join(dict.fromkeys(references))
            raise TreeError(f"“{organization}”还有{named}，不能删除；不再使用的，可以停用。")
        organization.delete()


def activate_organization(organization: Organization) -> None:
    """Put an organization back into use; TreeError below one that is not."""
    if organization.parent and not organization.parent.is_active:
        raise TreeError(f"上级“{organization.parent}”已停用，请先启用上级。")
    Organization.objects.filter(pk=organization.pk).update(is_active=True)


def transfer_member(member: Member, organization: Organization, *, by=None) -> None:
    """Put a member on another organization's roster; the member's own commitments go along."""
    with transaction.atomic():
        member.organization = organization
        member.save(update_fields=["organization"])
        member.commitments.update(organization=organization)


def tree_path(key: int, parent: Organization | None) -> str:
    """The path of an organization by its key and its parent; TreeError beyond the deepest level."""
    return _checked((parent.path if parent else "") + str(key).zfill(STEP))


def _checked(path: str) -> str:
    if len(path) > DEEPEST * STEP:
        raise TreeError(f"党组织最多{DEEPEST}级。")
    return path
