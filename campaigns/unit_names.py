"""Names by which a list in a workbook tells units apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import starmap
from typing import NamedTuple

from django.db.models import QuerySet

from .models import Organization
from .plain_text import NotPlain, clean_name


def names_alone(units: Iterable[Organization]) -> dict[int, str]:
    """By key the name that stands for one unit alone: with that of its parent where several are called alike."""
    units = list(units)
    counts = Counter(clean_name(unit.name) for unit in units)
    return {unit.pk: name_with_parent(unit) if counts[clean_name(unit.name)] > 1 else unit.name for unit in units}


def name_with_parent(unit: Organization) -> str:
    return f"{unit.parent.name}/{unit.name}" if unit.parent else unit.name


class NamedUnit(NamedTuple):
    """A unit as a list tells it apart."""

    pk: int
    name: str
    parent_name: str | None


def named_units(rows: QuerySet, way: str = "") -> Iterator[NamedUnit]:
    """The units of rows, to which `way` leads, as the database hands them over: a province has a hundred thousand."""
    columns = [f"{way}{column}" for column in ("pk", "name", "parent__name")]
    return starmap(NamedUnit, rows.order_by().values_list(*columns).iterator())


class UnitsByName:
    """Units found by their name, or by 上级/名称; of all units those alone are kept that are `asked` for."""

    def __init__(self, units: Iterable[NamedUnit], asked: Iterable[str]):
        self._keys = {text: key for text in asked if (key := _key(text))}
        wanted = set(self._keys.values())
        self._units: defaultdict[str, list[NamedUnit]] = defaultdict(list)
        for unit in units:
            name = clean_name(unit.name)
            spellings = [name, f"{clean_name(unit.parent_name)}/{name}"] if unit.parent_name else [name]
            for spelling in wanted.intersection(spellings):
                self._units[spelling].append(unit)

    def unit(self, text: str) -> NamedUnit:
        """The unit that `problem` finds nothing wrong with."""
        return self._units[self._keys[text]][0]

    def problem(self, text: str, *, unknown: str) -> str:
        """The fault of a name: the sentence `unknown`, or that several units have it; empty for exactly one."""
        try:
            fitting = self._units.get(clean_name(text), [])
        except NotPlain as refusal:
            return str(refusal).rstrip("。")
        if not fitting:
            return unknown
        return "" if len(fitting) == 1 else "有几个同名的党组织，请写成“上级名称/名称”"


def _key(text: str) -> str:
    """The one spelling of a name in a list; empty for a text that is none, of which `problem` tells."""
    try:
        return clean_name(text)
    except NotPlain:
        return ""
