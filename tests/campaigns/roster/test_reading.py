"""Roster workbooks as they arrive: what is refused as a file, and what is wrong in a cell."""

import datetime
import io
import zipfile

import pytest
import xlsxwriter
from openpyxl import Workbook

from campaigns.roster import safety
from campaigns.roster.layout import SHEETS
from campaigns.roster.reading import read_workbook
from campaigns.roster.safety import Unreadable
from tests.workbooks import make_roster, named, patched, saved, template_book, zipped

BRANCH = ("第一党支部", "党支部", "某局党委")


def errors_of(file):
    return [(error.sheet, error.row, error.column, error.message) for error in read_workbook(file).errors]


def refusal(file):
    with pytest.raises(Unreadable) as caught:
        read_workbook(file)
    return str(caught.value)


def test_rows_are_read_as_plain_words():
    file = make_roster(
        [("某局党委", "党委", None), BRANCH],
        [(" 张　三 ", "第一党支部", "预备", "书记")],
        [("第一党支部", "张三", None, "办一件\n实事", datetime.date(2026, 12, 31), None)],
    )

    reading = read_workbook(file)

    assert reading.errors == []
    assert reading.notices == []
    assert {sheet: [(row.number, row.cells) for row in rows] for sheet, rows in reading.rows.items()} == {
        "组织": [
            (2, {"名称": "某局党委", "类别": "committee", "上级": ""}),
            (3, {"名称": "第一党支部", "类别": "branch", "上级": "某局党委"}),
        ],
        "党员": [(2, {"姓名": "张三", "党组织": "第一党支部", "党员状态": "probationary", "职务": "secretary"})],
        "承诺": [
            (
                2,
                {
                    "党组织": "第一党支部",
                    "承诺人": "张三",
                    "类型": "",
                    "承诺内容": "办一件 实事",
                    "完成时限": "2026-12-31",
                    "兑现情况": "",
                },
            )
        ],
    }


@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2026, 3, 5),
        datetime.datetime(2026, 3, 5, 8, 30),
        "2026-03-05",
        "2026/3/5",
        "2026.3.5",
        "2026年3月5日",
        "20260305",
        20260305,
        # As offices write it: full-width digits, a time of day, Excel's number of the day, Chinese numerals.
        "２０２６年３月５日",
        "2026-03-05 00:00:00",
        "2026年3月5日前",
        46086,
        "46086",
        "二〇二六年三月五日",
    ],
)
def test_a_due_date_may_be_a_date_or_text(value):
    reading = read_workbook(make_roster([BRANCH], [], [("第一党支部", "", "", "做实事", value, "")]))

    assert reading.errors == []
    assert reading.rows["承诺"][0]["完成时限"] == "2026-03-05"


@pytest.mark.parametrize(
    ("value", "last_day"),
    [
        ("2026年12月", "2026-12-31"),
        ("2026年2月底前", "2026-02-28"),
        ("2026年6月上旬", "2026-06-10"),
        ("2026年6月中旬前", "2026-06-20"),
        ("2026.9", "2026-09-30"),
        ("2026年底前", "2026-12-31"),
        ("二〇二六年十月二十日", "2026-10-20"),
    ],
)
def test_a_month_or_a_year_ends_on_its_last_day(value, last_day):
    reading = read_workbook(make_roster([BRANCH], [], [("第一党支部", "", "", "做实事", value, "")]))

    assert (reading.errors, reading.rows["承诺"][0]["完成时限"]) == ([], last_day)


@pytest.mark.parametrize("value", ["长期坚持", "长期", "全年", " 常 年 "])
def test_a_promise_without_an_end_has_no_date_and_says_so(value):
    reading = read_workbook(make_roster([BRANCH], [], [("第一党支部", "", "", "做实事", value, "")]))

    assert (reading.errors, reading.rows["承诺"][0]["完成时限"]) == ([], "")
    assert reading.notices == [f"工作表“承诺”的“完成时限”：“{''.join(value.split())}”读作“没有期限”。"]


