"""The meanings of sheets, columns and words that a roster workbook has in other words than ours."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from .layout import SHEETS, RosterColumn, RosterSheet


@dataclass
class RosterMeanings:
    """By the title of a worksheet: the sheet that it is, and by its headings those that they stand for, "" for none.

    `words` has, by sheet and heading, the stored word for each word of the workbook, "" for one that says nothing.
    """

    sheets: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sheets or self.words)

    def heading(self, title: str, text: str) -> str:
        return self.columns.get(title, {}).get(text, text)

    def words_of(self, sheet: RosterSheet, column: RosterColumn) -> dict[str, str]:
        return self.words.get(column_key(sheet, column), {})

    def joined(self, later: "RosterMeanings") -> "RosterMeanings":
        """These and what was said later."""
        words = {key: self.words.get(key, {}) | later.words.get(key, {}) for key in {**self.words, **later.words}}
        return RosterMeanings(self.sheets | later.sheets, self.columns | later.columns, words)

    @property
    def sentences(self) -> list[str]:
        """How the workbook is read, sheet by sheet and word by word."""
        told = []
        for title, name in self.sheets.items():
            columns = {text: heading for text, heading in self.columns.get(title, {}).items() if heading != text}
            read = "、".join(f"“{text}”是“{heading}”" for text, heading in columns.items() if heading)
            told.append(f"工作表“{title}”是“{name}”" + (f"：{read}" if read else ""))
        for sheet in SHEETS:
            for column in sheet.columns:
                for word, stored in self.words_of(sheet, column).items():
                    label = column.choices(stored).label if column.choices and stored else "没有填写"
                    told.append(f"“{sheet.name}”的“{column.heading}”：“{word}”是“{label}”")
        return told

    def to_json(self) -> dict:
        """As lists of pairs: PostgreSQL keeps no order of keys, and the page asks about the columns in the workbook's."""
        return {
            "sheets": list(self.sheets.items()),
            "columns": [(title, list(columns.items())) for title, columns in self.columns.items()],
            "words": [(key, list(words.items())) for key, words in self.words.items()],
        }

    @classmethod
    def from_json(cls, value: dict) -> "RosterMeanings":
        columns, words = ({key: dict(pairs) for key, pairs in value[name]} for name in ("columns", "words"))
        return cls(dict(value["sheets"]), columns, words)


def column_key(sheet: RosterSheet, column: RosterColumn) -> str:
    """A column's name in the whole workbook: 「党员·职务」."""
    return f"{sheet.name}·{column.heading}"


def workbook_shape(sheets: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The same for all workbooks whose worksheets have these titles and headings."""
    return hashlib.sha256(json.dumps(["roster", sheets], ensure_ascii=False).encode()).hexdigest()
