"""JSON values that know where they stand, so that every error says it. No Django."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SHOWN_LENGTH = 40
ABSENT = object()


@dataclass(frozen=True)
class FileProblem:
    """An error: the JSON path, and one sentence with the value and what is allowed."""

    path: str
    text: str

    def __str__(self):
        return f"{self.path}：{self.text}"


class InvalidFile(Exception):
    """A file that is refused whole; `problems` are all its errors."""

    def __init__(self, problems: list[FileProblem]):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class JsonObject(dict):
    """An object as parsed, with the keys that it has more than once; the last value of such a key is kept."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotANumber:
    """NaN or Infinity, which are no JSON."""

    name: str


def key_path(path: str, key: str) -> str:
    """The path of a member of an object: `.key`, or `["张三"]` for what is no plain word."""
    return f"{path}.{key}" if PLAIN_KEY.fullmatch(key) else f'{path}["{printable(key)}"]'


def printable(text: str) -> str:
    """A text on one line, cut to a length that a line can bear, with what cannot be seen as \\u escapes."""
    cut = text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"
    return "".join(char if unicodedata.category(char)[0] not in "CZ" or char == " " else _escape(char) for char in cut)


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}"


def listing(words: Iterable[str], *, most: int = 20) -> str:
    """Words as an enumeration, the first of them where they are many."""
    shown = [printable(word) for word in words]
    if not shown:
        return "（文件中没有）"
    return "、".join(shown[:most]) + (f"等{len(shown)}个" if len(shown) > most else "")


def described(value: Any) -> str:
    """A value as an error message names it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f"“{printable(value)}”" if value else "空字符串"
        case NotANumber():
            return value.name
        case int() | Decimal():
            return printable(str(value))
        case list():
            return "数组"
        case _:
            return "对象"


@dataclass(frozen=True)
class JsonNode:
    """A value, its path, and the list that its errors go to.

    Each reading method returns what it read, or None after noting the error; an absent value is None without a word,
    its absence having been noted where the object was read.
    """

    value: Any
    path: str
    problems: list[FileProblem] = field(repr=False)

    @property
    def is_given(self) -> bool:
        """Whether there is a value other than null."""
        return self.value is not ABSENT and self.value is not None

    def refuse(self, text: str) -> None:
        self.problems.append(FileProblem(self.path, text))

    def fields(self, *required: str, optional: Iterable[str] = ()) -> Mapping[str, "JsonNode"] | None:
        """The members of an object with just these keys."""
        if self.value is ABSENT:
            return None
        if not isinstance(self.value, dict):
            return self._unlike("对象")
        allowed = (*required, *optional)
        for key in self.members() or ():
            if key not in allowed:
                self._member(key).refuse(f"不认识的键，这里可以有：{'、'.join(allowed)}。")
        for key in required:
            if key not in self.value:
                self.refuse(f"缺少“{key}”。")
        return {key: self._member(key) for key in allowed}

    def members(self) -> dict[str, "JsonNode"] | None:
        """The members of an object whose keys are free."""
        if self.value is ABSENT:
            return None
        if not isinstance(self.value, JsonObject):
            return self._unlike("对象")
        for key in self.value.repeated:
            self._member(key).refuse("这个键在同一个对象里出现了不止一次。")
        return {key: self._member(key) for key in self.value}

    def _member(self, key: str) -> "JsonNode":
        return JsonNode(self.value.get(key, ABSENT), key_path(self.path, key), self.problems)

    def items(self, *, most: int | None = None, least: int = 0) -> list["JsonNode"]:
        """The items of an array; none where it is no array, which is noted."""
        if self.value is ABSENT:
            return []
        if not isinstance(self.value, list):
            self._unlike("数组")
            return []
        if most is not None and len(self.value) > most:
            self.refuse(f"有{len(self.value)}项，至多{most}项。")
            return []
        if len(self.value) < least:
            self.refuse(f"有{len(self.value)}项，至少应有{least}项。")
        return [JsonNode(value, f"{self.path}[{place}]", self.problems) for place, value in enumerate(self.value)]

    def name(self, *, most: int, may_be_empty: bool = False) -> str | None:
        """A text on one line, without anything that cannot be seen and without space around it."""
        text = self._text(most=most)
        if text is None:
            return None
        if strange := _unseen(text, allowed="", categories=("Cc", "Cf", "Cs", "Zl", "Zp")):
            return self.refuse(f"有不可见的字符{strange}，应删去。")
        if text != text.strip():
            return self.refuse(f"{described(text)}首尾有空格，应删去。")
        if not text and not may_be_empty:
            return self.refuse("是空字符串，应填写内容。")
        return text

    def paragraph(self, *, most: int, may_be_empty: bool = False) -> str | None:
        """A free text, which may have line breaks; space around it is dropped."""
        text = self._text(most=most)
        if text is None:
            return None
        if strange := _unseen(text, allowed="\n\t\r", categories=("Cc", "Cs")):
            return self.refuse(f"有不可见的字符{strange}，应删去。")
        if not text.strip() and not may_be_empty:
            return self.refuse("没有内容，应填写内容。")
        return text.strip()

    def _text(self, *, most: int) -> str | None:
        if self.value is ABSENT:
            return None
        if not isinstance(self.value, str):
            return self._unlike("字符串")
        if len(self.value) > most:
            return self.refuse(f"{described(self.value)}有{len(self.value)}字，至多{most}字。")
        return self.value

    def choice(self, allowed: Iterable[str], *, what: str = "可选的值") -> str | None:
        """A word out of a fixed list."""
        if self.value is ABSENT:
            return None
        if isinstance(self.value, str) and self.value in allowed:
            return self.value
        return self.refuse(f"{described(self.value)}不是{what}，应为{listing(allowed)}之一。")

    def integer(self, *, least: int = 0, most: int) -> int | None:
        """A whole number; true and 1.0 are none."""
        if self.value is ABSENT:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            return self.refuse(f"现为{described(self.value)}，应为{least}至{most}的整数。")
        return self.value

    def number(self, *, above: int, most: int, places: int) -> Decimal | None:
        """A number with at most so many decimal places."""
        if self.value is ABSENT:
            return None
        if not isinstance(self.value, bool) and isinstance(self.value, int | Decimal) and above < self.value <= most:
            number = Decimal(self.value)
            if number == round(number, places):
                return number
        return self.refuse(f"现为{described(self.value)}，应为大于{above}、不超过{most}的数，至多{places}位小数。")

    def boolean(self) -> bool | None:
        if self.value is ABSENT:
            return None
        if not isinstance(self.value, bool):
            return self.refuse(f"现为{described(self.value)}，应为true或false。")
        return self.value

    def day(self) -> date | None:
        """A date as 2026-12-31."""
        if self.value is ABSENT:
            return None
        if isinstance(self.value, str) and re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", self.value):
            try:
                return date.fromisoformat(self.value)
            except ValueError:
                pass
        return self.refuse(f"现为{described(self.value)}，应为“2026-12-31”这样的日期。")

    def _unlike(self, wanted: str) -> None:
        self.refuse(f"现为{described(self.value)}，应为{wanted}。")


def _unseen(text: str, *, allowed: str, categories: tuple[str, ...]) -> str:
    """The first characters of a text that nobody would see, as escapes; empty when there are none."""
    unseen = dict.fromkeys(
        _escape(char) for char in text if char not in allowed and unicodedata.category(char) in categories
    )
    return "、".join(list(unseen)[:5])