@pytest.mark.parametrize(
    "value",
    ["明年", "2026-02-30", "2026-13-01", "2026-13", "12月31日", "26-12-31", "461000", 1900, "1848-02-21", "9999-12-31"],
)
def test_a_text_that_is_no_date_is_refused_with_its_cell(value):
    reading = read_workbook(make_roster([BRANCH], [], [("第一党支部", "", "", "做实事", value, "")]))

    (error,) = reading.errors
    assert (error.sheet, error.row, error.column, error.value) == ("承诺", 2, "完成时限", str(value))
    assert error.message.startswith(("不是日期", "年份不对"))


@pytest.mark.parametrize(
    ("sheet", "row", "column", "explanation"),
    [
        ("组织", ("第一党支部", "支部", "某局党委"), "类别", "可填：党委、党总支、党支部、党组、机关部室、窗口单位"),
        ("组织", ("第一党支部", None, "某局党委"), "类别", "不能为空"),
        ("组织", (None, "党支部", "某局党委"), "名称", "不能为空"),
        ("组织", ("长" * 101, "党支部", "某局党委"), "名称", "有101字，太长；可填不超过100字"),
        ("组织", ("一\u202e支部", "党支部", "某局党委"), "名称", "U+202E"),
        ("组织", ("一_x0007_支部", "党支部", "某局党委"), "名称", "U+0007"),
        ("组织", (datetime.datetime(2026, 3, 1), "党支部", "某局党委"), "名称", "当成了日期"),
        ("党员", ("张三", "第一党支部", "群众", None), "党员状态", "可填：正式党员、预备党员"),
        ("党员", ("张三", "第一党支部", None, "主任"), "职务", "可填：书记、班子成员、领导干部、普通党员"),
        ("党员", ("=A1", "第一党支部", None, None), "姓名", "是公式"),
        ("党员", ("#N/A", "第一党支部", None, None), "姓名", "错误值"),
        ("承诺", ("第一党支部", None, "空话", "做实事", None, None), "类型", "可填：公开承诺、实事好事"),
        ("承诺", ("第一党支部", None, None, "做实事", None, "差不多"), "兑现情况", "可填：践诺中、已兑现、未兑现"),
        ("承诺", ("第一党支部", None, None, "实" * 301, None, None), "承诺内容", "有301字，太长"),
    ],
)
def test_each_bad_cell_is_told_with_what_is_allowed(sheet, row, column, explanation):
    book = template_book()
    book[sheet].append(row)

    ((where, number, heading, message),) = errors_of(saved(book))

    assert (where, number, heading) == (sheet, 2, column)
    assert explanation in message


def test_all_bad_cells_are_told_at_once():
    file = make_roster([("", "支部", "")], [("张三", "", "群众", "")], [("", "", "", "", "明年", "")])

    assert [(sheet, row, column) for sheet, row, column, _ in errors_of(file)] == [
        ("组织", 2, "名称"),
        ("组织", 2, "类别"),
        ("党员", 2, "党组织"),
        ("党员", 2, "党员状态"),
        ("承诺", 2, "党组织"),
        ("承诺", 2, "承诺内容"),
        ("承诺", 2, "完成时限"),
    ]


def test_text_that_begins_with_an_equals_sign_is_text():
    book = template_book()
    book["组织"].append(["某局党委", "党委", ""])
    cell = book["组织"].cell(2, 1)
    cell.value = "=1+1"
    cell.data_type = "s"

    reading = read_workbook(saved(book))

    assert reading.errors == []
    assert reading.rows["组织"][0]["名称"] == "=1+1"


def test_a_number_as_a_name_is_read_as_written():
    reading = read_workbook(make_roster([(101, "党支部", "某局党委"), (102.0, "党支部", "某局党委")]))

    assert [row["名称"] for row in reading.rows["组织"]] == ["101", "102"]


def test_empty_rows_and_spaces_are_passed_over_and_rows_keep_their_numbers():
    reading = read_workbook(
        make_roster([BRANCH, (None, None, None), ("  ", "", "　"), ("第二党支部", "党支部", "某局党委")])
    )

    assert reading.errors == []
    assert [row.number for row in reading.rows["组织"]] == [2, 5]


