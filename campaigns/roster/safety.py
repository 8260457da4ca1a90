"""The kind of an upload, checked before a library opens it: a person who chose the wrong file reads which file it is."""

import re
import zipfile
import zlib
from typing import BinaryIO

# The largest roster in sight (412 organizations, 4,720 members, 13,430 commitments) takes 0.6 MB, 9 MB unpacked.
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_PARTS = 1_000

_ADVICE = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再上传。"
_DAMAGED = "文件不完整或已损坏，可能没有传完；请重新保存后再上传。"
_OTHER_OFFICE_FILES = (
    ("word/", "这是 Word 文档（.docx）改了扩展名，不是 Excel 工作簿。"),
    ("ppt/", "这是演示文稿（.pptx）改了扩展名，不是 Excel 工作簿。"),
    ("xl/workbook.bin", f"这是二进制工作簿（.xlsb）。{_ADVICE}"),
    ("content.xml", f"这是 OpenDocument 表格（.ods）。{_ADVICE}"),
)


class Unreadable(Exception):
    """A file that is not a roster workbook; the message says in Chinese what it is and what is wanted."""


def examine(file: BinaryIO) -> None:
    """Raise Unreadable unless the file is an .xlsx that is safe to open. Leaves the file at its beginning."""
    file.seek(0, 2)
    if file.tell() > MAX_UPLOAD_BYTES:
        raise Unreadable(f"文件超过{MAX_UPLOAD_BYTES // 1024 // 1024} MB，请分成几个工作簿导入。")
    file.seek(0)
    head = file.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_old_format(head + file.read()))
    if not head.startswith(b"PK"):
        raise Unreadable(_not_a_workbook(head + file.read(100_000)))
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _examine_archive(archive)
    # zlib.error and EOFError come out of a cut or patched archive, NotImplementedError of a strange compression.
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, zlib.error) as error:
        raise Unreadable(_DAMAGED) from error
    file.seek(0)


def _examine_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("文件有密码，无法读取；请取消密码后再上传。")
    if "xl/workbook.xml" not in names:
        for prefix, message in _OTHER_OFFICE_FILES:
            if any(name.startswith(prefix) for name in names):
                raise Unreadable(message)
        raise Unreadable(f"这是压缩文件，不是 Excel 工作簿。{_ADVICE}")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Unreadable(
            f"工作簿解压后超过{MAX_UNPACKED_BYTES // 1024 // 1024} MB，没有打开；"
            "请删去多余的工作表、图片和空行，或者分成几个工作簿导入。"
        )
    for part in parts:
        # Reading each part to its end also checks its checksum. Office never writes a document type.
        if part.filename.endswith((".xml", ".rels")) and re.search(rb"<!(?:DOCTYPE|ENTITY)", archive.read(part)):
            raise Unreadable("工作簿里有不允许的 XML 实体定义，没有打开；请用 Excel 或 WPS 重新保存后再上传。")


def _old_format(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "文件有密码，无法读取；请取消密码后再上传。"
    if "WordDocument".encode("utf-16-le") in content:
        return "这是旧版 Word 文档（.doc），不是 Excel 工作簿。"
    return f"这是旧版工作簿（.xls）。{_ADVICE}"


def foreign_text(content: bytes) -> str:
    """The kind of a file that is no table but begins like text; empty where nothing shows it."""
    if not content.strip():
        return "文件是空的。"
    if content.startswith(b"%PDF"):
        return "这是 PDF 文件，不是 Excel 工作簿。"
    text = content.decode("gb18030", errors="replace").lower()
    if "<html" in text or "<table" in text:
        return f"这是网页文件改了扩展名，不是 Excel 工作簿。{_ADVICE}"
    if "schemas-microsoft-com:office:spreadsheet" in text:
        return f"这是 XML 表格。{_ADVICE}"
    return ""


def _not_a_workbook(content: bytes) -> str:
    if told := foreign_text(content):
        return told
    text = content.decode("gb18030", errors="replace")
    if b"\0" not in content and any(mark in text.partition("\n")[0] for mark in ",，\t;"):
        return f"这是文本表格（CSV）改了扩展名，不是 Excel 工作簿。{_ADVICE}"
    return f"这不是 Excel 工作簿。{_ADVICE}"
