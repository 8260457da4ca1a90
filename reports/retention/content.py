"""Kinds with what holds for each, and with what would go today, as the pages tell of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from .due import Lot, lots_due
from .periods import KINDS, KindFacts


@dataclass(frozen=True)
class KindLine:
    """A kind with its rule, and the lots that would go by it, as far as somebody may see them."""

    facts: KindFacts
    months: int | None
    lots: tuple[Lot, ...] = ()

    @property
    def rule(self) -> str:
        return f"满{self.months}个月清除" if self.months else "不自动清除"

    @property
    def number(self) -> int:
        return sum(lot.number for lot in self.lots)

    @property
    def places(self) -> str:
        """「2025年度群众评议（41项）」, each campaign or unit with its number."""
        return "、".join(f"{lot.place or '各账号'}（{lot.number}项）" for lot in self.lots)


def kind_lines(months: Mapping[str, int | None]) -> list[KindLine]:
    """Every kind with its rule."""
    return [KindLine(facts, months.get(facts.kind)) for facts in KINDS]


def previewed_lines(months: Mapping[str, int | None], *, paths: Collection[str], today: date) -> list[KindLine]:
    """Every kind with what would go today, of the subtrees that begin with the paths; the empty one is everything."""
    lots = [lot for lot in lots_due(months, today=today) if any(lot.path.startswith(path) for path in paths)]
    return [
        KindLine(facts, months.get(facts.kind), tuple(lot for lot in lots if lot.kind == facts.kind)) for facts in KINDS
    ]