def test_rows_beyond_a_wrongly_declared_size_are_read():
    file = make_roster([BRANCH, ("第二党支部", "党支部", "某局党委")])
    file = patched(file, "xl/worksheets/sheet2.xml", b'<dimension ref="A1:C3"', b'<dimension ref="A1:C2"')

    assert len(read_workbook(file).rows["组织"]) == 2


def test_columns_may_stand_in_another_order_and_others_are_left_aside_with_a_notice():
    book = template_book()
    del book["党员"]
    sheet = book.create_sheet("党员")
    sheet.append(["备注", "职务*", "党 组织", "姓名", "党员状态"])
    sheet.append(["", "书记", "第一党支部", "张三", ""])
    book.create_sheet("草稿")

    reading = read_workbook(saved(book))

    assert reading.errors == []
    assert reading.rows["党员"][0]["职务"] == "secretary"
    assert reading.notices == ["没有读取工作表“草稿”。", "没有读取工作表“党员”中的“备注”列。"]


def test_a_missing_column_is_told():
    book = template_book()
    book["党员"].delete_cols(2)
    book["组织"].append(BRANCH)

    assert errors_of(saved(book)) == [
        ("党员", 1, "党组织", "第1行应是表头，缺少“党组织”；应有“姓名”、“党组织”、“党员状态”、“职务”。"),
    ]


def test_a_roster_of_members_alone_is_read_and_the_other_sheets_are_told():
    book = Workbook()
    book.active.title = "2026年名册"
    book.active.append(["序号", "姓名", "所在党支部", "人员类别"])
    book.active.append([1, "张三", "第一党支部", "正式党员"])

    reading = read_workbook(saved(book))

    assert reading.errors == []
    assert [row.cells for row in reading.rows["党员"]] == [
        {"姓名": "张三", "党组织": "第一党支部", "党员状态": "full", "职务": ""}
    ]
    assert reading.notices == [
        "工作表“2026年名册”按“党员”读取。",
        "没有工作表“组织”、“承诺”，这一部分不导入。",
        "没有读取工作表“党员”中的“序号”列。",
        "工作表“党员”没有“职务”列，新增的按默认值，已有的不变。",
    ]


def test_titles_above_the_headings_are_passed_over_and_rows_keep_their_numbers():
    book = template_book()
    book["党员"].insert_rows(1, amount=2)
    book["党员"]["A1"] = "某局党委党员名册（2026年11月）"
    book["党员"].append(["冯丙", "第二党支部"])
    book["党员"].append([None, "第二党支部"])
    book["党员"].merge_cells("A1:D1")

    reading = read_workbook(saved(book))

    assert [(row.number, row["姓名"]) for row in reading.rows["党员"]] == [(4, "冯丙"), (5, "")]
    assert [(error.row, error.column, error.message) for error in reading.errors] == [(5, "姓名", "不能为空。")]
    assert reading.notices == ["工作表“党员”的第1至2行是标题，没有读取。"]


@pytest.mark.parametrize(
    ("status", "post", "read"),
    [
        ("正式", "支部书记", ("full", "secretary")),
        ("中共党员", "党支部书记", ("full", "secretary")),
        ("预备党员(2026.7.1)", "副书记", ("probationary", "deputy")),
        ("正 式党员", "组织委员", ("full", "deputy")),
        ("正式党员", "支委", ("full", "deputy")),
        ("正式党员", "党员", ("full", "member")),
    ],
)
def test_statuses_and_posts_are_read_as_people_write_them(status, post, read):
    reading = read_workbook(make_roster([BRANCH], [("张三", "第一党支部", status, post)]))

    (row,) = reading.rows["党员"]
    assert (reading.errors, (row["党员状态"], row["职务"])) == ([], read)


