"""The units that may take part in a campaign, in the branches of the tree, with the boxes that are ticked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .models import Organization

# A tree of more units shows its branches folded.
FOLDED_FROM = 60
DEEPEST = 6


@dataclass(frozen=True)
class UnitRow:
    """A unit with its box; `depth` counts from the organizing unit, 0 to 6."""

    unit: Organization
    depth: int
    is_ticked: bool


@dataclass(frozen=True)
class Branch:
    """A unit right below the organizing one, with all below it; `head` is None for the organizing unit and those without any below."""

    head: Organization | None
    rows: list[UnitRow]

    @property
    def ticked_count(self) -> int:
        return sum(row.is_ticked for row in self.rows)


def branches_of(organizer: Organization, units: Sequence[Organization], ticked: Collection[int]) -> list[Branch]:
    """The branches below a unit, `units` in the order of the tree; the organizing unit and its own units first."""
    by_head: dict[Organization | None, list[UnitRow]] = {None: []}
    head: Organization | None = None
    for unit, following in zip(units, [*units[1:], None], strict=True):
        depth = unit.depth - organizer.depth
        if depth <= 1:
            has_units = following is not None and following.depth > unit.depth
            head = unit if depth == 1 and has_units else None
        by_head.setdefault(head, []).append(UnitRow(unit, min(depth, DEEPEST), unit.pk in ticked))
    return [Branch(head, rows) for head, rows in by_head.items() if rows]
