"""Writes the roster of a unit and those below it as a workbook that can be imported again.

The contract of the workbook leaves no line for a mark on its three sheets: who took it out, and when, stands on the
sheet of instructions, which nobody imports, at the foot of every printed page, and among the properties of the file.
"""

from collections.abc import Iterator
from typing import BinaryIO

from django.db.models import QuerySet

from ..models import Commitment, Member, Organization
from ..models.place import ancestor_paths
from .layout import COMMITMENTS, MEMBERS, ORGANIZATIONS, SHEETS
from .template import RULES, Row, write_sheets
from .tree import SEPARATOR

Units = QuerySet[Organization] | list[Organization]


class RosterTooLong(Exception):
    """A roster with more rows than a workbook takes back; the message says which, and what to do."""


def check_length(organization: Organization) -> None:
    """Raise RosterTooLong for a roster that could not be imported again; the database counts no further than a sheet goes."""
    units = Organization.objects.within(organization).filter(is_active=True).order_by()
    rows = {ORGANIZATIONS: units, MEMBERS: _members_of(units), COMMITMENTS: _promises_of(units)}
    long = [
        f"“{sheet.name}”超过{sheet.max_rows}行"
        for sheet, of_sheet in rows.items()
        if of_sheet.order_by()[: sheet.max_rows + 1].count() > sheet.max_rows
    ]
    if long:
        raise RosterTooLong(
            f"“{organization}”的名册太长，一个工作簿装不下：{'，'.join(long)}。请到它的下级党组织分别导出。"
        )


def export_roster(file: BinaryIO | str, organization: Organization, user, *, mark: str) -> None:
    """The units in use, the members on the roster and the promises, at and below the organization, as the user names them."""
    units = list(Organization.objects.within(organization).filter(is_active=True).order_by("path"))
    seen = Organization.objects.visible_to(user)
    above = seen.filter(path__in=ancestor_paths(organization.path)).order_by()
    names = dict(above.values_list("path", "name")) | dict(
        seen.within(organization).order_by().values_list("path", "name")
    )
    full_names = {unit.pk: _full_name(unit, names) for unit in units}
    rows = {
        ORGANIZATIONS.name: list(_organizations(units, names)),
        MEMBERS.name: list(_members(units, full_names)),
        COMMITMENTS.name: list(_commitments(units, full_names)),
    }
    title = f"{organization.name}名册（{mark}）"
    write_sheets(file, SHEETS, title=title, rules=RULES, rows=rows, mark=mark)


def _full_name(unit: Organization, names: dict[str, str]) -> str:
    """The path of names from the topmost unit that the user sees."""
    return SEPARATOR.join(names[path] for path in ancestor_paths(unit.path) if path in names)


def _organizations(units: list[Organization], names: dict[str, str]) -> Iterator[Row]:
    """A unit whose parent the user does not see could not be placed again, and is left out."""
    for unit in units:
        *above, _ = ancestor_paths(unit.path)
        if not above or above[-1] in names:
            parent = SEPARATOR.join(names[path] for path in above if path in names)
            yield unit.name, unit.get_kind_display(), parent or None


def _members(units: list[Organization], full_names: dict[int, str]) -> Iterator[Row]:
    members = _members_of(units).order_by("organization__path", "pk")
    for member in members:
        yield (
            member.name,
            full_names[member.organization_id],
            member.get_status_display(),
            member.get_post_display(),
        )


def _members_of(units: Units) -> QuerySet[Member]:
    return Member.objects.active().filter(organization__in=units)


def _promises_of(units: Units) -> QuerySet[Commitment]:
    return Commitment.objects.filter(organization__in=units).exclude(member__is_active=False)


def _commitments(units: list[Organization], full_names: dict[int, str]) -> Iterator[Row]:
    for row in _promises_of(units).select_related("member").order_by("organization__path", "pk"):
        yield (
            full_names[row.organization_id],
            row.member.name if row.member else None,
            row.get_kind_display(),
            row.content,
            row.due_on,
            row.get_status_display(),
        )
