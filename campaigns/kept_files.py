"""Files that users send to be kept: known by their content, under random names, in a folder that no web server hands out."""

import io
import os
import zipfile
from pathlib import Path

from django.conf import settings

from .photo_traces import without_traces

MOST_BYTES = 10 * 1024 * 1024
# The first bytes of a file give its kind; its name does not.
MAGIC = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"))
# A part that an Office document has, by the kind of document.
OFFICE_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))
_OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": XLSX,
}


class Unsuitable(Exception):
    """A file that is not kept; the message is for the user."""


def folder() -> Path:
    return Path(settings.VAR_DIR) / "attachments"


def read_limited(upload) -> bytes:
    """The content of an uploaded file, a picture without what the camera wrote beside it; raises Unsuitable over ten megabytes."""
    if upload.size > MOST_BYTES:
        raise Unsuitable(f"文件有{upload.size / 1024 / 1024:.1f}MB，不能超过10MB。")
    return without_traces(upload.read())


def picture_kind(content: bytes) -> str:
    """The kind of a picture or a PDF; empty for anything else."""
    return next((kind for magic, kind in MAGIC if content.startswith(magic)), "")


def document_kind(content: bytes) -> str:
    """The same, and of documents made with Office or WPS; those with macros and those without their parts have none."""
    if kind := picture_kind(content):
        return kind
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError):
        return ""
    if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names):
        return ""
    return next((kind for part, kind in OFFICE_PARTS if part in names), "")


def read_document(upload) -> tuple[bytes, str]:
    """The content of an uploaded picture, PDF or Office document, and its kind; raises Unsuitable."""
    content = read_limited(upload)
    if kind := document_kind(content):
        return content, kind
    raise Unsuitable(
        "附件只收PDF、JPEG和PNG图片、Word文档（docx）、Excel工作簿（xlsx），带宏的不收。"
        "doc、xls、wps、et文件请先另存为docx、xlsx或者PDF。"
    )


def write_file(name: str, content: bytes) -> None:
    """Write a new file to the disk, whole or not at all; call it in the transaction of its row, so that no row is ever without its file."""
    path = folder() / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
