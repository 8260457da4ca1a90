"""Bytes that are no JSON of ours are refused with one sentence; a key that comes twice is remembered."""

import json
from decimal import Decimal

import pytest

from ballots.campaign_file import checking
from ballots.campaign_file.nodes import InvalidFile, JsonObject
from ballots.campaign_file.parsing import parse
from tests.ballots.campaign_file.documents import CAMPAIGN


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff{}", "$：第1个字节起不是UTF-8文字，文件应为UTF-8编码的JSON。"),
        (b'{"a": 1,\n "b" 2}', "$：第2行第6个字符处不合JSON格式，应为一个完整的JSON对象。"),
        (b"", "$：第1行第1个字符处不合JSON格式，应为一个完整的JSON对象。"),
        (b"[" * 200_000, "$：括号嵌套过深，不是评议活动文件。"),
        (b"9" * 5000, "$：有位数过多的数字，不是评议活动文件。"),
    ],
)
def test_what_stops_the_reading_is_told_in_one_sentence(content, sentence):
    with pytest.raises(InvalidFile) as refusal:
        parse(content)

    assert str(refusal.value) == sentence


def test_a_fraction_stays_the_decimal_that_was_written():
    assert parse(b'{"weight": 33.30}') == {"weight": Decimal("33.30")}


def test_keys_that_come_twice_are_remembered_and_the_last_value_is_kept():
    value = parse(b'{"a": 1, "b": 2, "a": 3}')

    assert value == {"a": 3, "b": 2}
    assert value.repeated == ("a",)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "$：第1行第1个字符处不合JSON格式，应为一个完整的JSON对象。"),
        (b'{"format": 1,}', "$：第1行第14个字符处不合JSON格式，应为一个完整的JSON对象。"),
        ("{“format”: 1}".encode("gb18030"), "$：第2个字节起不是UTF-8文字，文件应为UTF-8编码的JSON。"),
        (b"[" * 100_000, "$：括号嵌套过深，不是评议活动文件。"),
        (b"[" + b"9" * 5000 + b"]", "$：有位数过多的数字，不是评议活动文件。"),
        (b"[]", "$：现为数组，应为对象。"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_json_object_is_refused(content, error):
    with pytest.raises(InvalidFile) as caught:
        checking.check_document(parse(content))

    assert [str(problem) for problem in caught.value.problems] == [error]


def test_a_key_twice_in_one_object_is_refused():
    text = json.dumps(CAMPAIGN).replace('"count": 38,', '"count": 38, "count": 38,')

    with pytest.raises(InvalidFile) as caught:
        checking.check_document(parse(text.encode()))

    assert [str(problem) for problem in caught.value.problems] == [
        "$.polls[0].batches[0].ballots[0].count：这个键在同一个对象里出现了不止一次。"
    ]


def test_a_byte_order_mark_is_no_error():
    assert parse(b'\xef\xbb\xbf{"a": 1}') == JsonObject(a=1)