def test_posts_that_are_told_apart_more_finely_are_listed_with_what_they_were_read_as():
    members = [
        ("张三", "第一党支部", "", "支委"),
        ("李四", "第一党支部", "", "组织委员"),
        ("王五", "第一党支部", "", "支委"),
    ]

    assert read_workbook(make_roster([BRANCH], members)).notices == [
        "工作表“党员”的“职务”：“支委”、“组织委员”读作“班子成员”。"
    ]


def test_names_in_other_spellings_are_told_once():
    members = [("阿卜杜拉•买买提", "第一党支部"), ("李四(大)", "第一党支部"), ("王五", "第一党支部")]

    reading = read_workbook(make_roster([BRANCH], members))

    assert [row["姓名"] for row in reading.rows["党员"]] == ["阿卜杜拉·买买提", "李四（大）", "王五"]
    assert reading.notices == ["工作表“党员”第2、3行的姓名，间隔号统一写作“·”，括号统一写作“（）”。"]


def test_a_private_use_character_is_named_with_the_one_that_it_stands_for():
    errors = errors_of(
        make_roster([BRANCH], [("陈\ue863", "第一党支部"), ("王𬱟", "第一党支部"), ("刘䶮", "第一党支部")])
    )

    assert errors == [("党员", 2, "姓名", "含有私用区字符（U+E863），旧系统用它表示“䶮”，请改为“䶮”。")]


def test_a_heading_that_stands_twice_is_told():
    book = template_book()
    book["党员"].cell(1, 5).value = "姓名"
    book["组织"].append(BRANCH)

    assert errors_of(saved(book)) == [("党员", 1, "姓名", "表头“姓名”出现了两次。")]


def test_merged_cells_are_told_and_not_taken_for_empty_ones():
    book = template_book()
    book["党员"].append(["张三", "第一党支部"])
    book["党员"].append(["李四", None])
    book["党员"].merge_cells("B2:B3")

    assert errors_of(saved(book)) == [("党员", None, "B2:B3", "B2:B3 是合并的单元格；请取消合并，逐行填写。")]


def test_a_template_with_nothing_in_it_is_told():
    assert errors_of(make_roster()) == [("", None, "", "三张工作表都没有内容，没有可导入的。")]


def test_too_many_rows_are_refused():
    sheet = SHEETS[0]
    file = make_roster([(f"支部{number}", "党支部", "") for number in range(sheet.max_rows + 1)])

    assert errors_of(file) == [
        ("组织", sheet.max_rows + 2, "", f"工作表“组织”超过{sheet.max_rows}行，请分成几个工作簿导入。")
    ]


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


def test_a_row_with_an_absurd_number_is_not_counted_up_to():
    row = b'<row r="999999999999"><c r="A999999999999" t="inlineStr"><is><t>x</t></is></c></row>'

    reading = read_workbook(
        patched(make_roster([BRANCH]), "xl/worksheets/sheet2.xml", b"</sheetData>", row + b"</sheetData>")
    )

    assert len(reading.rows["组织"]) == 1


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


def test_a_workbook_of_something_else_lists_what_is_missing():
    book = Workbook()
    book.active.append(["品名", "数量"])

    assert [message for *_, message in errors_of(saved(book))] == [
        "没有名册的工作表；应有“组织”、“党员”、“承诺”中的至少一张，表头见模板。"
    ]


def test_the_template_offers_the_words_that_the_reader_knows():
    book = template_book()

    lists = {
        (sheet.name, column.heading): validation.formula1.strip('"').split(",")
        for sheet in SHEETS
        for column, validation in zip(sheet.columns, book[sheet.name].data_validations.dataValidation, strict=True)
        if validation.type == "list"
    }

    assert book.sheetnames == ["说明", "组织", "党员", "承诺"]
    assert lists == {
        (sheet.name, column.heading): column.choices.labels
        for sheet in SHEETS
        for column in sheet.columns
        if column.choices
    }


def test_the_examples_of_the_instructions_import():
    examples = {sheet.name: [sheet.example] for sheet in SHEETS}

    reading = read_workbook(
        make_roster([("某局党委", "党委", ""), *examples["组织"]], examples["党员"], examples["承诺"])
    )

    assert reading.errors == []


