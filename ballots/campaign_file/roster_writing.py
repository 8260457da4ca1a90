"""The organizations, members and commitments of a document: those that are there are used, the others are made."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.actions import add_organizations, lock_trees
from campaigns.models import Commitment, Member, Organization

from .document import CommitmentEntry, Document, MemberEntry, OrganizationEntry
from .nodes import FileProblem, InvalidFile, printable

BATCH_SIZE = 500


@dataclass
class Roster:
    """A document's organizations by name, its members by organization and name, and how many rows were new."""

    organizations: dict[str, Organization] = field(default_factory=dict, repr=False)
    members: dict[tuple[str, str], Member] = field(default_factory=dict, repr=False)
    organization_count: int = 0
    member_count: int = 0
    commitment_count: int = 0


def write_roster(document: Document) -> Roster:
    """Write what is new; raises InvalidFile where what is there says otherwise. Call it inside a transaction."""
    lock_trees()
    roster = Roster()
    problems: list[FileProblem] = []
    new = _match_organizations(document.organizations, roster, problems)
    new_members = _match_members(document.members, roster, problems)
    _check_title(document, roster, problems)
    new_commitments = _match_commitments(document.commitments, roster, problems)
    if problems:
        raise InvalidFile(problems)
    for entry in new:
        parent = roster.organizations.get(entry.parent) if entry.parent else None
        roster.organizations[entry.name] = Organization(name=entry.name, kind=entry.kind, parent=parent)
    add_organizations(roster.organizations[entry.name] for entry in new)
    _write_members(new_members, roster)
    _write_commitments(new_commitments, roster)
    roster.organization_count = len(new)
    return roster


def _match_organizations(entries: Iterable[OrganizationEntry], roster: Roster, problems) -> list[OrganizationEntry]:
    """Find those that are there, by parent and name; returns the others. Parents come before their children."""
    there = {(row.parent_id, row.name): row for row in Organization.objects.all()}
    new = []
    for entry in entries:
        parent = roster.organizations.get(entry.parent) if entry.parent else None
        parent_is_new = entry.parent is not None and parent is None
        match = None if parent_is_new else there.get((parent.pk if parent else None, entry.name))
        if match is None:
            new.append(entry)
            continue
        roster.organizations[entry.name] = match
        if match.kind != entry.kind:
            text = f"系统中已有“{printable(entry.name)}”，类别为“{match.kind}”，文件中为“{entry.kind}”，应一致。"
            problems.append(FileProblem(f"{entry.path}.kind", text))
        if not match.is_active:
            problems.append(
                FileProblem(f"{entry.path}.name", f"系统中的“{printable(entry.name)}”已停用，应先恢复使用。")
            )
    return new


def _match_members(entries: Iterable[MemberEntry], roster: Roster, problems) -> list[MemberEntry]:
    """Find those that are there, by organization and name; returns the others."""
    there = {(row.organization_id, row.name): row for row in _rows_of(Member, roster)}
    new = []
    for entry in entries:
        organization = roster.organizations.get(entry.organization)
        match = there.get((organization.pk, entry.name)) if organization else None
        if match is None:
            new.append(entry)
            continue
        roster.members[entry.organization, entry.name] = match
        for name in ("status", "post"):
            if getattr(match, name) != getattr(entry, name):
                text = (
                    f"系统中“{printable(entry.organization)}”已有“{printable(entry.name)}”，"
                    f"{name}为“{getattr(match, name)}”，文件中为“{getattr(entry, name)}”，应一致。"
                )
                problems.append(FileProblem(f"{entry.path}.{name}", text))
        if not match.is_active:
            problems.append(FileProblem(f"{entry.path}.name", f"系统中的“{printable(entry.name)}”已不在册，应先恢复。"))
    return new


def _match_commitments(entries: Iterable[CommitmentEntry], roster: Roster, problems) -> list[CommitmentEntry]:
    """Find those that are there word for word; returns the others."""
    there = {(row.organization_id, row.member_id, row.content): row for row in _rows_of(Commitment, roster)}
    new = []
    for entry in entries:
        organization = roster.organizations.get(entry.organization)
        member = roster.members.get((entry.organization, entry.member)) if entry.member else None
        match = None
        if organization and (member or entry.member is None):
            match = there.get((organization.pk, member.pk if member else None, entry.content))
        if match is None:
            new.append(entry)
            continue
        further = [name for name in ("kind", "fulfilled_on", "note") if getattr(entry, name) is not None]
        for name in ("due_on", "status", *further):
            if getattr(match, name) != getattr(entry, name):
                text = (
                    f"系统中已有这项承诺，{name}为“{getattr(match, name)}”，文件中为“{getattr(entry, name)}”，应一致。"
                )
                problems.append(FileProblem(f"{entry.path}.{name}", text))
    return new


def _check_title(document: Document, roster: Roster, problems) -> None:
    """A campaign is loaded once."""
    organizer = roster.organizations.get(document.campaign.organizer)
    if organizer and organizer.campaigns.filter(title=document.campaign.title).exists():
        text = f"“{printable(organizer.name)}”已有名为“{printable(document.campaign.title)}”的评议活动，应换一个名称。"
        problems.append(FileProblem(f"{document.campaign.path}.title", text))


def _rows_of(model, roster: Roster) -> Iterable:
    """A model's rows of the organizations that are there."""
    keys = [organization.pk for organization in roster.organizations.values()]
    for start in range(0, len(keys), BATCH_SIZE):
        yield from model.objects.filter(organization__in=keys[start : start + BATCH_SIZE])


def _write_members(entries: list[MemberEntry], roster: Roster) -> None:
    rows = Member.objects.bulk_create(
        (
            Member(
                organization=roster.organizations[entry.organization],
                name=entry.name,
                status=entry.status,
                post=entry.post,
            )
            for entry in entries
        ),
        batch_size=BATCH_SIZE,
    )
    for entry, row in zip(entries, rows, strict=True):
        roster.members[entry.organization, entry.name] = row
    roster.member_count = len(rows)


def _write_commitments(entries: list[CommitmentEntry], roster: Roster) -> None:
    rows = Commitment.objects.bulk_create(
        (
            Commitment(
                organization=roster.organizations[entry.organization],
                member=roster.members[entry.organization, entry.member] if entry.member else None,
                content=entry.content,
                due_on=entry.due_on,
                status=entry.status,
                kind=entry.kind or Commitment.Kind.PROMISE,
                fulfilled_on=entry.fulfilled_on,
                note=entry.note or "",
            )
            for entry in entries
        ),
        batch_size=BATCH_SIZE,
    )
    roster.commitment_count = len(rows)
