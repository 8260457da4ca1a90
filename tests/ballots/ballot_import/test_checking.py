"""Ballots out of tables: what is read, what is refused with which words, and that all rows are written or none."""

import csv
import datetime
import io
import zipfile
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from openpyxl import Workbook

from ballots import actions as ballot_actions
from ballots.ballot_import import (
    AlreadyImported,
    InvalidTable,
    NotTaken,
    Unreadable,
    check_table,
    read_table,
    reading,
    unseen_in,
    write_plan,
)
from ballots.ballot_import.headings import column_letter, template_headings
from ballots.counting import bulk, sealing
from ballots.models import Ballot, BallotImport, Batch, Opinion, TallyRow
from campaigns import actions
from campaigns.models import Organization
from tests.factories import (
    close_poll,
    make_branch_poll,
    make_campaign,
    make_open_poll,
    make_organization,
    make_user,
)
from tests.workbooks import named, patched, saved, zipped

pytestmark = pytest.mark.django_db

HEADING = ["单位", "渠道", "类别", "某局党委｜兑现公开承诺情况", "某局党委｜总体评价", "意见建议"]
ROW = ["某局党委", "书面评议", "群众代表", "满意", "基本满意", ""]


def as_csv(*rows, heading=HEADING, encoding="utf-8") -> io.BytesIO:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading, *rows])
    return named(text.getvalue().encode(encoding), "评议票.csv")


def as_workbook(*rows, heading=HEADING) -> io.BytesIO:
    book = Workbook()
    for row in (heading, *rows):
        book.active.append(row)
    return saved(book, "评议票.xlsx")


def imported(campaign, file, **options):
    return write_plan(campaign, check_table(campaign, read_table(file)), by=None, **options)


def problems(campaign, file) -> list[str]:
    with pytest.raises(InvalidTable) as caught:
        check_table(campaign, read_table(file))
    assert caught.value.count == len(caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def refusal(campaign, file) -> str:
    with pytest.raises(Unreadable) as caught:
        check_table(campaign, read_table(file))
    return str(caught.value)


def votes(batch) -> Counter:
    return Counter(Ballot.objects.filter(batch=batch).values_list("marks", flat=True))


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def campaign(poll):
    return poll.campaign


@pytest.fixture
def two_units():
    """An open campaign with two branches below one committee."""
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    return campaign


# Reading and writing


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(lambda *rows: as_csv(*rows, encoding="utf-8"), id="utf-8"),
        pytest.param(lambda *rows: as_csv(*rows, encoding="utf-8-sig"), id="utf-8-with-bom"),
        pytest.param(lambda *rows: as_csv(*rows, encoding="gb18030"), id="gb18030"),
        pytest.param(as_workbook, id="xlsx"),
    ],
)
def test_every_kind_of_file_gives_the_same_ballots(poll, campaign, file):
    rows = [ROW, ROW, [*ROW[:3], "", "多选", "会议少开一点。"], [*ROW[:3], "不满意", "满意", ""]]

    told = imported(campaign, file(*rows))

    batch = poll.batches.get()
    assert votes(batch) == {"12": 2, "-x": 1, "31": 1}
    assert [(opinion.target.name, opinion.text) for opinion in Opinion.objects.all()] == [
        ("某局党委", "会议少开一点。")
    ]
    assert (batch.channel, batch.category.name, batch.method) == ("paper", "群众代表", Batch.Method.ENTERED)
    assert (batch.issued_count, batch.returned_count, batch.void_count) == (4, 4, 0)
    assert str(told) == "已导入评议票4张：1个单位，1个票批。"


def test_imported_ballots_close_seal_and_count(poll, campaign):
    imported(campaign, as_csv(ROW, ROW, [*ROW[:3], "", "多选", ""]))

    close_poll(poll)
    sealing.seal(poll, by=None)

    rows = TallyRow.objects.filter(poll=poll).order_by("indicator__position")
    fields = ("valid_count", "grade_1_count", "grade_2_count", "abstained_count", "spoiled_count")
    assert list(rows.values_list(*fields)) == [(3, 2, 0, 1, 0), (3, 0, 2, 0, 1)]


