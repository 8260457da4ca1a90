"""Sets the rows of a workbook against the database: what is new, changed, unchanged, and what cannot be written."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from django.db.models import Model

from ..models import Commitment, Member, Organization
from ..models.columns import column
from ..permissions import can_edit_roster
from ..plain_text import clean_name
from .layout import COMMITMENTS, MEMBERS, ORGANIZATIONS, SHEETS
from .nearness import NearUnit
from .reading import CellError, Reading, RosterRow
from .tree import RosterUnit, Tree, Unplaced

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
_IN_USE = {True: "在用", False: "已停用"}
_ON_ROSTER = {True: "在册", False: "不在册"}


@dataclass(frozen=True)
class Change:
    heading: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """The outcome of one row. `instance` carries the new values and is not saved yet."""

    sheet: str
    row: int
    label: str
    # The organization that it belongs to, or stands below.
    unit: str
    state: str
    changes: tuple[Change, ...]
    instance: Model
    # Where a member of another unit goes, who was said to be this one.
    transfer_to: Organization | None = None


@dataclass(frozen=True)
class Namesake:
    """A member who is new in a unit and has the name of somebody on another unit's roster: perhaps the same person."""

    row: int
    name: str
    unit: str
    others: tuple[str, ...]
    # The members among them whom the user may transfer: key and unit.
    movable: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Absent:
    """A member on the roster of a unit that the workbook has members of, but not this one."""

    key: int
    name: str
    unit: str
    post: str


SKIP, SECOND, TRANSFER = "skip", "second", "transfer"


@dataclass(frozen=True)
class RosterChoices:
    """The answers of a preview: by row, SKIP, SECOND or TRANSFER with the member's key; and the members to deactivate."""

    namesakes: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    deactivated: frozenset[int] = frozenset()

    def decide(self, namesakes: list[Namesake]) -> bool:
        """Whether each new member with a namesake elsewhere was said to be the same person, another, or left out."""
        return all(namesake.row in self.namesakes for namesake in namesakes)


@dataclass
class RosterComparison:
    entries: list[Entry] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    namesakes: list[Namesake] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    near: list[NearUnit] = field(default_factory=list)

    def of(self, sheet: str, state: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.sheet == sheet and entry.state == state]

    @property
    def counts(self) -> Counter:
        """(sheet, state) → number of rows."""
        return Counter((entry.sheet, entry.state) for entry in self.entries)

    @property
    def has_changes(self) -> bool:
        return any(entry.state != UNCHANGED for entry in self.entries)

    @property
    def is_to_confirm(self) -> bool:
        """Whether there is something to write, or somebody who could go."""
        return self.has_changes or bool(self.absent)

    @property
    def digest(self) -> str:
        """Equal as long as writing would do the same; what was previewed is what is written."""
        told = [
            (entry.sheet, entry.row, entry.unit, entry.state, [(c.heading, c.old, c.new) for c in entry.changes])
            for entry in self.entries
        ]
        asked = [[asdict(item) for item in items] for items in (self.namesakes, self.absent)]
        return hashlib.sha256(json.dumps([told, asked], ensure_ascii=False).encode()).hexdigest()


def compare_roster(reading: Reading, user, choices: RosterChoices | None = None) -> RosterComparison:
    """Compare for a user; nothing outside what the user may see is looked at or told.

    With choices the rows are what they were said to be: a transfer, another person, or left out.
    """
    return _Comparing(reading, user, choices or RosterChoices()).run()


