"""Files are known by their content, whatever their names say."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns import kept_files
from campaigns.kept_files import Unsuitable, document_kind, picture_kind, read_limited, write_file


def office(*names) -> bytes:
    """An Office document with the given parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"%PDF-1.7", "pdf"),
        (office("[Content_Types].xml", "word/document.xml"), "docx"),
        (office("xl/workbook.xml"), "xlsx"),
        (office("word/document.xml", "word/vbaProject.bin"), ""),
        (office("evil.exe"), ""),
        (b"PK\x03\x04 and no archive", ""),
        (b"\xd0\xcf\x11\xe0 an old document", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_a_document_is_known_by_its_content(content, kind):
    assert document_kind(content) == kind


def test_a_picture_is_no_document_of_office():
    assert [picture_kind(office("word/document.xml")), picture_kind(b"\x89PNG\r\n\x1a\n")] == ["", "png"]


def test_more_than_ten_megabytes_are_refused():
    with pytest.raises(Unsuitable, match="不能超过10MB"):
        read_limited(SimpleUploadedFile("a.pdf", b"%PDF-" + bytes(kept_files.MOST_BYTES)))


def test_a_file_is_written_once_for_its_owner_alone(settings, tmp_path):
    settings.VAR_DIR = tmp_path

    write_file("abc", b"x")

    path = kept_files.folder() / "abc"
    assert path.read_bytes() == b"x" and path.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        write_file("abc", b"y")