def test_an_imported_batch_counts_as_agreed(poll, campaign):
    secretary = make_user()

    write_plan(campaign, check_table(campaign, read_table(as_csv(ROW))), by=secretary)

    batch = poll.batches.get()
    assert (batch.agreement, batch.agreed_by) == (Batch.Agreement.FILE, secretary)


def test_units_whose_ballots_were_imported_close_together(two_units):
    heading = ["单位", "渠道", "类别", "基层党组织评议表｜兑现公开承诺情况", "基层党组织评议表｜总体评价"]
    rows = [["第一党支部", "书面", "党员", "满意", "满意"], ["第二党支部", "书面", "党员", "满意", "满意"]]
    imported(two_units, as_csv(*rows, heading=heading))
    ballot_actions.add_batch(
        two_units.polls.get(organization__name="第二党支部"),
        channel="meeting",
        category=two_units.categories.first(),
        method=Batch.Method.ENTERED,
    )

    plan = bulk.plan_closing(two_units)
    closed = bulk.close_planned(plan, by=None, with_empty=False)

    assert closed == (1, [])
    assert [(poll.organization.name, reason) for poll, reason in plan.alone] == [
        ("第二党支部", "有纸质票，须填写发出数和收回数。")
    ]
    batch = Batch.objects.get(poll__organization__name="第一党支部")
    assert (batch.state, batch.issued_count, batch.returned_count, batch.unused_count) == ("closed", 1, 1, 0)


def test_rows_go_into_one_batch_for_each_unit_channel_and_category(two_units):
    heading = ["单位", "渠道", "类别", "基层党组织评议表｜兑现公开承诺情况", "基层党组织评议表｜总体评价"]
    rows = [
        ["第二党支部", "书面", "党员", "满意", "满意"],
        ["第一党支部", "集中评议", "群众代表", "不满意", "满意"],
        ["第一党支部", "meeting", "群众代表", "满意", "满意"],
        ["第一党支部", "集中", "党员", "满意", ""],
    ]

    imported(two_units, as_csv(*rows, heading=heading))

    written = {
        (batch.poll.organization.name, batch.channel, batch.category.name): votes(batch)
        for batch in Batch.objects.select_related("poll__organization", "category")
    }
    assert written == {
        ("第一党支部", "meeting", "党员"): {"1-": 1},
        ("第一党支部", "meeting", "群众代表"): {"31": 1, "11": 1},
        ("第二党支部", "paper", "党员"): {"11": 1},
    }


def test_units_may_have_columns_of_their_own_in_one_table(two_units):
    heading = [
        *("单位", "渠道", "类别"),
        *(
            "第二党支部|总体评价",
            "第二党支部 ｜ 兑现公开承诺情况",
            "第一党支部｜兑现公开承诺情况",
            "第一党支部|总体评价",
        ),
    ]
    rows = [
        ["第一党支部", "书面", "党员", "", "", "满意", "不满意"],
        ["第二党支部", "书面", "党员", "基本满意", "", "", ""],
    ]

    imported(two_units, as_csv(*rows, heading=heading))

    assert [votes(batch) for batch in Batch.objects.order_by("poll__organization__path")] == [{"13": 1}, {"-2": 1}]


def test_a_second_file_of_other_ballots_makes_batches_of_its_own(poll, campaign):
    imported(campaign, as_csv(ROW))
    imported(campaign, as_csv([*ROW[:3], "满意", "满意", ""]), earlier="add")

    assert [votes(batch) for batch in poll.batches.all()] == [{"12": 1}, {"11": 1}]


