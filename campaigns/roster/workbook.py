"""Opens uploaded workbooks safely, whatever they hold."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from .safety import Unreadable, examine

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:]+)[\"']")
# The names by which Excel's "Strict Open XML" calls the same parts, those of ISO/IEC 29500 that it leaves out.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_ROW, _COLUMNS = re.compile(rb"<(?:\w+:)?row\s([^>]*)>"), re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_ALL_ROWS_HIDDEN = re.compile(rb"<(?:\w+:)?sheetFormatPr\s[^>]*zeroHeight=[\"'](?:1|true)")
# How a workbook writes a control character.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@contextmanager
def opened_workbook(file: BinaryIO) -> Iterator:
    """The workbook, row by row readable, formulas as they stand.

    Raises Unreadable for what is no safe workbook, and for whatever goes wrong while it is read.
    """
    examine(file)
    try:
        yield load_workbook(_transitional(file), read_only=True, data_only=False, keep_links=False)
    except Unreadable:
        raise
    # A crafted file makes the library raise nearly anything; whatever it is, the file could not be read.
    except Exception as error:
        raise Unreadable(
            "工作簿的内容有误，无法读取；请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再上传。"
        ) from error


def _transitional(file: BinaryIO) -> BinaryIO:
    """The workbook in the names that the library knows; a "Strict Open XML" one is written anew in memory."""
    with zipfile.ZipFile(file) as archive:
        if not _STRICT.search(archive.read("xl/workbook.xml")):
            file.seek(0)
            return file
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as written:
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    content = archive.read(part)
                    written.writestr(part, _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content))
    copy.seek(0)
    return copy


@dataclass(frozen=True)
class HiddenParts:
    """The parts of a worksheet that nobody saw on the screen; columns are counted from 0, rows as a spreadsheet shows them."""

    is_sheet: bool = False
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def hidden_parts(worksheet) -> HiddenParts:
    """Rows that were hidden, filtered out, collapsed or made flat, hidden columns, and whether the sheet itself is."""
    # Reading row by row, the library does not report them.
    with worksheet.parent._archive.open(worksheet._worksheet_path) as part:
        content = part.read()
    are_rows_hidden = bool(_ALL_ROWS_HIDDEN.search(content))
    rows: set[int] = set()
    for number, attributes in enumerate(map(_attributes, _ROW.findall(content)), start=1):
        is_hidden = _is_hidden(attributes, size=b"ht") or (are_rows_hidden and b"hidden" not in attributes)
        if is_hidden:
            rows.add(int(attributes.get(b"r", number)))
    columns: set[int] = set()
    for attributes in map(_attributes, _COLUMNS.findall(content)):
        if _is_hidden(attributes, size=b"width"):
            first, last = (int(attributes.get(name, 1)) for name in (b"min", b"max"))
            columns.update(range(first - 1, min(last, 16_384)))
    return HiddenParts(worksheet.sheet_state != "visible", frozenset(rows), frozenset(columns))


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(tag))


def _is_hidden(attributes: dict[bytes, bytes], *, size: bytes) -> bool:
    """Whether a row or a column is hidden, or so small that nothing of it shows."""
    if attributes.get(b"hidden") in (b"1", b"true"):
        return True
    try:
        return float(attributes.get(size, 10)) < 1
    except ValueError:
        return False


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
