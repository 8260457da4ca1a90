"""Ready patterns of a year."""

from datetime import date

import pytest

from campaigns.year_plan.patterns import PATTERNS, periods_of_year


@pytest.mark.parametrize(
    ("pattern", "periods"),
    [
        (
            "quarters",
            [
                ("2028年第一季度", date(2028, 1, 1), date(2028, 3, 31)),
                ("2028年第二季度", date(2028, 4, 1), date(2028, 6, 30)),
                ("2028年第三季度", date(2028, 7, 1), date(2028, 9, 30)),
                ("2028年第四季度", date(2028, 10, 1), date(2028, 12, 31)),
            ],
        ),
        (
            "halves",
            [
                ("2028年上半年", date(2028, 1, 1), date(2028, 6, 30)),
                ("2028年下半年", date(2028, 7, 1), date(2028, 12, 31)),
            ],
        ),
        ("once", [("2028年度", date(2028, 11, 1), date(2028, 12, 31))]),
    ],
)
def test_a_pattern_gives_the_periods_of_a_year(pattern, periods):
    given = periods_of_year(pattern, 2028)

    assert [(period.title, period.starts_on, period.ends_on) for period in given] == periods


def test_every_pattern_has_a_label():
    assert all(label for label, _ in PATTERNS.values())
