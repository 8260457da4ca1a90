"""The reading of one JSON value, and the sentence where it cannot be read."""

from datetime import date
from decimal import Decimal

import pytest

from ballots.campaign_file.nodes import ABSENT, JsonNode, JsonObject, key_path, listing, printable


def read(value, method, **options):
    """The result of a method that reads a value, and the sentences that it notes."""
    problems = []
    result = getattr(JsonNode(value, "$.x", problems), method)(**options)
    return result, [problem.text for problem in problems]


@pytest.mark.parametrize(
    ("value", "method", "options", "result"),
    [
        ("张三", "name", {"most": 10}, "张三"),
        ("", "name", {"most": 10, "may_be_empty": True}, ""),
        (" 两行\n的话 ", "paragraph", {"most": 10}, "两行\n的话"),
        ("open", "choice", {"allowed": ("open", "closed")}, "open"),
        (3, "integer", {"most": 3}, 3),
        (Decimal("33.25"), "number", {"above": 0, "most": 100, "places": 2}, Decimal("33.25")),
        (False, "boolean", {}, False),
        ("2026-12-31", "day", {}, date(2026, 12, 31)),
    ],
)
def test_a_value_of_the_right_kind_is_read_without_a_word(value, method, options, result):
    assert read(value, method, **options) == (result, [])


@pytest.mark.parametrize(
    ("value", "method", "options", "sentence"),
    [
        (5, "name", {"most": 10}, "现为5，应为字符串。"),
        ("张三 ", "name", {"most": 10}, "“张三 ”首尾有空格，应删去。"),
        ("张\u200b三", "name", {"most": 10}, "有不可见的字符\\u200b，应删去。"),
        ("", "name", {"most": 10}, "是空字符串，应填写内容。"),
        ("张三丰", "name", {"most": 2}, "“张三丰”有3字，至多2字。"),
        (" \n", "paragraph", {"most": 10}, "没有内容，应填写内容。"),
        ("shut", "choice", {"allowed": ("open",)}, "“shut”不是可选的值，应为open之一。"),
        (True, "integer", {"most": 3}, "现为true，应为0至3的整数。"),
        (4, "integer", {"most": 3}, "现为4，应为0至3的整数。"),
        (
            Decimal("0.125"),
            "number",
            {"above": 0, "most": 1, "places": 2},
            "现为0.125，应为大于0、不超过1的数，至多2位小数。",
        ),
        (0, "boolean", {}, "现为0，应为true或false。"),
        ("2026-02-30", "day", {}, "现为“2026-02-30”，应为“2026-12-31”这样的日期。"),
    ],
)
def test_a_value_of_another_kind_is_none_with_a_sentence(value, method, options, sentence):
    assert read(value, method, **options) == (None, [sentence])


def test_an_absent_value_is_none_without_a_word():
    assert read(ABSENT, "name", most=10) == (None, [])
    assert read(ABSENT, "items") == ([], [])


def test_an_object_has_the_asked_keys_and_no_others():
    problems = []

    members = JsonNode(JsonObject(name="甲", colour="red"), "$", problems).fields("name", "kind", optional=("parent",))

    assert {key: member.value for key, member in members.items()} == {"name": "甲", "kind": ABSENT, "parent": ABSENT}
    assert [str(problem) for problem in problems] == [
        "$.colour：不认识的键，这里可以有：name、kind、parent。",
        "$：缺少“kind”。",
    ]


def test_an_array_of_too_many_items_is_not_read_at_all():
    assert read([1, 2, 3], "items", most=2) == ([], ["有3项，至多2项。"])


def test_paths_and_words_are_printed_on_one_line():
    assert key_path("$.polls[0].marks", "张三") == '$.polls[0].marks["张三"]'
    assert key_path("$", "name") == "$.name"
    assert printable("一行\n两行") == "一行\\u000a两行"
    assert listing([str(number) for number in range(30)], most=3) == "0、1、2等30个"
