"""Writes the roster of a unit and those below it as a workbook that can be imported again.

The contract of the workbook leaves no line for a mark on its three sheets: who took it out, and when, stands on the
sheet of instructions, which nobody imports, at the foot of every printed page, and among the properties of the file.
"""

from collections.abc import Iterator
from typing import BinaryIO

from ..models import Commitment, Member, Organization
from ..models.place import ancestor_paths
from .layout import COMMITMENTS, MEMBERS, ORGANIZATIONS, SHEETS
from .template import RULES, Row, write_sheets
from .tree import SEPARATOR


def export_roster(file: BinaryIO | str, organization: Organization, user, *, mark: str) -> None:
    """The units in use, the members on the roster and the promises, at and below the organization, as the user names them."""
    units = list(Organization.objects.within(organization).filter(is_active=True).order_by("path"))
    names = dict(Organization.objects.visible_to(user).values_list("path", "name"))
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
    members = Member.objects.active().filter(organization__in=units).order_by("organization__path", "pk")
    for member in members:
        yield (
            member.name,
            full_names[member.organization_id],
            member.get_status_display(),
            member.get_post_display(),
        )


def _commitments(units: list[Organization], full_names: dict[int, str]) -> Iterator[Row]:
    commitments = Commitment.objects.filter(organization__in=units).exclude(member__is_active=False)
    for row in commitments.select_related("member").order_by("organization__path", "pk"):
        yield (
            full_names[row.organization_id],
            row.member.name if row.member else None,
            row.get_kind_display(),
            row.content,
            row.due_on,
            row.get_status_display(),
        )
