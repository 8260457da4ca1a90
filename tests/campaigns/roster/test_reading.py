"""Roster workbooks as they arrive: what is refused as a file, and what is wrong in a cell."""

import datetime

import pytest
from openpyxl import Workbook

from campaigns.roster.layout import SHEETS
from campaigns.roster.reading import read_workbook
from tests.campaigns.roster.refusals import BRANCH, errors_of
from tests.workbooks import make_roster, saved, template_book


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


def test_too_many_rows_are_refused():
    sheet = SHEETS[0]
    file = make_roster([(f"支部{number}", "党支部", "") for number in range(sheet.max_rows + 1)])

    assert errors_of(file) == [
        ("组织", sheet.max_rows + 2, "", f"工作表“组织”超过{sheet.max_rows}行，请分成几个工作簿导入。")
    ]


def test_a_workbook_of_something_else_lists_what_is_missing():
    book = Workbook()
    book.active.append(["品名", "数量"])

    assert [message for *_, message in errors_of(saved(book))] == [
        "没有名册的工作表；应有“组织”、“党员”、“承诺”中的至少一张，表头见模板。"
    ]
