"""Shades of a matrix of rates, beside the numbers in its cells: five even steps over the range that differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from ballots.counting import tally

STEPS = 5


@dataclass(frozen=True)
class Shades:
    """The range that the steps divide, from the full ten percent below the lowest rate to that above the highest; none
    where nothing differs.
    """

    span: tuple[Fraction, Fraction] | None

    @classmethod
    def of(cls, rates: Iterable[tally.Rate]) -> "Shades":
        """The shades of some rates."""
        shares = {rate.value for rate in rates if rate.value is not None}
        if len(shares) < 2:
            return cls(None)
        lowest = min(floor(10 * min(shares)), 9)
        return cls((Fraction(lowest, 10), Fraction(max(ceil(10 * max(shares)), lowest + 1), 10)))

    def step(self, rate: tally.Rate) -> int:
        """The step that a rate lies in, 1 the lowest; 0 where it has no shade."""
        if self.span is None or rate.value is None:
            return 0
        lowest, highest = self.span
        return min(1 + floor(STEPS * (rate.value - lowest) / (highest - lowest)), STEPS)

    @property
    def key(self) -> tuple[tuple[int, str], ...]:
        """Each step with its meaning: 「90%至不足92%」, the last 「98%至100%」."""
        if self.span is None:
            return ()
        lowest, highest = self.span
        shares = [lowest + (highest - lowest) * step / STEPS for step in range(STEPS + 1)]
        bounds = [f"{tally.percent(share, 0)}%" for share in shares]
        texts = [f"{low}至不足{high}" for low, high in pairwise(bounds[:-1])]
        return tuple(enumerate([*texts, f"{bounds[-2]}至{bounds[-1]}"], start=1))