def test_a_unit_may_be_named_by_its_path(two_units):
    root = two_units.organizer
    other = make_organization("第三党总支", parent=root, kind="general_branch")
    twin = make_organization("第一党支部", parent=other, kind="branch")
    campaign = make_campaign(root, title="另一次评议")
    first = Organization.objects.get(name="第一党支部", parent=root)
    actions.make_polls(campaign, [first, twin])
    ballot_actions.open_campaign(campaign, by=None)
    heading = ["单位", "渠道", "类别", "第一党支部｜兑现公开承诺情况", "第一党支部｜总体评价"]
    row = ["书面", "党员", "满意", "满意"]

    imported(campaign, as_csv(["某局党委/第三党总支／第一党支部", *row], heading=heading))

    assert Batch.objects.get().poll.organization == twin
    assert problems(campaign, as_csv(["第一党支部", *row], heading=heading)) == [
        "第2行A列“第一党支部”：同名的单位有2个；请写路径，可写“某局党委/第一党支部”、“某局党委/第三党总支/第一党支部”。"
    ]


def test_a_ballot_about_a_branch_and_its_members_has_a_column_for_each_cell():
    poll = make_branch_poll(member_count=3)
    heading = template_headings(poll.campaign)
    cells = [heading_ for heading_ in heading[3:] if not heading_.endswith("意见建议")]
    row = ["第一党支部", "集中", "党员"] + ["满意"] * len(cells) + ["好"] * (len(heading) - 3 - len(cells))

    told = imported(poll.campaign, as_csv(row, heading=heading))

    assert told.row_count == 1
    assert votes(poll.batches.get()) == {"1" * len(cells): 1}
    assert {opinion.target.name for opinion in Opinion.objects.all()} == set(
        poll.targets.values_list("name", flat=True)
    )
    assert template_headings(poll.campaign) == heading


def test_a_bare_opinion_column_goes_to_the_organization_where_there_are_several_targets():
    poll = make_branch_poll(member_count=2)
    columns = [heading for heading in template_headings(poll.campaign) if not heading.endswith("意见建议")]
    row = ["第一党支部", "集中", "党员", *["满意"] * (len(columns) - 3), "多下基层。"]

    imported(poll.campaign, as_csv(row, heading=[*columns, "意见建议"]))

    assert [(opinion.target.kind, opinion.text) for opinion in Opinion.objects.all()] == [
        ("organization", "多下基层。")
    ]


def test_a_target_on_two_questionnaires_is_told_apart_by_their_titles():
    organizer = make_organization()
    campaign = make_campaign(organizer)
    scale = campaign.questionnaires.get().scale
    deeds = campaign.questionnaires.create(
        key="deeds", title="实事评议表", target_kind="organization", target_rule="organization_itself", scale=scale
    )
    deeds.indicators.create(text="总体评价", is_overall=True)
    actions.make_polls(campaign, [organizer])
    ballot_actions.open_campaign(campaign, by=None)
    titled = [
        *("单位", "渠道", "类别", "基层党组织评议表/某局党委｜兑现公开承诺情况", "基层党组织评议表/某局党委｜总体评价"),
        *("实事评议表/某局党委｜总体评价", "基层党组织评议表/某局党委｜意见建议", "实事评议表/某局党委｜意见建议"),
    ]
    row = ["某局党委", "书面", "党员", "满意", "基本满意", "不满意"]

    imported(campaign, as_csv([*row, "", "路灯亮了"], heading=titled))

    assert template_headings(campaign) == titled
    assert votes(campaign.polls.get().batches.get()) == {"123": 1}
    assert Opinion.objects.get().target.questionnaire == deeds
    assert problems(campaign, as_csv(row, heading=[*HEADING[:5], titled[5]])) == [
        "第1行E列：“某局党委”的票上有2处；请写成“评议表/评议对象｜评议内容”。",
        "第1行F列：“某局党委”的票上它与E列是同一项，只能写一列。",
    ]


def test_opinions_keep_their_lines_and_what_looks_like_a_formula(poll, campaign):
    texts = ["第一行\r\n第二行", "=cmd|' /C calc'!A0", "@周五开会", "　"]

    imported(campaign, as_csv(*([*ROW[:5], text] for text in texts)))

    assert set(Opinion.objects.values_list("text", flat=True)) == {"第一行\n第二行", texts[1], texts[2]}


