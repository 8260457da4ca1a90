"""Reads a plain list out of a workbook: the first visible sheet, with the headings in one of its first rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from .safety import Unreadable
from .workbook import hidden_parts, opened_workbook, text_of

# The headings stand in one of the first rows, below titles.
HEADING_WITHIN = 10


@dataclass(frozen=True)
class LineError:
    """A fault of one cell, or of a whole row where no column is named."""

    row: int
    column: str
    value: str
    message: str


def listed_rows(file: BinaryIO, headings: Sequence[str], *, most: int) -> Iterator[tuple[int, dict[str, str] | None]]:
    """The filled rows below the headings: number as a spreadsheet counts, and text by heading, or None for a hidden row.

    Reads a few rows more than `most`, for the caller to refuse; raises Unreadable.
    """
    with opened_workbook(file) as workbook:
        sheet = next(sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible")
        hidden = hidden_parts(sheet).rows
        places: dict[str, int] = {}
        for number, values in enumerate(islice(sheet.iter_rows(values_only=True), most + 2000), start=1):
            texts = ["" if value is None else text_of(value).strip() for value in values]
            if not places:
                places = _places(texts, headings)
                if not places and number >= HEADING_WITHIN:
                    break
                continue
            cells = {heading: texts[place] if place < len(texts) else "" for heading, place in places.items()}
            if any(cells.values()):
                yield number, None if number in hidden else cells
    if not places:
        raise Unreadable(f"前{HEADING_WITHIN}行里没有找到表头：要有“{'”“'.join(headings)}”{len(headings)}列。")


def hidden_row(row: int) -> LineError:
    return LineError(row, "", "", "这一行被隐藏或者筛选掉了，请取消隐藏，或者删去这一行")


def _places(texts: list[str], headings: Sequence[str]) -> dict[str, int]:
    """Which column is which, in the row that has all headings; empty in any other."""
    closed = ["".join(text.split()) for text in texts]
    return {heading: closed.index(heading) for heading in headings} if set(headings) <= set(closed) else {}
