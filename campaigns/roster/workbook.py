"""Opens uploaded workbooks safely, whatever they hold."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from .safety import Unreadable, examine

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:]+)[\"']")
# How a workbook writes a control character.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@contextmanager
def opened_workbook(file: BinaryIO) -> Iterator:
    """The workbook, row by row readable, formulas as they stand.

    Raises Unreadable for what is no safe workbook, and for whatever goes wrong while it is read.
    """
    examine(file)
    try:
        yield load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Unreadable:
        raise
    # A crafted file makes the library raise nearly anything; whatever it is, the file could not be read.
    except Exception as error:
        raise Unreadable(
            "工作簿的内容有误，无法读取；请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再上传。"
        ) from error


def merged_below_heading(worksheet, heading: int = 1) -> list[str]:
    """Merged areas below the row of headings: only their first cell has a value, so the rows below would lose theirs unnoticed."""
    # Reading row by row, the library does not report them.
    with worksheet.parent._archive.open(worksheet._worksheet_path) as part:
        areas = [area.decode() for area in _MERGED.findall(part.read())]
    return [area for area in areas if range_boundaries(area)[3] > heading]


def text_of(value) -> str:
    """The text of a cell's value: whole numbers without a fraction, escaped characters as themselves."""
    if isinstance(value, bool):
        value = "TRUE" if value else "FALSE"
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value))