def test_a_formula_in_a_workbook_stays_the_text_that_somebody_wrote(poll, campaign):
    imported(campaign, as_workbook([*ROW[:5], "=1+1等于几"]))

    assert Opinion.objects.get().text == "=1+1等于几"


def test_a_plan_keeps_neither_the_order_of_rows_nor_what_stood_together(campaign):
    rows = [[*ROW[:5], "乙"], [*ROW[:3], "满意", "满意", "甲"]]

    plan = check_table(campaign, read_table(as_csv(*rows)))
    turned = check_table(campaign, read_table(as_workbook(*reversed(rows))))

    assert plan == turned
    assert (list(plan.groups[0].marks), [text for _, text in plan.groups[0].opinions]) == (["11", "12"], ["乙", "甲"])
    assert "12" not in repr(plan)
    assert "甲" not in repr(plan)


def test_a_channel_that_was_not_planned_is_taken_and_told(campaign):
    plan = check_table(campaign, read_table(as_csv([*ROW[:1], "网络", *ROW[2:]])))

    assert plan.notices == ["“网络评议”不在本次评议活动所列的评议渠道之内，请核对。"]
    assert plan.groups[0].channel == "online"


# The same again


def test_the_same_ballots_are_refused_a_second_time_in_any_kind_of_file(poll, campaign):
    imported(campaign, as_csv(ROW, ROW))

    with pytest.raises(AlreadyImported):
        imported(campaign, as_workbook(ROW, ROW))

    assert poll.batches.count() == 1
    assert Ballot.objects.count() == 2


def test_the_same_ballots_come_in_again_when_that_is_confirmed(poll, campaign):
    imported(campaign, as_csv(ROW), again=True)
    imported(campaign, as_csv(ROW), again=True)

    assert poll.batches.count() == 2
    assert list(BallotImport.objects.values_list("ordinal", "row_count")) == [(1, 1), (2, 1)]


def test_two_imports_of_one_file_at_once_are_held_by_the_database(campaign):
    imported(campaign, as_csv(ROW))
    first = BallotImport.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        BallotImport.objects.create(campaign=campaign, digest=first.digest, ordinal=1, row_count=1)


# All or nothing


def test_a_poll_that_closes_between_check_and_writing_leaves_nothing(two_units):
    heading = ["单位", "渠道", "类别", "基层党组织评议表｜兑现公开承诺情况", "基层党组织评议表｜总体评价"]
    rows = [["第一党支部", "书面", "党员", "满意", "满意"], ["第二党支部", "书面", "党员", "满意", "满意"]]
    plan = check_table(two_units, read_table(as_csv(*rows, heading=heading)))
    close_poll(two_units.polls.get(organization__name="第二党支部"))

    with pytest.raises(NotTaken, match="“第二党支部”的评议点现为“已截止”"):
        write_plan(two_units, plan, by=None)

    assert not Ballot.objects.exists()
    assert not Batch.objects.exists()
    assert not BallotImport.objects.exists()


