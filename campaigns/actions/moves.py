"""Moving and merging organizations, and transferring members, each with its date and history.

Polls that are open or over keep their place (`models.place.Placed`); those in preparation go along.
"""

import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from ..models import Campaign, Commitment, FormerPlace, Member, MemberTransfer, Organization, OrganizationChange, Poll
from ..models.place import ancestor_paths
from ..plain_text import shortened
from ..ways import way_to
from .organizations import BATCH, TreeError, checked_path, lock_trees, record_change, tree_path


def move_organization(
    organization: Organization, parent: Organization | None, *, by, on: datetime.date | None = None, basis: str = ""
) -> None:
    """Put an organization with all below it under another parent; TreeError where that cannot be."""
    with transaction.atomic():
        lock_trees()
        for row in filter(None, [organization, parent]):
            row.refresh_from_db(fields=["path"])
        if parent and organization.contains(parent):
            raise TreeError(f"“{parent}”就是“{organization}”或在它之下，不能作它的上级。")
        before = place_name(organization)
        _relocate(organization, parent)
        record_change(
            organization,
            OrganizationChange.Kind.MOVED,
            by=by,
            on=on or timezone.localdate(),
            basis=basis,
            before=before,
            after=place_name(organization),
        )


def _relocate(organization: Organization, parent: Organization | None) -> None:
    old, new = organization.path, tree_path(organization.pk, parent)
    moved = list(Organization.objects.within(organization))
    FormerPlace.objects.bulk_create(
        [FormerPlace(organization=row, path=row.path) for row in moved], batch_size=BATCH, ignore_conflicts=True
    )
    for row in moved:
        row.path = checked_path(new + row.path[len(old) :])
    _refuse_to_leave_the_organizer(organization, new)
    organization.parent = parent
    organization.path = new
    organization.save(update_fields=["parent"])
    Organization.objects.bulk_update(moved, ["path"], batch_size=BATCH)
    _take_along_what_is_prepared(organization)


def _refuse_to_leave_the_organizer(organization: Organization, new_path: str) -> None:
    """A unit stays below the organizer of a campaign that it is to take part in until the campaign is opened."""
    below = Organization.objects.within(organization)
    # Campaigns that are held below the moved organization move along with it.
    prepared = _prepared_polls().filter(organization__in=below).exclude(campaign__organizer__in=below)
    for poll in prepared.select_related("campaign__organizer"):
        if not new_path.startswith(poll.campaign.organizer.path):
            raise TreeError(
                f"“{poll.campaign}”还在筹备，移动后“{poll.unit_name}”就不在它的组织单位之下了；"
                "请先在该活动的“评议单位”里去掉它。",
                way=way_to("评议单位", "campaigns:poll_list", poll.campaign_id),
            )


def _take_along_what_is_prepared(organization: Organization) -> None:
    below = Organization.objects.within(organization)
    _prepared_polls().filter(organization__in=below).update(path=_path_of("organization"))
    Campaign.objects.filter(opened_at=None, organizer__in=below).update(path=_path_of("organizer"))


def _prepared_polls():
    """The polls of campaigns not opened; a poll taken back by itself keeps the place that its campaign opened with."""
    return Poll.objects.filter(campaign__opened_at=None)


def _path_of(field: str) -> Subquery:
    return Subquery(Organization.objects.filter(pk=OuterRef(f"{field}_id")).values("path"))


def merge_organization(
    source: Organization, destination: Organization, *, by, on: datetime.date | None = None, basis: str = ""
) -> None:
    """Make a unit part of another: its members, open promises and units below go there, and it is taken out of use.

    Its results stay with it. TreeError where that cannot be, then nothing is changed. The problems of its ledger go too in
    `reports.ledger.merging.merge_unit`, which calls this.
    """
    facts = {"by": by, "on": on or timezone.localdate(), "basis": basis}
    with transaction.atomic():
        lock_trees()
        for row in (source, destination):
            row.refresh_from_db(fields=["path", "name", "is_active"])
        _refuse_to_merge(source, destination)
        before, after = place_name(source), place_name(destination)
        for child in source.children.all():
            move_organization(child, destination, **facts)
        for member in source.members.all():
            transfer_member(member, destination, **facts)
        _promises_that_go(source).update(organization=destination)
        Organization.objects.filter(pk=source.pk).update(is_active=False)
        source.is_active = False
        record_change(source, OrganizationChange.Kind.MERGED, before=before, after=after, **facts)
        record_change(destination, OrganizationChange.Kind.RECEIVED, before=before, after=after, **facts)


def _refuse_to_merge(source: Organization, destination: Organization) -> None:
    if source.contains(destination):
        raise TreeError(f"“{destination}”就是“{source}”或在它之下，不能并入。")
    if not destination.is_active:
        raise TreeError(
            f"“{destination}”已停用，不能并入。", way=way_to("启用", "campaigns:organization_detail", destination.pk)
        )
    if poll := _prepared_polls().filter(organization=source).select_related("campaign").first():
        raise TreeError(
            f"“{source}”是“{poll.campaign}”的评议单位，该活动还在筹备；请先在“评议单位”里去掉它。",
            way=way_to("评议单位", "campaigns:poll_list", poll.campaign_id),
        )
    for rows, label in (("members", "党员"), ("children", "下级党组织")):
        taken = getattr(destination, rows).values("name")
        if twice := list(getattr(source, rows).filter(name__in=taken).values_list("name", flat=True)[:5]):
            raise TreeError(
                f"两个单位都有名为“{'”“'.join(twice)}”的{label}，请先改名区别，再合并。",
                way=way_to("改名", "campaigns:organization_detail", source.pk),
            )
    there = destination.commitments.filter(member=None).values("content")
    if twice_promised := _promises_that_go(source).filter(content__in=there).order_by("pk").first():
        raise TreeError(
            f"两个单位都有公开承诺“{shortened(twice_promised.content, 30)}”，请先改写或者删除其中一项，再合并。",
            way=way_to("公开承诺", "campaigns:commitment_edit", twice_promised.pk),
        )


def _promises_that_go(source: Organization) -> QuerySet[Commitment]:
    """The open promises of the unit itself; those of members go with them."""
    return source.commitments.filter(member=None).exclude(status=Commitment.Status.FULFILLED)


def transfer_member(
    member: Member, organization: Organization, *, by, on: datetime.date | None = None, basis: str = ""
) -> None:
    """Put a member on another organization's roster; the member's own commitments go along.

    TreeError where somebody there has that name.
    """
    if organization.members.filter(name=member.name).exists():
        raise TreeError(
            f"“{organization}”已有名为“{member}”的党员，请先改名区别，如“{member}（大）”。",
            way=way_to("改名", "campaigns:member_edit", member.pk),
        )
    with transaction.atomic():
        source = member.organization
        MemberTransfer.objects.create(
            member=member,
            source=source,
            before=place_name(source),
            destination=organization,
            after=place_name(organization),
            by=by,
            on=on or timezone.localdate(),
            basis=basis,
        )
        member.organization = organization
        member.save(update_fields=["organization"])
        member.commitments.update(organization=organization)


def place_name(organization: Organization) -> str:
    """The names from the root down, as 「某局党委／第一党总支／第三党支部」."""
    above = Organization.objects.filter(path__in=ancestor_paths(organization.path)).order_by("path")
    return "／".join(above.values_list("name", flat=True))