def test_the_file_is_left_unread_by_the_check_of_its_kind():
    file = make_roster([BRANCH])

    safety.examine(file)

    assert isinstance(file, io.BytesIO)
    assert file.tell() == 0


def test_shared_strings_as_excel_writes_them_are_read():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for sheet in SHEETS:
            book.add_worksheet(sheet.name).write_row(0, 0, [column.heading for column in sheet.columns])
        for place, text in enumerate(("=1+1", "党支部", "某局党委")):
            book.get_worksheet_by_name("组织").write_string(1, place, text)

    reading = read_workbook(named(file.getvalue()))

    assert reading.errors == []
    assert reading.rows["组织"][0].cells == {"名称": "=1+1", "类别": "branch", "上级": "某局党委"}


# Parts that nobody saw on the screen


def hide_sheet(book):
    book["党员"].sheet_state = "hidden"


def hide_row(book):
    book["党员"].row_dimensions[3].hidden = True


def flatten_row(book):
    book["党员"].row_dimensions[3].height = 0.5


def collapse_row(book):
    book["党员"].row_dimensions.group(3, 3, hidden=True)


def hide_column(book):
    book["党员"].column_dimensions["D"].hidden = True


@pytest.mark.parametrize(
    ("hide", "sentence", "seen"),
    [
        (hide_sheet, "工作表“党员”是隐藏的，其中有2行。", []),
        (hide_row, "工作表“党员”的第3行是隐藏的，或者被筛选、折叠了。", [("张三", "secretary")]),
        (flatten_row, "工作表“党员”的第3行是隐藏的，或者被筛选、折叠了。", [("张三", "secretary")]),
        (collapse_row, "工作表“党员”的第3行是隐藏的，或者被筛选、折叠了。", [("张三", "secretary")]),
        (hide_column, "工作表“党员”的“职务”列是隐藏的。", [("张三", ""), ("李四", "")]),
    ],
)
def test_hidden_parts_are_named_and_can_be_left_out(hide, sentence, seen):
    book = template_book()
    book["组织"].append(BRANCH)
    book["党员"].append(["张三", "第一党支部", None, "书记"])
    book["党员"].append(["李四", "第一党支部", None, None])
    hide(book)

    reading = read_workbook(saved(book))

    assert reading.hidden == [sentence]
    assert [row["姓名"] for row in reading.rows["党员"]] == ["张三", "李四"]
    assert [(row["姓名"], row["职务"]) for row in reading.without_hidden().rows["党员"]] == seen


def test_an_error_in_a_hidden_row_goes_with_it():
    book = template_book()
    book["党员"].append(["张三", "第一党支部", None, None])
    book["党员"].append(["李四", "第一党支部", None, "主任"])
    hide_row(book)

    reading = read_workbook(saved(book))

    assert (len(reading.errors), reading.without_hidden().errors) == (1, [])


def test_a_hidden_row_without_contents_hides_nothing():
    book = template_book()
    book["党员"].append(["张三", "第一党支部", None, None])
    book["党员"].row_dimensions[9].hidden = True

    assert read_workbook(saved(book)).hidden == []


def test_a_strict_open_xml_workbook_is_read():
    """Excel's own choice "Strict Open XML 电子表格" has other names for every part."""

    def strict(content):
        for part in (b"spreadsheetml", b"officeDocument", b"drawingml"):
            content = content.replace(
                b"http://schemas.openxmlformats.org/%s/2006/" % part, b"http://purl.oclc.org/ooxml/%s/" % part
            )
        return content

    plain = make_roster([BRANCH], [("张三", "第一党支部", "正式党员", "书记")])
    with zipfile.ZipFile(plain) as archive:
        file = zipped({part.filename: strict(archive.read(part)) for part in archive.infolist()})

    reading = read_workbook(file)

    assert reading.errors == []
    assert [row["姓名"] for row in reading.rows["党员"]] == ["张三"]
