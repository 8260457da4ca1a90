"""Roster workbooks for tests: the template with rows in it, and files that only look like one."""

import io
import zipfile

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
