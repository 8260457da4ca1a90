"""The meanings of the columns and words of somebody else's table, and the table said anew in our own words."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from .headings import listed
from .reading import SourceRow, Unusable
from .source import SourceTable

_PARTS = ("columns", "words", "constants")
# A line of text that ends before its last column, which does not make the cells beyond it blanks.
_CUT = Unusable("", "这一行到此为止，缺了这一格；没有填写的也要留空格子", text="")


class InvalidMeanings(ValueError):
    """A file of meanings that is none; the message says what is wrong."""


@dataclass
class Meanings:
    """For each column, by its name, the heading that it stands for, empty where it is left out; and the words in it.

    `constants` are headings without a column of their own, each with what holds for all rows.
    """

    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns or self.words or self.constants)

    @property
    def sentences(self) -> list[str]:
        """How the table is read, column by column: 「“3、总体评价”读作“评议表｜总体评价”；“1”是“满意”」."""
        told = []
        for name, target in self.columns.items():
            words = "".join(f"；“{word}”是“{meaning}”" for word, meaning in self.words.get(name, {}).items())
            told.append(f"“{name}”读作“{target}”{words}" if target else f"“{name}”不导入")
        for name, words_of in self.words.items():
            if name not in self.columns:
                told.append(f"“{name}”列：" + "；".join(f"“{word}”是“{meaning}”" for word, meaning in words_of.items()))
        return told + [f"全部的“{heading}”都是“{value}”" for heading, value in self.constants.items()]

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, value: object) -> "Meanings":
        """Raises InvalidMeanings."""
        if not isinstance(value, dict) or set(value) - set(_PARTS):
            raise InvalidMeanings(f"应是一个对象，可写的键是{listed(_PARTS)}。")
        for part, depth in zip(_PARTS, (1, 2, 1), strict=True):
            if not _is_of_texts(value.get(part, {}), depth):
                raise InvalidMeanings(f"“{part}”应是对象，{'各列之下是词和它的意思' if depth == 2 else '值是文字'}。")
        return cls(**{part: value.get(part, {}) for part in _PARTS})


def _is_of_texts(value: object, depth: int) -> bool:
    if depth == 0:
        return isinstance(value, str)
    return isinstance(value, dict) and all(_is_of_texts(inner, depth - 1) for inner in value.values())


def shape_of(names: Sequence[str]) -> str:
    """The same for all tables of ballots with the same headings in the same order."""
    return hashlib.sha256(json.dumps(["ballots", *names], ensure_ascii=False).encode()).hexdigest()


def translated(table: SourceTable, meanings: Meanings) -> Iterator[SourceRow]:
    """The rows with the headings and words that they mean; columns keep their letters, constants come behind the last."""
    names = table.names
    targets = [meanings.columns.get(name, name) for name in names]
    words = [meanings.words.get(name, {}) for name in names]
    left_out = {place for place, name in enumerate(names) if name and not targets[place]}
    width = max(len(row.cells) for row in table.rows) if meanings.constants else 0
    for row in table.rows:
        if row is table.heading:
            cells, fixed = list[str | Unusable](targets), list(meanings.constants)
        else:
            cells = [
                "" if place in left_out else _meant(cell, words[place]) if place < len(words) else cell
                for place, cell in enumerate(row.cells)
            ]
            fixed = list(meanings.constants.values())
        if fixed:
            cells += [
                _CUT if row is not table.heading and place < len(names) else "" for place in range(len(cells), width)
            ]
        yield SourceRow(row.number, [*cells, *fixed], row.sheet)


def _meant(cell: str | Unusable, words: dict[str, str]) -> str | Unusable:
    return words.get(" ".join(cell.split()), cell) if isinstance(cell, str) and words else cell
