"""Files that are no roster: each is named for what it is, and none is opened that could do harm."""

import io

import pytest

from campaigns.roster import safety
from campaigns.roster.reading import read_workbook
from campaigns.roster.safety import Unreadable
from tests.campaigns.roster.refusals import BRANCH
from tests.workbooks import make_roster, named, patched, zipped


def refusal(file):
    with pytest.raises(Unreadable) as caught:
        read_workbook(file)
    return str(caught.value)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "文件是空的"),
        (OLE + "Workbook".encode("utf-16-le"), "旧版工作簿（.xls）"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "有密码"),
        (OLE + "WordDocument".encode("utf-16-le"), "旧版 Word 文档"),
        ("姓名,党组织\n张三,第一党支部\n".encode("gb18030"), "文本表格（CSV）"),
        ("姓名\t党组织\n".encode(), "文本表格（CSV）"),
        ("<html><table><tr><td>张三</td></tr></table></html>".encode(), "网页文件"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML 表格"),
        (b"%PDF-1.7\n", "PDF 文件"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "这不是 Excel 工作簿"),
    ],
)
def test_another_kind_of_file_is_named(content, kind):
    assert kind in refusal(named(content))


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"word/document.xml": b"<document/>"}, "Word 文档（.docx）"),
        ({"ppt/presentation.xml": b"<presentation/>"}, "演示文稿"),
        ({"xl/workbook.bin": b"\0"}, ".xlsb"),
        ({"mimetype": b"", "content.xml": b"<office/>"}, ".ods"),
        ({"readme.txt": b"hello"}, "压缩文件"),
        ({"xl/workbook.xml": b"<workbook/>"}, "工作簿的内容有误"),
    ],
)
def test_another_kind_of_archive_is_named(parts, kind):
    assert kind in refusal(zipped(parts))


def test_a_cut_file_is_refused():
    whole = make_roster([BRANCH]).getvalue()

    assert "不完整或已损坏" in refusal(named(whole[: len(whole) // 2]))


def test_a_file_with_a_broken_part_is_refused():
    content = bytearray(make_roster([BRANCH] * 50).getvalue())
    start = content.index(b"xl/worksheets/sheet2.xml") + 40
    content[start : start + 20] = bytes(20)

    assert "不完整或已损坏" in refusal(named(bytes(content)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = patched(
        make_roster([BRANCH]), "xl/worksheets/sheet2.xml", b"</sheetData>", b" " * 70_000_000 + b"</sheetData>"
    )

    assert len(bomb.getvalue()) < safety.MAX_UPLOAD_BYTES
    assert "解压后超过64 MB" in refusal(bomb)


def test_exponential_entities_are_refused():
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    file = patched(make_roster([BRANCH]), "xl/worksheets/sheet2.xml", b"<worksheet", entities + b"<worksheet")

    assert "XML 实体" in refusal(file)


def test_a_file_that_reaches_for_others_on_the_server_is_refused():
    entity = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    file = patched(make_roster([BRANCH]), "xl/workbook.xml", b"<workbook", entity + b"<workbook")

    assert "XML 实体" in refusal(file)


def test_a_file_over_the_limit_is_refused():
    assert "超过10 MB" in refusal(named(b"PK" + bytes(safety.MAX_UPLOAD_BYTES)))


def test_the_file_is_left_unread_by_the_check_of_its_kind():
    file = make_roster([BRANCH])

    safety.examine(file)

    assert isinstance(file, io.BytesIO)
    assert file.tell() == 0