class _Comparing:
    def __init__(self, reading: Reading, user, choices: RosterChoices):
        self.rows = reading.rows
        self.choices = choices
        self.told_apart = reading.told_apart
        self.user = user
        self.result = RosterComparison(errors=list(reading.errors))
        self.tree = Tree(user, self.rows[ORGANIZATIONS.name])
        self.members: dict[tuple[RosterUnit, str], Member] = {}
        self._seen: dict[tuple, int] = {}
        self._told: dict[tuple, RosterRow] = {}

    def run(self) -> RosterComparison:
        for row, heading, message in self.tree.problems:
            self._error(row, heading, message)
        for row, placed_unit in self.tree.units:
            self._organization(row, placed_unit)
        placed = {
            row.sheet + str(row.number): self._unit_of(row) for sheet in SHEETS[1:] for row in self.rows[sheet.name]
        }
        units = {unit for unit in placed.values() if unit}
        self._load(units)
        for row in self.rows[MEMBERS.name]:
            if unit := placed[row.sheet + str(row.number)]:
                self._member(row, unit)
        for row in self.rows[COMMITMENTS.name]:
            if unit := placed[row.sheet + str(row.number)]:
                self._commitment(row, unit)
        self.result.namesakes = self._namesakes()
        self.result.absent = list(self._absent(units))
        self.result.near = self._near()
        order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
        self.result.errors.sort(key=lambda error: (order.get(error.sheet, -1), error.row or 0))
        return self.result

    def _namesakes(self) -> list[Namesake]:
        """The new members who have a namesake on the roster of another unit that the user sees."""
        new = self.result.of(MEMBERS.name, NEW)
        elsewhere: dict[str, list[Member]] = defaultdict(list)
        for member in self._of_names({entry.label for entry in new}):
            elsewhere[member.name].append(member)
        return [
            Namesake(
                entry.row,
                entry.label,
                entry.unit,
                tuple(member.organization.name for member in elsewhere[entry.label]),
                tuple(
                    (member.pk, member.organization.name)
                    for member in elsewhere[entry.label]
                    if self._is_movable(member)
                ),
            )
            for entry in new
            if entry.label in elsewhere
        ]

    def _of_names(self, names: set[str]) -> Iterator[Member]:
        stored = Member.objects.visible_to(self.user).active().filter(name__in=names).select_related("organization")
        # Whoever the workbook names in their own unit too is somebody else.
        return (member for member in stored if member.pk not in self.named)

    def _is_movable(self, member: Member) -> bool:
        return can_edit_roster(self.user, member.organization)

    def _absent(self, units: set[RosterUnit]) -> Iterator[Absent]:
        """The members on the rosters of the units that the workbook has members of, whom it does not have."""
        of_members = {unit for unit, _ in self.mentioned}
        for (unit, name), member in self.members.items():
            if unit in of_members & units and member.pk and member.is_active and member.pk not in self.named:
                yield Absent(member.pk, name, unit.full_name, member.get_post_display())

    def _near(self) -> list[NearUnit]:
        """The names of units that come in and come near those there are, each once."""
        near: dict[str, NearUnit] = {}
        for sheet, headings in ((ORGANIZATIONS, ("名称", "上级")), (MEMBERS, ("党组织",)), (COMMITMENTS, ("党组织",))):
            for row in self.rows[sheet.name]:
                for heading in headings:
                    text = row[heading]
                    if not text or heading in row.bad or text in self._looked_at:
                        continue
                    self._looked_at.add(text)
                    candidate = self.tree.near(text, row, heading)
                    if candidate and candidate.name not in self.told_apart:
                        near.setdefault(candidate.name, candidate)
        return list(near.values())

    def _error(self, row: RosterRow, heading: str, message: str) -> None:
        value = row[heading]
        self.result.errors.append(CellError(row.sheet, row.number, heading, value[:60], message))

    def _unit_of(self, row: RosterRow) -> RosterUnit | None:
        """The organization of a member or a commitment; None where it cannot be, which has been told."""
        if "党组织" in row.bad:
            return None
        try:
            unit = self.tree.find(row["党组织"])
        except Unplaced as error:
            if str(error):
                self._error(row, "党组织", str(error))
            return None
        if not unit.is_writable:
            self._error(row, "党组织", f"您没有维护“{unit.full_name}”名册的权限。")
            return None
        return unit

    def _load(self, units: set[RosterUnit]) -> None:
        stored = {unit.organization.pk: unit for unit in units if not unit.is_new}
        for member in Member.objects.filter(organization__in=stored).order_by("pk"):
            # Kept before names had one spelling; the same person all the same.
            self.members.setdefault((stored[member.organization_id], clean_name(member.name)), member)
        self.commitments = {
            (
                stored[commitment.organization_id],
                clean_name(commitment.member.name) if commitment.member else "",
                commitment.content,
            ): commitment
            for commitment in Commitment.objects.filter(organization__in=stored).select_related("member").order_by("pk")
        }
        self.mentioned: set[tuple[RosterUnit, str]] = set()
        # The keys of stored members whom a row names in their own unit.
        self.named: set[int] = set()
        self._looked_at: set[str] = set()

    def _organization(self, row: RosterRow, unit: RosterUnit) -> None:
        organization = unit.organization
        if unit.is_new:
            self._add(row, unit.parent, unit.name, organization, ())
            return
        wanted = {"kind": row["类别"], "is_active": True}
        changes = assign_changes(organization, wanted, {"kind": "类别", "is_active": "在用"}, {"is_active": _IN_USE})
        if changes and not unit.is_writable:
            self._error(row, "名称", f"您没有修改“{unit.full_name}”的权限。")
            return
        self._add(row, unit.parent, unit.name, organization, changes)

    def _member(self, row: RosterRow, unit: RosterUnit) -> None:
        name = row["姓名"]
        if self._is_respelled_again(row, unit):
            return
        if "姓名" in row.bad or self._is_repeated(
            row, ("member", unit, name), "姓名", "同一党组织内有两人同名的，请加注区别"
        ):
            return
        answer, key = self.choices.namesakes.get(row.number, (SECOND, 0))
        if answer == SKIP:
            return
        self.mentioned.add((unit, name))
        member = self.members.get((unit, name))
        if member is None and answer == TRANSFER:
            self._transfer(row, unit, key)
            return
        if member is None:
            given = given_cells({"status": row["党员状态"], "post": row["职务"]})
            member = self.members[unit, name] = Member(organization=unit.organization, name=name, **given)
            self._add(row, unit, name, member, ())
            return
        self.named.add(member.pk)
        wanted = given_cells({"status": row["党员状态"], "post": row["职务"]}) | {"is_active": True}
        headings = {"status": "党员状态", "post": "职务", "is_active": "在册"}
        self._add(row, unit, name, member, assign_changes(member, wanted, headings, {"is_active": _ON_ROSTER}))

    def _transfer(self, row: RosterRow, unit: RosterUnit, key: int) -> None:
        """A member of another unit comes here, with what the row says of them."""
        member = next((member for member in self._of_names({row["姓名"]}) if member.pk == key), None)
        if member is None or not self._is_movable(member):
            self._error(row, "姓名", "要转接的党员已经不在原来的名册上，请重新上传。")
            return
        self.members[unit, row["姓名"]] = member
        self.named.add(member.pk)
        wanted = given_cells({"status": row["党员状态"], "post": row["职务"]})
        changes = assign_changes(member, wanted, {"status": "党员状态", "post": "职务"}, {})
        move = Change("党组织", member.organization.name, unit.name)
        self._add(row, unit, row["姓名"], member, (move, *changes), transfer_to=unit.organization)

    def _commitment(self, row: RosterRow, unit: RosterUnit) -> None:
        name, content = row["承诺人"], row["承诺内容"]
        if {"承诺人", "承诺内容"} & set(row.bad) or self._is_repeated(
            row, ("commitment", unit, name, content), "承诺内容", "同一承诺不能写两行"
        ):
            return
        member = self.members.get((unit, name)) if name else None
        if name and not (member and (member.is_active or (unit, name) in self.mentioned)):
            self._error(row, "承诺人", f"“{unit.full_name}”的名册和本工作簿中都没有这名党员。")
            return
        due_on = date.fromisoformat(row["完成时限"]) if row["完成时限"] else None
        given = given_cells({"kind": row["类型"], "due_on": due_on, "status": row["兑现情况"]})
        commitment = self.commitments.get((unit, name, content))
        if commitment is None:
            commitment = Commitment(organization=unit.organization, member=member, content=content, **given)
            self._add(row, unit, content, commitment, ())
            return
        headings = {"kind": "类型", "due_on": "完成时限", "status": "兑现情况"}
        changes = assign_changes(commitment, given, headings, {})
        if commitment.status != Commitment.Status.FULFILLED:
            commitment.fulfilled_on = None
        self._add(row, unit, content, commitment, changes)

    def _is_respelled_again(self, row: RosterRow, unit: RosterUnit) -> bool:
        """Whether a row says nothing new: one above has the same person and the same facts, in another spelling."""
        key = (unit, row["姓名"], row["党员状态"], row["职务"])
        first = self._told.setdefault(key, row)
        return first is not row and bool(row.respelled or first.respelled)

    def _is_repeated(self, row: RosterRow, key: tuple, heading: str, advice: str) -> bool:
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            self._error(row, heading, f"与第{first}行重复；{advice}。")
        return first != row.number

    def _add(
        self,
        row: RosterRow,
        unit: RosterUnit | None,
        label: str,
        instance: Model,
        changes: tuple[Change, ...],
        *,
        transfer_to: Organization | None = None,
    ) -> None:
        state = NEW if instance.pk is None else CHANGED if changes else UNCHANGED
        place = unit.full_name if unit else "（最上级）"
        self.result.entries.append(Entry(row.sheet, row.number, label, place, state, changes, instance, transfer_to))


def given_cells(values: dict) -> dict:
    """Without the empty cells: they leave alone what is stored, and take the default where nothing is."""
    return {name: value for name, value in values.items() if value}


def assign_changes(
    instance: Model, wanted: dict, headings: dict[str, str], words: dict[str, dict]
) -> tuple[Change, ...]:
    """Give an instance the wanted values; returns what that changes, in the words of the workbook."""
    changes = []
    for name, value in wanted.items():
        old = getattr(instance, name)
        if old == value:
            continue
        setattr(instance, name, value)
        labels = words.get(name) or dict(column(instance, name).flatchoices)
        shown = [str(labels.get(state, state) if state is not None else "（空）") for state in (old, value)]
        changes.append(Change(headings[name], *shown))
    return tuple(changes)