def test_errors_of_all_rows_are_told_and_nothing_can_be_written(campaign):
    rows = [
        ["外单位党委", "书面评议", "群众代表", "满意", "满意", ""],
        ["某局党委", "广播", "群众代表", "满意", "满意", ""],
        ["某局党委", "书面评议", "领导", "满意", "满意", ""],
        ["某局党委", "书面评议", "党员", "很满意", "一般", ""],
        ["", "", "", "满意", "满意", ""],
    ]

    assert problems(campaign, as_csv(*rows)) == [
        "第2行A列“外单位党委”：本次评议活动没有这个单位的评议点；可写“某局党委”。",
        "第3行B列“广播”：没有这个渠道；可写“集中评议”、“书面评议”、“网络评议”、“走访访谈”、“电话评议”、“意见箱”、“即时评议”。",
        "第4行C列“领导”：没有这个参评人员类别；可写“党员”、“群众代表”。",
        "第5行D列“很满意”：不是等次；可写“满意”、“基本满意”、“不满意”、“多选”，或者留空。",
        "第5行E列“一般”：不是等次；可写“满意”、“基本满意”、“不满意”、“多选”，或者留空。",
        "第6行A列：单位不能为空。",
        "第6行B列：渠道不能为空。",
        "第6行C列：类别不能为空。",
    ]


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        (["单位", "渠道", *HEADING[3:]], ["第1行：表头缺少“类别”列；前三列应为“单位”、“渠道”、“类别”。"]),
        (
            [*HEADING[:4], "某局党委｜兑现公开承诺情况", HEADING[4], "意见建议"],
            ["第1行E列“某局党委｜兑现公开承诺情况”：与D列的表头重复。"],
        ),
        (
            [*HEADING[:3], "外单位党委｜兑现公开承诺情况", *HEADING[3:]],
            ["第1行D列“外单位党委｜兑现公开承诺情况”：没有评议对象“外单位党委”；可写“某局党委”。"],
        ),
        (
            [*HEADING[:3], "某局党委｜廉洁自律", *HEADING[3:]],
            [
                "第1行D列“某局党委｜廉洁自律”：“某局党委”没有评议内容“廉洁自律”；可写“兑现公开承诺情况”、“总体评价”、“意见建议”。"
            ],
        ),
        (
            [*HEADING[:3], "序号", *HEADING[3:]],
            [
                "第1行D列“序号”：不认识这一列；可写“单位”、“渠道”、“类别”、“意见建议”，其余各列写成“评议对象｜评议内容”。"
            ],
        ),
    ],
)
def test_a_wrong_heading_is_told_with_what_is_allowed(campaign, heading, told):
    row = dict(zip(HEADING, ROW, strict=True))

    noted = problems(campaign, as_csv([row.get(name, "") for name in heading], heading=heading))

    assert noted == told


def test_a_cell_of_the_ballot_without_a_column_is_told_once(campaign):
    heading = [name for name in HEADING if "总体评价" not in name]
    row = [*ROW[:4], ""]

    assert problems(campaign, as_csv(row, row, heading=heading)) == [
        "第2行：“某局党委”的票上有“某局党委｜总体评价”，表头缺少这些列。"
    ]


def test_a_cell_that_two_columns_give_is_refused(campaign):
    heading = [*HEADING, "基层党组织评议表｜总体评价"]

    assert problems(campaign, as_csv([*ROW, "满意"], heading=heading)) == [
        "第1行G列：“某局党委”的票上它与E列是同一项，只能写一列。"
    ]


def test_a_cell_of_another_units_ballot_must_be_empty(two_units):
    heading = [
        *("单位", "渠道", "类别"),
        *(f"{unit}｜{text}" for unit in ("第一党支部", "第二党支部") for text in ("兑现公开承诺情况", "总体评价")),
    ]
    row = ["第一党支部", "书面", "党员", "满意", "满意", "满意", ""]

    assert problems(two_units, as_csv(row, heading=heading)) == [
        "第2行F列“满意”：“第一党支部”的票上没有“第二党支部｜兑现公开承诺情况”，这一格应为空。"
    ]


def test_a_value_beyond_the_heading_is_refused(campaign):
    told = ["第2行G列“多出来的”：这一列没有表头，应为空。"]

    assert problems(campaign, as_csv([*ROW, "多出来的"])) == told
    assert problems(campaign, as_workbook([*ROW, "多出来的"])) == told


def test_a_row_that_breaks_off_is_no_row_of_blanks(campaign):
    assert problems(campaign, as_csv(ROW[:4])) == ["第2行E列：这一行到此为止，缺了这一格；没有填写的也要留空格子。"]


