"""Workbooks for tests: rosters as people fill them in, files that only look like one, and reports read back."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal

from openpyxl import load_workbook

from campaigns.roster.template import write_template


def make_roster(organizations=(), members=(), commitments=()) -> io.BytesIO:
    """The template as a secretary would fill it in."""
    book = template_book()
    for sheet, rows in (("组织", organizations), ("党员", members), ("承诺", commitments)):
        for row in rows:
            book[sheet].append(row)
    return saved(book)


def template_book():
    file = io.BytesIO()
    write_template(file)
    file.seek(0)
    return load_workbook(file)


def saved(book, name="名册.xlsx") -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    return named(file.getvalue(), name)


def named(content: bytes, name="名册.xlsx") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def patched(workbook: io.BytesIO, part: str, old: bytes, new: bytes) -> io.BytesIO:
    """The workbook with some bytes of one part replaced."""
    patched_file, is_patched = io.BytesIO(), False
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(patched_file, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == part:
                assert old in content
                content, is_patched = content.replace(old, new, 1), True
            target.writestr(info.filename, content)
    assert is_patched
    return named(patched_file.getvalue())


def zipped(parts: dict[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return named(file.getvalue())


def read_book(body: bytes, *, values=True):
    """A report's workbook: the stored values, or the formulas."""
    return load_workbook(io.BytesIO(body), data_only=values)


def shown(cell) -> str:
    """The text that a cell shows in its format, without a rate's %: other files must print the same."""
    value, form = cell.value, cell.number_format
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.year}年{value.month}月{value.day}日"
    if form.startswith("0") and not isinstance(value, str):
        places = len(form.rstrip("%").partition(".")[2])
        number = Decimal(str(value)) * (100 if form.endswith("%") else 1)
        # A stored value has no more places than are shown.
        assert number == round(number, places), (cell.coordinate, value)
        return f"{number:.{places}f}"
    return str(value)


def lines_of(sheet, *, first: int) -> list[list[str]]:
    """The texts shown in the rows from `first` on, up to the first empty row."""
    lines = []
    for row in sheet.iter_rows(min_row=first):
        line = [shown(cell) for cell in row]
        if not any(line):
            break
        lines.append(line)
    return lines


def formulas_of(body: bytes) -> dict[tuple[str, str], object]:
    """The stored value of each formula, by sheet and cell."""
    written, stored = read_book(body, values=False), read_book(body)
    return {
        (sheet.title, cell.coordinate): stored[sheet.title][cell.coordinate].value
        for sheet in written
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
