"""A matrix has five shades, over the tens of percent that its rates lie in."""

import pytest

from ballots.counting.tally import rate_of
from reports.tables.shades import Shades


def rates(*counts):
    return [rate_of(count, 1000) for count in counts]


def test_rates_in_a_narrow_high_range_lie_in_narrow_steps():
    shades = Shades.of(rates(901, 1000))

    assert shades.key == (
        (1, "90%至不足92%"),
        (2, "92%至不足94%"),
        (3, "94%至不足96%"),
        (4, "96%至不足98%"),
        (5, "98%至100%"),
    )
    assert [shades.step(rate) for rate in rates(900, 919, 920, 979, 980, 1000)] == [1, 1, 2, 4, 5, 5]


@pytest.mark.parametrize(
    ("ends", "first", "last"),
    [
        ((0, 1000), "0%至不足20%", "80%至100%"),
        ((629, 771), "60%至不足64%", "76%至80%"),
        ((600, 700), "60%至不足62%", "68%至70%"),
        ((999, 1000), "90%至不足92%", "98%至100%"),
        ((0, 1), "0%至不足2%", "8%至10%"),
    ],
)
def test_the_steps_lie_between_round_shares(ends, first, last):
    key = Shades.of(rates(*ends)).key

    assert (key[0], key[-1]) == ((1, first), (5, last))


def test_where_nothing_differs_there_are_no_shades():
    for alike in ([], rates(950), rates(950, 950), [rate_of(1, 0), rate_of(3, 4)]):
        assert Shades.of(alike).key == ()
        assert [Shades.of(alike).step(rate) for rate in alike] == [0] * len(alike)


def test_a_cell_without_a_rate_has_no_shade():
    assert Shades.of(rates(900, 1000)).step(rate_of(1, None)) == 0