@pytest.mark.parametrize(("state", "told"), [("closed", "已截止"), ("sealed", "已封存")])
def test_rows_for_a_poll_that_takes_no_ballots_are_refused(poll, campaign, state, told):
    close_poll(poll)
    if state == "sealed":
        sealing.seal(poll, by=None)

    assert problems(campaign, as_csv(ROW)) == [f"第2行A列“某局党委”：这个评议点现为“{told}”，只有“评议中”的才能导入。"]


def test_rows_for_a_rehearsal_are_refused():
    organizer = make_organization()
    campaign = make_campaign(organizer)
    actions.make_polls(campaign, [organizer])
    ballot_actions.start_rehearsal(campaign.polls.get())

    assert problems(campaign, as_csv(ROW)) == ["第2行A列“某局党委”：这个评议点现为“演练中”，只有“评议中”的才能导入。"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({3: "满\x07意"}, "第2行D列“满□意”：含有看不见的控制字符（U+0007），请删去后重新输入。"),
        ({0: "某局\x1b党委"}, "第2行A列“某局□党委”：含有看不见的控制字符（U+001B），请删去后重新输入。"),
        ({5: "好\x08"}, "第2行F列“好□”：对“某局党委”的意见里有无法显示的字符（可能是粘贴带来的），请删去后再提交。"),
        ({5: "长" * 1001}, "意见有1001字，至多1000字"),
        ({4: "=1+1"}, "第2行E列“=1+1”：不是等次；可写“满意”、“基本满意”、“不满意”、“多选”，或者留空。"),
    ],
)
def test_cells_that_no_ballot_can_hold_are_refused(campaign, cells, told):
    row = [cells.get(place, value) for place, value in enumerate(ROW)]

    (problem,) = problems(campaign, as_csv(row))

    assert told in problem


def test_a_mark_that_is_a_formula_or_a_date_in_a_workbook_is_refused(campaign):
    assert problems(campaign, as_workbook([*ROW[:3], "=D1", datetime.date(2026, 11, 1), ""])) == [
        "第2行D列“=D1”：是公式；请复制后“选择性粘贴”为数值。",
        "第2行E列“2026-11-01 00:00:00”：被表格软件当成了日期或时间；请把单元格格式设为“文本”后重新输入。",
    ]


def test_a_table_of_headings_alone_is_refused(campaign):
    assert problems(campaign, as_csv()) == ["第2行：表头之下没有评议票。"]


def test_many_errors_are_counted_and_the_first_are_told(campaign):
    with pytest.raises(InvalidTable) as caught:
        check_table(campaign, read_table(as_csv(*([*ROW[:3], "好", "好", ""],) * 600)))

    assert (caught.value.count, len(caught.value.problems)) == (1200, 1000)


