"""Sets the rows of a workbook against the database: what is new, changed, unchanged, and what cannot be written."""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model

from ..models import Commitment, Member
from ..models.columns import column
from ..plain_text import clean_name
from .layout import COMMITMENTS, MEMBERS, ORGANIZATIONS, SHEETS
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


@dataclass(frozen=True)
class Namesake:
    """A member who is new in a unit and has the name of somebody on another unit's roster: perhaps the same person."""

    row: int
    name: str
    unit: str
    others: tuple[str, ...]


@dataclass
class RosterComparison:
    entries: list[Entry] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    namesakes: list[Namesake] = field(default_factory=list)

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
    def digest(self) -> str:
        """Equal as long as writing would do the same; what was previewed is what is written."""
        told = [
            (entry.sheet, entry.row, entry.unit, entry.state, [(c.heading, c.old, c.new) for c in entry.changes])
            for entry in self.entries
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def compare_roster(reading: Reading, user) -> RosterComparison:
    """Compare for a user; nothing outside what the user may see is looked at or told."""
    return _Comparing(reading, user).run()


class _Comparing:
    def __init__(self, reading: Reading, user):
        self.rows = reading.rows
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
        order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
        self.result.errors.sort(key=lambda error: (order.get(error.sheet, -1), error.row or 0))
        return self.result

    def _namesakes(self) -> list[Namesake]:
        """The new members who have a namesake on the roster of another unit that the user sees."""
        new = self.result.of(MEMBERS.name, NEW)
        elsewhere: dict[str, list[str]] = defaultdict(list)
        stored = Member.objects.visible_to(self.user).active().filter(name__in={entry.label for entry in new})
        for name, unit in stored.values_list("name", "organization__name"):
            elsewhere[name].append(unit)
        return [
            Namesake(entry.row, entry.label, entry.unit, tuple(elsewhere[entry.label]))
            for entry in new
            if entry.label in elsewhere
        ]

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

    def _organization(self, row: RosterRow, unit: RosterUnit) -> None:
        organization = unit.organization
        if unit.is_new:
            self._add(row, unit.parent, unit.name, organization, ())
            return
        wanted = {"kind": row["类别"], "is_active": True}
        changes = _assign(organization, wanted, {"kind": "类别", "is_active": "在用"}, {"is_active": _IN_USE})
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
        self.mentioned.add((unit, name))
        member = self.members.get((unit, name))
        if member is None:
            given = _given({"status": row["党员状态"], "post": row["职务"]})
            member = self.members[unit, name] = Member(organization=unit.organization, name=name, **given)
            self._add(row, unit, name, member, ())
            return
        wanted = _given({"status": row["党员状态"], "post": row["职务"]}) | {"is_active": True}
        headings = {"status": "党员状态", "post": "职务", "is_active": "在册"}
        self._add(row, unit, name, member, _assign(member, wanted, headings, {"is_active": _ON_ROSTER}))

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
        given = _given({"kind": row["类型"], "due_on": due_on, "status": row["兑现情况"]})
        commitment = self.commitments.get((unit, name, content))
        if commitment is None:
            commitment = Commitment(organization=unit.organization, member=member, content=content, **given)
            self._add(row, unit, content, commitment, ())
            return
        headings = {"kind": "类型", "due_on": "完成时限", "status": "兑现情况"}
        changes = _assign(commitment, given, headings, {})
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
        self, row: RosterRow, unit: RosterUnit | None, label: str, instance: Model, changes: tuple[Change, ...]
    ) -> None:
        state = NEW if instance.pk is None else CHANGED if changes else UNCHANGED
        place = unit.full_name if unit else "（最上级）"
        self.result.entries.append(Entry(row.sheet, row.number, label, place, state, changes, instance))


def _given(values: dict) -> dict:
    """Without the empty cells: they leave alone what is stored, and take the default where nothing is."""
    return {name: value for name, value in values.items() if value}


def _assign(instance: Model, wanted: dict, headings: dict[str, str], words: dict[str, dict]) -> tuple[Change, ...]:
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
