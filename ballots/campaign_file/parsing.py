"""Bytes to JSON values, refusing what JSON leaves open: repeated keys, NaN, other encodings. No Django."""

import json
from collections import Counter
from decimal import Decimal

from .nodes import FileProblem, InvalidFile, JsonObject, NotANumber

MAX_BYTES = 64 * 1024 * 1024


def parse(content: bytes):
    """The value of a JSON text in UTF-8; raises InvalidFile with the one error that stopped the reading."""
    if len(content) > MAX_BYTES:
        raise _invalid(f"文件有{len(content)}字节，至多{MAX_BYTES}字节。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _invalid(f"第{error.start + 1}个字节起不是UTF-8文字，文件应为UTF-8编码的JSON。") from None
    try:
        return json.loads(text, object_pairs_hook=_object, parse_float=Decimal, parse_constant=NotANumber)
    except json.JSONDecodeError as error:
        raise _invalid(f"第{error.lineno}行第{error.colno}个字符处不合JSON格式，应为一个完整的JSON对象。") from None
    except RecursionError:
        raise _invalid("括号嵌套过深，不是评议活动文件。") from None
    except ValueError:
        raise _invalid("有位数过多的数字，不是评议活动文件。") from None


def _object(pairs: list) -> JsonObject:
    entries = JsonObject(pairs)
    if len(entries) != len(pairs):
        times = Counter(key for key, _ in pairs)
        entries.repeated = tuple(key for key in entries if times[key] > 1)
    return entries


def _invalid(text: str) -> InvalidFile:
    return InvalidFile([FileProblem("$", text)])
