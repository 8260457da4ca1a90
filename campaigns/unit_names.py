"""Names by which a list in a workbook tells units apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from .models import Organization
from .plain_text import NotPlain, clean_name


def names_alone(units: Iterable[Organization]) -> dict[int, str]:
    """By key the name that stands for one unit alone: with that of its parent where several are called alike."""
    units = list(units)
    counts = Counter(clean_name(unit.name) for unit in units)
    return {unit.pk: name_with_parent(unit) if counts[clean_name(unit.name)] > 1 else unit.name for unit in units}


def name_with_parent(unit: Organization) -> str:
    return f"{unit.parent.name}/{unit.name}" if unit.parent else unit.name


class UnitsByName:
    """Units found by their name, or by 上级/名称."""

    def __init__(self, units: Iterable[Organization]):
        self._units: defaultdict[str, list[Organization]] = defaultdict(list)
        for unit in units:
            self._units[clean_name(unit.name)].append(unit)
            if unit.parent:
                self._units[f"{clean_name(unit.parent.name)}/{clean_name(unit.name)}"].append(unit)

    def unit(self, text: str) -> Organization:
        """The unit that `problem` finds nothing wrong with."""
        return self._units[clean_name(text)][0]

    def problem(self, text: str, *, unknown: str) -> str:
        """The fault of a name: the sentence `unknown`, or that several units have it; empty for exactly one."""
        try:
            fitting = self._units.get(clean_name(text), [])
        except NotPlain as refusal:
            return str(refusal).rstrip("。")
        if not fitting:
            return unknown
        return "" if len(fitting) == 1 else "有几个同名的党组织，请写成“上级名称/名称”"
