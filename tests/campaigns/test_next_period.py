"""The name of the period that follows."""

import pytest

from campaigns.next_period import next_name, next_title


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("2026年第三季度", "2026年第四季度"),
        ("2026年第四季度群众评议", "2027年第一季度群众评议"),
        ("2026年度一季度", "2026年度二季度"),
        ("2026年第4季度", "2027年第1季度"),
        ("第四季度评议", "第一季度评议"),
        ("2026年上半年评议", "2026年下半年评议"),
        ("2026年下半年", "2027年上半年"),
        ("2026年3月评议", "2026年4月评议"),
        ("2026年12月", "2027年1月"),
        ("2026年度党支部群众评议", "2027年度党支部群众评议"),
        ("2026年年终总评", "2027年年终总评"),
        # The first period alone is moved on, and a document's year is no period.
        ("2026年第一季度评议（按某发〔2025〕1号）", "2026年第二季度评议（按某发〔2025〕1号）"),
        # A day of a month moves no month on, but its year.
        ("2026年3月5日评议", "2027年3月5日评议"),
        ("群众评议", None),
        ("第五季度", None),
    ],
)
def test_a_period_is_followed_by_the_next(name, following):
    assert next_name(name) == following


def test_a_title_without_a_period_is_marked_as_a_copy():
    assert [next_title("作风评议"), next_title("2026年评议")] == ["作风评议（副本）", "2027年评议"]
