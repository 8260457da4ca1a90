"""The highest and the lowest of results that stand beside each other, in words; few ballots take no part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ballots.counting import tally

from .rows import Row

# So many are named that share a place.
NAMES_SHOWN = 3


@dataclass(frozen=True)
class ComparedResult:
    """A name with the votes of the first grade, their denominator and rate; None where they are not known."""

    name: str
    count: int
    base: int | None
    rate: tally.Rate

    @property
    def share(self) -> Fraction:
        """The exact share, by which results are compared: a printed rate may be made to add up."""
        return Fraction(self.count, self.base or 1)


@dataclass(frozen=True)
class Extremes:
    """Results that may be compared; `left_out` have no rate, or too few ballots, or are not shown."""

    # 「个评议对象」, 「人」, behind a number.
    counted: str
    rate_name: str
    compared: tuple[ComparedResult, ...]
    left_out: int = 0
    min_group: int = 0

    @property
    def highest(self) -> tuple[ComparedResult, ...]:
        return self._at(max(result.share for result in self.compared))

    @property
    def lowest(self) -> tuple[ComparedResult, ...]:
        return self._at(min(result.share for result in self.compared))

    def _at(self, share: Fraction) -> tuple[ComparedResult, ...]:
        return tuple(result for result in self.compared if result.share == share)

    @property
    def sentence(self) -> str:
        """Who is highest and who lowest, with the votes; empty where there are not two to compare."""
        if len(self.compared) < 2:
            return ""
        if len(self.highest) == len(self.compared):
            text = f"{len(self.compared)}{self.counted}的{self.rate_name}相同，都是{self.highest[0].rate.percent_text}"
        else:
            amount = f"{len(self.compared)}{self.counted}"
            text = (
                f"{amount}中，{self.rate_name}最高的是{self._named(self.highest)}；最低的是{self._named(self.lowest)}"
            )
        return f"{text}。{self._left_out}"

    def _named(self, results: Sequence[ComparedResult]) -> str:
        first = results[0]
        if len(results) == 1:
            return f"{first.name}，{first.rate.percent_text}（{first.count}/{first.base}）"
        names = "、".join(result.name for result in results[:NAMES_SHOWN])
        more = f"等{len(results)}{self.counted}" if len(results) > NAMES_SHOWN else ""
        return f"{names}{more}，并列{first.rate.percent_text}"

    @property
    def _left_out(self) -> str:
        few = f"票少于{self.min_group}张、" if self.min_group else ""
        return f"另有{self.left_out}{self.counted}{few}没有结果或者不公布，不参加比较。" if self.left_out else ""


def compared_result(name: str, rows: Sequence[Row]) -> ComparedResult | None:
    """The result of some rows together: of one its own, of several the sum of their votes, never a mean of rates.

    None where one of them has no rate.
    """
    if not rows or not all(row.satisfaction.is_known and row.base for row in rows):
        return None
    count, base = sum(row.figures[0].count for row in rows), sum(row.base or 0 for row in rows)
    decimals = rows[0].satisfaction.decimals
    rate = rows[0].satisfaction if len(rows) == 1 else tally.rate_of(count, base, decimals)
    return ComparedResult(name, count, base, rate)


def judged_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows that stand for the whole: the 总体评价, or all where none was asked."""
    return tuple(row for row in rows if row.is_overall) or tuple(rows)


def judged_name(rows: Sequence[Row], rate_name: str) -> str:
    """「“总体评价”满意率」, 「各项合计满意率」."""
    judged = judged_rows(rows)
    return f"“{judged[0].label}”{rate_name}" if len(judged) == 1 else f"各项合计{rate_name}"


def extremes_among(
    results: Iterable[ComparedResult | None], *, counted: str, rate_name: str, min_group: int
) -> Extremes:
    """The extremes of those with a rate whose denominator is not below the campaign's smallest group."""
    results = list(results)
    fit = tuple(result for result in results if result and (result.base or 0) >= min_group)
    return Extremes(counted, rate_name, fit, len(results) - len(fit), min_group)


def extremes_of_lines(lines: Sequence[tuple[str, Sequence[Row]]], *, rate_name: str, min_group: int) -> Extremes:
    """The extremes of indicators, each with its rows about every target; no line that stands for all takes part."""
    parts = [(label, rows) for label, rows in lines if not rows[0].is_overall]
    results = (compared_result(label, rows) for label, rows in parts)
    return extremes_among(results, counted="项评议内容", rate_name=rate_name, min_group=min_group)
