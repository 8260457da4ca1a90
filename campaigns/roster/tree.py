"""The organizations that a workbook can speak of: those in the database and those in its own first sheet, as one tree."""

from collections import defaultdict

from ..models import Organization
from ..models.place import DEEPEST, STEP
from ..models.reach import visible_paths
from ..permissions import can_arrange, can_edit_roster
from ..plain_text import name_key
from .nearness import NearUnit, is_near
from .reading import MAX_ERRORS, RosterRow

SEPARATOR = "/"
# So many units are offered for a name that comes near them.
MOST_NEAR = 5


class Unplaced(ValueError):
    """An organization that was not found, or is not one; an empty message where the cause is told elsewhere."""


class RosterUnit:
    """A place in the tree. `organization` is stored, or one to be made for the row."""

    def __init__(self, name: str, parent: "RosterUnit | None", organization: Organization):
        self.name = name
        self.parent = parent
        self.full_name: str = f"{parent.full_name}{SEPARATOR}{name}" if parent else name
        self.depth: int = parent.depth + 1 if parent else 0
        self.organization = organization
        self.row: RosterRow | None = None
        self.is_writable = False

    @property
    def is_new(self) -> bool:
        return self.organization.pk is None


class Tree:
    """Finds organizations by name or path. `rows` are those of the sheet 组织; what is wrong with them is in `problems`."""

    def __init__(self, user, rows: list[RosterRow]):
        self.problems: list[tuple[RosterRow, str, str]] = []
        self._user = user
        self._roots: dict[str, RosterUnit] = {}
        self._children: dict[tuple[RosterUnit, str], RosterUnit] = {}
        self._stored_by_name: dict[str, list[RosterUnit]] = defaultdict(list)
        self._rows_by_name: dict[str, list[RosterRow]] = defaultdict(list)
        self._placed: dict[int, RosterUnit | None] = {}
        self._climbing: list[RosterRow] = []
        self._by_ending: dict[str, list[RosterUnit]] | None = None
        self._load()
        for row in rows:
            self._rows_by_name[_last(row["名称"])].append(row)
        for row in rows:
            self._try_to_place(row)
        self._by_ending = self._index()
        self.units = [(row, unit) for row in rows if (unit := self._placed[row.number]) and unit.row is row]

    def find(self, text: str) -> RosterUnit:
        """The one organization of a name, or of a path from the root or from anywhere above it; raises Unplaced."""
        text = _normal(text)
        if self._by_ending is None:
            return self._chosen(text, *self._candidates(text))
        matches = self._by_ending.get(text, [])
        is_told = not matches and any(self._placed[row.number] is None for row in self._rows_by_name[_last(text)])
        return self._chosen(text, matches, Unplaced("") if is_told else None)

    def near(self, text: str, row: RosterRow, heading: str) -> NearUnit | None:
        """The stored units that a name which comes in may mean; none that the workbook itself places."""
        unit = self._placed.get(row.number) if heading == "名称" else None
        if unit and not (unit.is_new and unit.row is row):
            return None
        around = [other for other in self._units if not other.is_new and other.row is None]
        if unit:  # a new one beside those below the same parent
            around = [other for other in around if other.parent is unit.parent]
        elif self._matches(text):
            return None
        last = last_name(text)
        others = tuple(other.full_name for other in around if is_near(last, other.name))
        return NearUnit(last, row.sheet, row.number, others[:MOST_NEAR]) if others else None

    def _matches(self, text: str) -> list[RosterUnit]:
        return (self._by_ending or {}).get(_normal(text), [])

    @property
    def _units(self) -> list[RosterUnit]:
        return [*self._roots.values(), *self._children.values()]

    def _candidates(self, text: str) -> tuple[list[RosterUnit], Unplaced | None]:
        """Where rows are still being placed: the organizations that the text can mean, and why a row was none."""
        candidates: dict[RosterUnit, None] = dict.fromkeys(_matching(self._stored_by_name[_last(text)], text))
        cause = None
        for row in self._rows_by_name[_last(text)]:
            if row in self._climbing[-1:]:  # a row is not its own parent
                continue
            try:
                candidates.update(dict.fromkeys(_matching([self._place(row)], text)))
            except Unplaced as error:
                cause = cause or error
        return list(candidates), cause

    def _chosen(self, text: str, matches: list[RosterUnit], cause: Unplaced | None) -> RosterUnit:
        exact = [unit for unit in matches if _normal(unit.full_name) == text]
        if len(exact) == 1 or len(matches) == 1:
            return (exact or matches)[0]
        if matches:
            paths = "、".join(f"“{unit.full_name}”" for unit in matches[:3])
            raise Unplaced(f"名称有{len(matches)}个党组织，分不清是哪一个；请写路径，如{paths}。")
        raise cause or Unplaced("找不到这个党组织；请写本表或系统中已有的名称，或从上到下的路径。")

    def _index(self) -> dict[str, list[RosterUnit]]:
        """Every ending of every path, so that thousands of members are placed without a search."""
        index: dict[str, list[RosterUnit]] = defaultdict(list)
        for unit in self._units:
            parts = _normal(unit.full_name).split(SEPARATOR)
            for start in range(len(parts)):
                index[SEPARATOR.join(parts[start:])].append(unit)
        return index

    def _load(self) -> None:
        """The organizations that the user sees, and, to spell their paths, those above."""
        visible = Organization.objects.visible_to(self._user)
        above = {path[:end] for path in visible_paths(self._user) for end in range(STEP, len(path), STEP)}
        units: dict[int, RosterUnit] = {}
        for organization in (visible | Organization.objects.filter(path__in=above)).select_related("parent"):
            parent = units.get(organization.parent_id)
            unit = units[organization.pk] = self._add(organization.name, parent, organization)
            unit.is_writable = can_edit_roster(self._user, organization)
            self._stored_by_name[_last(unit.name)].append(unit)

    def _add(self, name: str, parent: RosterUnit | None, organization: Organization) -> RosterUnit:
        unit = RosterUnit(name, parent, organization)
        if parent:
            self._children[parent, name_key(name)] = unit
        else:
            self._roots[name_key(name)] = unit
        return unit

    def _try_to_place(self, row: RosterRow) -> None:
        try:
            self._place(row)
        except Unplaced as error:
            if str(error):
                self.problems.append((row, "上级", str(error)))

    def _place(self, row: RosterRow) -> RosterUnit:
        """The unit of a row, made where the tree has none; each row is placed once."""
        if row.number in self._placed:
            if unit := self._placed[row.number]:
                return unit
            raise Unplaced("")
        # After so many problems no more are shown, and looking for them takes long where many rows share a name.
        if "名称" in row.bad or "上级" in row.bad or len(self.problems) >= MAX_ERRORS:
            self._placed[row.number] = None
            raise Unplaced("")
        if row in self._climbing:
            loop = self._climbing[self._climbing.index(row) :]
            names = " → ".join(f"第{member.number}行“{member['名称']}”" for member in [*loop, row])
            raise Unplaced(f"上级成了循环：{names}。")
        if len(self._climbing) > DEEPEST:
            raise Unplaced(f"层级超过{DEEPEST}级。")
        self._climbing.append(row)
        try:
            parent = self.find(row["上级"]) if row["上级"] else None
            unit = self._placed[row.number] = self._settle(row, parent)
            return unit
        except Unplaced as error:
            self._placed[row.number] = None
            if str(error):
                self.problems.append((row, "上级", str(error)))
            raise Unplaced("") from None
        finally:
            self._climbing.pop()

    def _settle(self, row: RosterRow, parent: RosterUnit | None) -> RosterUnit:
        name = row["名称"]
        unit = self._children.get((parent, name_key(name))) if parent else self._roots.get(name_key(name))
        if unit is None:
            if parent and parent.depth + 1 >= DEEPEST:
                raise Unplaced(f"层级超过{DEEPEST}级。")
            if not (parent.is_writable if parent else can_arrange(self._user, None)):
                raise Unplaced(self._refusal(parent))
            organization = Organization(name=name, kind=row["类别"], parent=parent.organization if parent else None)
            unit = self._add(name, parent, organization)
            unit.is_writable = True
        if unit.row:
            self.problems.append((row, "名称", f"与第{unit.row.number}行重复：同一上级之下不能有同名的党组织。"))
        else:
            unit.row = row
        return unit

    def _refusal(self, parent: RosterUnit | None) -> str:
        if parent:
            return f"您没有在“{parent.full_name}”之下新增党组织的权限。"
        return "只有超级管理员可以新增最上级的党组织；请填写上级。"


def _normal(text: str) -> str:
    """A name or path in one spelling, however its brackets and spaces were typed."""
    return SEPARATOR.join(name_key(part) for part in text.replace("／", SEPARATOR).split(SEPARATOR) if part.strip())


def last_name(text: str) -> str:
    """The name at the end of a path, as it is written."""
    return text.replace("／", SEPARATOR).rpartition(SEPARATOR)[2].strip()


def _last(text: str) -> str:
    return _normal(text).rpartition(SEPARATOR)[2]


def _matching(units: list[RosterUnit], text: str) -> list[RosterUnit]:
    """The units whose path is the text or ends with it."""
    return [unit for unit in units if f"{SEPARATOR}{_normal(unit.full_name)}".endswith(f"{SEPARATOR}{text}")]