# Files that are no table


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "文件是空的。"),
        (b"\xef\xbb\xbf\r\n\r\n", "文件是空的。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "这是旧版工作簿（.xls）。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "文件有密码"),
        (b"%PDF-1.7\n", "这是 PDF 文件"),
        ("<html><table><tr><td>单位</td></tr></table></html>".encode(), "这是网页文件改了扩展名"),
        ("单位,渠道".encode("utf-16"), "这是 Unicode 文本（UTF-16）。"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "这不是文本表格（CSV），也不是 Excel 工作簿。"),
        ("单位,渠道\n某局".encode() + b"\xff\xff", "文件的编码既不是 UTF-8，也不是 GB18030"),
        ((",".join(HEADING) + '\n"某局党委,书面').encode(), "第2行的引号不成对"),
        (("单位," + "长" * 200_000).encode(), "第1行的引号不成对，或者有一格太长"),
        (b"PK\x03\x04" + b"\0" * 100, "文件不完整或已损坏"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_it_is(campaign, content, told):
    assert refusal(campaign, named(content)).startswith(told)


def test_a_cut_off_workbook_is_refused(campaign):
    whole = as_workbook(ROW).getvalue()

    assert refusal(campaign, named(whole[: len(whole) // 2])).startswith("文件不完整或已损坏")


def test_an_archive_that_is_no_workbook_is_refused(campaign):
    assert refusal(campaign, zipped({"word/document.xml": b"<w/>"})).startswith("这是 Word 文档")


def test_a_workbook_that_unpacks_to_far_too_much_is_not_opened(campaign):
    bomb = io.BytesIO(as_workbook(ROW).getvalue())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * (65 * 1024 * 1024))

    assert refusal(campaign, named(bomb.getvalue())).startswith("工作簿解压后超过64 MB")


def test_a_workbook_with_a_row_number_out_of_reach_ends_in_words(campaign):
    file = patched(as_workbook(ROW), "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="900000000"')

    assert refusal(campaign, file) == "工作表的行号超出表格软件的范围，文件可能已损坏。"


def test_merged_cells_are_refused(campaign):
    book = Workbook()
    for row in (HEADING, ROW, ROW):
        book.active.append(row)
    book.active.merge_cells("A2:A3")

    assert refusal(campaign, saved(book)) == "有合并的单元格（A2:A3）；请取消合并，逐行填写后再导入。"


def test_a_file_of_too_many_bytes_is_refused(campaign):
    assert refusal(campaign, named(b"x" * (10 * 1024 * 1024 + 1))) == "文件超过10 MB，请分成几个文件导入。"


def test_a_file_of_too_many_rows_is_refused(campaign, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)

    assert refusal(campaign, as_csv(*[ROW] * 4)) == "文件超过3行，请分成几个文件导入。"
    assert check_table(campaign, read_table(as_csv(*[ROW] * 3))).row_count == 3


# The command


def run(capsys, *arguments):
    try:
        call_command("import_ballots", *arguments)
        status = 0
    except SystemExit as end:
        status = end.code
    told = capsys.readouterr()
    return status, told.out.splitlines(), told.err.splitlines()


def on_disk(folder, file):
    path = folder / file.name
    path.write_bytes(file.getvalue())
    return str(path)


def test_the_command_imports_and_says_so_in_one_line(poll, campaign, tmp_path, capsys):
    status, out, err = run(capsys, "--campaign", campaign.title, on_disk(tmp_path, as_csv(ROW, ROW)))

    assert (status, out, err) == (0, ["已导入评议票2张：1个单位，1个票批。"], [])
    assert votes(poll.batches.get()) == {"12": 2}


def test_the_command_tells_each_error_in_a_line_and_writes_nothing(campaign, tmp_path, capsys):
    file = on_disk(tmp_path, as_csv(ROW, [*ROW[:3], "好", "差", ""]))

    status, out, err = run(capsys, "--campaign", campaign.title, file)

    assert (status, out) == (1, [])
    assert [line[:6] for line in err] == ["第3行D列“", "第3行E列“"]
    assert not Ballot.objects.exists()


def test_the_command_refuses_the_same_file_unless_told(campaign, tmp_path, capsys):
    file = on_disk(tmp_path, as_csv(ROW))
    run(capsys, "--campaign", campaign.title, file)

    refused = run(capsys, "--campaign", campaign.title, file)
    again = run(capsys, "--campaign", campaign.title, file, "--again")

    assert refused == (1, [], ["同样内容的文件已经导入过，没有写入；确实是另一些票的，加上 --again 再次导入。"])
    assert again == (0, ["已导入评议票1张：1个单位，1个票批。"], [])
    assert Ballot.objects.count() == 2


@pytest.mark.parametrize(
    ("title", "file", "told"),
    [
        ("没有的评议", "评议票.csv", "没有名为“没有的评议”的评议活动。"),
        ("2026年度群众评议", "没有.csv", "没有文件"),
        ("2026年度群众评议", ".", "读不了文件"),
    ],
)
def test_the_command_says_what_it_cannot_find(campaign, tmp_path, capsys, title, file, told):
    status, out, (line,) = run(capsys, "--campaign", title, str(tmp_path / file))

    assert (status, out) == (1, [])
    assert line.startswith(told)


def test_columns_are_called_as_a_spreadsheet_calls_them():
    assert [column_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


# Tables as offices make them


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_text_with_tabs_or_semicolons_is_read(poll, campaign, separator):
    text = "\r\n".join(separator.join(row) for row in (HEADING, ROW, ROW))

    imported(campaign, named(text.encode(), "评议票.txt"))

    assert votes(poll.batches.get()) == {"12": 2}


@pytest.mark.parametrize("grade", ["满 意", "\u3000满意\u3000", "满意。", "√满意", "☑ 满意", "满意√"])
def test_a_grade_with_spaces_and_ticks_around_it_is_that_grade(poll, campaign, grade):
    imported(campaign, as_csv([*ROW[:3], grade, "满意", ""]))

    assert votes(poll.batches.get()) == {"11": 1}


@pytest.mark.parametrize("word", ["弃权", "空白", "未选", "(空)", "（跳过）", ""])
def test_words_for_nothing_are_blanks(poll, campaign, word):
    imported(campaign, as_csv([*ROW[:3], word, "满意", ""]))

    assert votes(poll.batches.get()) == {"-1": 1}


def test_a_tick_without_a_grade_is_told_by_row_and_column(campaign):
    assert problems(campaign, as_csv([*ROW[:3], "√", "满意", ""])) == [
        "第2行D列“√”：不是等次；可写“满意”、“基本满意”、“不满意”、“多选”，或者留空。"
    ]


def test_a_category_spaced_out_and_a_unit_in_other_brackets_are_found():
    poll = make_open_poll(make_organization("第三党支部(机关)", kind="branch"))
    heading = [text.replace("某局党委", "第三党支部(机关)") for text in HEADING]

    imported(poll.campaign, as_csv(["第三党支部（机关）", "书面", "党 员", "满意", "满意", ""], heading=heading))

    assert poll.batches.get().category.name == "党员"


def filtered(**hidden):
    """Three ballots in a workbook, the second filtered out or what else is said."""
    book = Workbook()
    for row in (HEADING, ROW, [*ROW[:3], "不满意", "不满意", "不公开"], ROW):
        book.active.append(row)
    for row in hidden.get("rows", (3,)):
        book.active.row_dimensions[row].hidden = True
    for column in hidden.get("columns", ()):
        book.active.column_dimensions[column].hidden = True
    return saved(book, "评议票.xlsx")


def test_hidden_rows_and_columns_are_named_and_can_be_left_out(poll, campaign):
    file = filtered(columns=("F",))

    unseen = unseen_in(file)

    assert unseen.sentence == "第3行是隐藏的，或者被筛选、折叠了；F列是隐藏的"
    assert check_table(campaign, read_table(file)).row_count == 3
    plan = check_table(campaign, read_table(file, without=unseen))
    assert [(group.marks, group.opinions) for group in plan.groups] == [({"12": 2}, [])]


def test_the_sheet_in_sight_is_read_and_the_hidden_one_is_told(poll, campaign):
    book = Workbook()
    book.active.append(["字典"])
    book.active.sheet_state = "hidden"
    answers = book.create_sheet("答卷")
    for row in (HEADING, ROW):
        answers.append(row)
    book.active = 1
    file = saved(book, "评议票.xlsx")

    assert unseen_in(file).notices == ("读取的是工作表“答卷”；没有读取“Sheet”。",)
    assert check_table(campaign, read_table(file)).row_count == 1


@pytest.mark.parametrize(("choice", "count"), [("leave", 2), ("count", 3)])
def test_the_command_asks_about_hidden_rows(poll, campaign, tmp_path, capsys, choice, count):
    path = tmp_path / "评议票.xlsx"
    path.write_bytes(filtered().getvalue())

    with pytest.raises(SystemExit):
        call_command("import_ballots", path, campaign=campaign.title)
    assert "第3行是隐藏的" in capsys.readouterr().err
    assert not Ballot.objects.exists()
    call_command("import_ballots", path, campaign=campaign.title, hidden=choice)

    assert Ballot.objects.count() == count
