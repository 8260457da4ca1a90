"""The workbook of a report shows the report's figures, computes them anew, prints, and holds only what its reader may see."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ballots.actions import open_campaign
from ballots.counting import sealing, tally
from campaigns import actions
from reports.comments import CommentEntry, CommentFigures, CommentsContent
from reports.commitments.content import CommitmentFigures, CommitmentsContent, PrintedCommitment, Voted, VotedRate
from reports.files import excel
from reports.files.excel import cells
from reports.ledger.content import LedgerContent, LedgerEntry, LedgerFigures, MeasureEntry
from reports.opinions import OpinionEntry, OpinionFigures, OpinionsContent
from reports.report import content_of_poll, report_of
from reports.scope import Scope
from reports.tables.campaign import rollup_tables
from reports.tables.rows import Row
from reports.wording import Day
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_branch_poll,
    make_campaign,
    make_cast,
    make_member,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
    make_user,
)
from tests.office import recalculated
from tests.workbooks import formulas_of, lines_of, read_book, shown

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
OPINION = OpinionEntry(
    id=7,
    unit="第一党支部",
    target="第一党支部",
    kind="意见建议",
    category="工作作风",
    text="=1+1 办事再快些",
    times=3,
    verdicts=("不到位", "没有效"),
    went_to="台账第1号",
)
PROBLEM = LedgerEntry(
    number=1,
    unit="第一党支部",
    source="群众评议意见",
    content="办事大厅排队时间长",
    category="工作作风",
    subject="第一党支部",
    cause="窗口少",
    measures=(
        MeasureEntry("增开窗口", "李四", Day(date(2026, 5, 1)), "已落实", Day(date(2026, 4, 20))),
        MeasureEntry("网上预约", "", Day(), "正在落实", Day()),
    ),
    treatment="及时整改",
    leader="赵书记",
    responsible_unit="办公室",
    person="李四",
    due_on=Day(date(2026, 5, 1)),
    is_overdue=True,
    progress=("2026年4月2日：已调研", "2026年4月20日：已增开"),
    state="正在整改",
    done_on=Day(),
    reply="已答复",
    publicity="公开栏",
    verdict="满意",
    remarks="",
)
COMMENT = CommentEntry(
    unit="第一党支部",
    subject="张三",
    leader="赵书记",
    leader_post="党委书记",
    commented_on=Day(date(2026, 11, 10)),
    mode="会议点评",
    points=(("优点", "工作扎实"), ("不足", "下基层少")),
    content="总体较好。",
    follow_up="已改进",
    followed_up_on=Day(date(2026, 11, 18)),
)
PROMISE = PrintedCommitment(
    unit="第一党支部",
    member="",
    kind="公开承诺",
    content="修好楼前的路",
    due_on=Day(date(2026, 12, 31)),
    status="已兑现",
    fulfilled_on=Day(date(2026, 10, 1)),
    note="验收合格",
    voted=Voted((VotedRate("", tally.rate_of(49, 50)),)),
)
# The outcome of S2 and S4-1, without their rows.
FOLLOWED = {
    "opinions": OpinionsContent(OpinionFigures(received=12, set_aside=2, read=12, matters=8), (OPINION,)),
    "ledger": LedgerContent(LedgerFigures(problems=10, closed=7, overdue=1, measures=12, done=9), (PROBLEM,)),
    "comments": CommentsContent(
        CommentFigures(commented=26, planned=28, missing=("甲支部", "乙支部"), comments=40, kinds=(("支部", 26),)),
        (COMMENT,),
    ),
    "commitments": CommitmentsContent(
        CommitmentFigures(commitments=13430, deeds=1039, members=4720, fulfilled=13429, unfulfilled=1),
        (PROMISE,),
    ),
}
COUNT_SHEETS = ["评议结果", "分类分渠道"]
AFTER_THE_COUNT = ["意见清单", "整改台账", "点评台账", "承诺一览"]


@pytest.fixture
def branch_poll():
    """A sealed poll about a branch, its secretary and two members, with one more who is not graded."""
    poll = make_branch_poll(member_count=3)
    batch = make_batch(poll, method="entered")
    width = sum(len(section["indicators"]) for section in poll.form["sections"])
    enter_ballots(batch, {"1" * width: 30, "2" * width: 15, "3" * width: 2, "-" + "x" * (width - 1): 1})
    poll.scrutineers, poll.tellers = "王五", "赵六"
    poll.save()
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


@pytest.fixture
def tree():
    """A company with a poll of its own over two branches with theirs and one whose poll is not sealed."""
    root = make_organization("某公司党委")
    mine = make_organization("第一总支", parent=root, kind="general_branch")
    units = [root, *(make_organization(name, parent=mine, kind="branch") for name in ("甲支部", "乙支部", "丙支部"))]
    return sealed_campaign(units, ({"11": 5, "21": 2}, {"11": 10}, {"11": 45, "33": 31, "22": 14}))


def sealed_campaign(units, marks):
    """A campaign of polls of the units; the first ones, as many as there are marks, are sealed."""
    campaign = make_campaign(units[0])
    actions.make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll, counts in zip(campaign.polls.order_by("organization__path"), marks, strict=False):
        enter_ballots(make_batch(poll, method="entered"), counts)
        close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


def poll_report(poll, **parts):
    return replace(report_of(Scope.of_poll(poll), today=TODAY), **parts)


def campaign_report(campaign, **parts):
    return replace(report_of(Scope(campaign, campaign.organizer), today=TODAY), **parts)


def figures(row: Row) -> list[str]:
    """A row of the content as 评议结果 shows it."""
    parts = [text for figure in row.figures for text in (str(figure.count), figure.rate.text)]
    return [*parts, str(row.unknown), str(row.spoiled), row.printed_base, row.satisfaction.text, row.positive.text]


def counts(row: Row) -> list[str]:
    """A row of the content as 组织汇总 and 党员汇总 show it."""
    return [*(str(figure.count) for figure in row.figures), row.printed_base, row.satisfaction.text]


def below(sheet, text):
    """The line below the first row of heads that holds a text, as far as it is written."""
    for row in sheet.iter_rows():
        if any(cell.value == text for cell in row):
            return [shown(cell) for cell in sheet[row[0].row + 1] if shown(cell)]
    raise AssertionError(text)


def test_the_workbook_of_a_poll_shows_every_figure_of_its_report(branch_poll):
    report = poll_report(branch_poll)

    made = read_book(excel.draw_report_workbook(report))

    unit, secretary, *members = report.poll.tables
    assert made.sheetnames == ["总览", "组织汇总", "党员汇总", *AFTER_THE_COUNT, *COUNT_SHEETS]
    assert lines_of(made["评议结果"], first=5) == [
        [table.unit, table.title, table.target, row.label, *figures(row)]
        for table in report.poll.tables
        for row in table.rows
    ]
    assert lines_of(made["组织汇总"], first=5) == [["第一党支部", *(text for row in unit.rows for text in counts(row))]]
    persons = lines_of(made["党员汇总"], first=5)
    assert [text for text in persons[0] if text] == [
        *("1", secretary.target, "党组织书记"),
        *(text for row in secretary.rows for text in counts(row)),
        "；".join(f"{row.label}该项无效1票" for row in secretary.rows),
    ]
    assert [line[1] for line in lines_of(made["党员汇总"], first=9)] == [table.target for table in members]


def test_the_overview_has_facts_five_numbers_rates_and_lines_to_sign(branch_poll):
    report = poll_report(branch_poll)

    sheet = read_book(excel.draw_report_workbook(report))["总览"]

    written = [[shown(cell) for cell in row if shown(cell)] for row in sheet.iter_rows()]
    assert written[0] == ["评议情况总览"]
    assert ["集中评议", "党员", "48", "48", "48", "0", "0"] in written
    assert ["合计", "48", "48", "48", "0", "0"] in written
    for row in report.poll.tables[0].rows:
        assert ["第一党支部", row.label, *figures(row)] in written
    assert written[-1][0].startswith("监票人：王五")
    assert "计票人：赵六" in written[-1][0]


def test_the_overview_counts_what_followed_as_the_report_does(branch_poll):
    """Scenarios C6 and C7: 措施完成率75.0%, 点评覆盖92.9%, 人均2.85项; 13429 of 13430 is not 100%."""
    sheet = read_book(excel.draw_report_workbook(poll_report(branch_poll, **FOLLOWED)))["总览"]

    assert below(sheet, "收到意见") == ["12", "2", "10", "12", "8"]
    assert below(sheet, "措施完成率") == ["10", "7", "1", "12", "9", "3", "75.0"]
    assert below(sheet, "点评覆盖率") == ["28", "26", "92.9", "40"]
    assert below(sheet, "人均") == ["13430", "1039", "4720", "2.85", "13429", "1", "99.9"]


def test_the_lists_hold_what_the_report_lists(branch_poll):
    made = read_book(excel.draw_report_workbook(poll_report(branch_poll, **FOLLOWED)))

    assert lines_of(made["意见清单"], first=4) == [
        ["1", *["第一党支部"] * 2, "意见建议", "工作作风", "=1+1 办事再快些", "3", "不到位", "", "没有效", "台账第1号"],
        ["合计", "", "", "", "", "", "3", "", "", "", ""],
    ]
    assert lines_of(made["整改台账"], first=4)[0] == [
        *("1", "第一党支部", "群众评议意见", "办事大厅排队时间长", "工作作风", "第一党支部", "窗口少"),
        "1. 增开窗口（李四；2026年5月1日前；2026年4月20日已落实）\n2. 网上预约（正在落实）",
        *("及时整改", "赵书记", "办公室", "李四", "2026年5月1日"),
        "2026年4月2日：已调研\n2026年4月20日：已增开",
        *("正在整改\n（逾期）", "", "已答复\n公开栏", "满意", ""),
    ]
    assert lines_of(made["点评台账"], first=4)[0] == [
        *("1", "第一党支部", "张三", "赵书记", "党委书记", "2026年11月10日", "会议点评"),
        *("优点：工作扎实\n不足：下基层少", "总体较好。", "已改进", "2026年11月18日"),
    ]
    assert lines_of(made["承诺一览"], first=4) == [
        [
            "1",
            "第一党支部",
            "本单位",
            "公开承诺",
            "修好楼前的路",
            "2026年12月31日",
            "已兑现",
            "2026年10月1日",
            "验收合格",
            "98.0",
        ]
    ]


def test_due_dates_are_dates_that_a_filter_understands(branch_poll):
    sheet = read_book(excel.draw_report_workbook(poll_report(branch_poll, **FOLLOWED)))["整改台账"]

    due = sheet.cell(4, 13)

    assert (due.is_date, due.value.date()) == (True, date(2026, 5, 1))


def test_probationary_members_stand_in_the_members_sheet_without_a_grade():
    """Scenario C16."""
    poll = make_branch_poll(member_count=2)
    report = poll_report_of_graded(poll)
    ungraded = replace(report, poll=replace(report.poll, ungraded=("预备生",)))

    lines = lines_of(read_book(excel.draw_report_workbook(ungraded))["党员汇总"], first=9)

    assert [text for text in lines[-1] if text] == [str(len(lines)), "预备生", "预备党员", "不评定等次", "参加评议"]


def poll_report_of_graded(poll):
    batch = make_batch(poll, method="entered")
    width = sum(len(section["indicators"]) for section in poll.form["sections"])
    enter_ballots(batch, {"1" * width: 9})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll_report(poll)


def test_a_campaign_adds_its_units_level_by_level(tree):
    """Scenario C20: sums of ballots, shown for each unit as the roll-up has them."""
    report = campaign_report(tree)

    made = read_book(excel.draw_report_workbook(report))

    assert made.sheetnames == ["总览", "单位一览", "组织汇总", *AFTER_THE_COUNT, *COUNT_SHEETS]
    assert lines_of(made["单位一览"], first=4) == [
        ["某公司党委", "4", "3", "75.0", "107", "107", "107", "0"],
        ["　第一总支", "3", "2", "66.7", "100", "100", "100", "0"],
        ["　　甲支部", "1", "1", "100.0", "10", "10", "10", "0"],
        ["　　乙支部", "1", "1", "100.0", "90", "90", "90", "0"],
        ["　　丙支部", "1", "0", "0.0", "0", "0", "0", "0"],
    ]
    sums = lines_of(made["组织汇总"], first=5)
    assert sums[1] == [
        *("　第一总支", "2", "55", "14", "31", "0", "100", "55.0"),
        *("55", "14", "31", "0", "100", "55.0"),
    ]
    assert [line[0] for line in sums] == ["某公司党委", "　第一总支", "　　甲支部", "　　乙支部", "　　丙支部"]
    assert lines_of(made["评议结果"], first=5) == [
        [table.unit, table.title, table.target, row.label, *figures(row)]
        for poll in report.campaign.polls
        for table in poll.tables
        for row in table.rows
    ]
    assert below(made["总览"], "评议点") == ["4", "3", "75.0", "107", "107", "107", "0"]
    (top,) = rollup_tables(report.campaign.top)
    assert [line[1:] for line in lines_of(made["总览"], first=8)] == [[row.label, *figures(row)] for row in top.rows]


def test_sums_and_rates_are_formulas_over_what_stands_below_and_beside_them(tree):
    written = read_book(excel.draw_report_workbook(campaign_report(tree)), values=False)

    sums, results = written["组织汇总"], written["评议结果"]
    rate = "=IF(OR(E5=0,E5=O5),E5/O5,MEDIAN(0.001,ROUND(E5/O5,3),0.999))"
    # The part of the company's own poll stands as a number beside its units' sum.
    assert [sums[place].value for place in ("B5", "C5", "C6", "G6", "H6")] == [
        *(
            "=B6+1",
            "=C6+5",
            "=SUM(C7:C9)",
            "=C6+D6+E6+F6",
            "=IF(OR(C6=0,C6=G6),C6/G6,MEDIAN(0.001,ROUND(C6/G6,3),0.999))",
        ),
    ]
    assert sums["C7"].value == 10
    assert [results[place].value for place in ("F5", "O5", "P5", "Q5")] == [
        *(
            rate,
            "=E5+G5+I5+K5",
            rate,
            "=IF(OR((E5+G5)=0,(E5+G5)=O5),(E5+G5)/O5,MEDIAN(0.001,ROUND((E5+G5)/O5,3),0.999))",
        ),
    ]
    assert written["单位一览"]["D4"].value == "=IF(OR(C4=0,C4=B4),C4/B4,MEDIAN(0.001,ROUND(C4/B4,3),0.999))"


def test_rates_that_were_made_to_add_up_are_values():
    poll = make_sealed_poll({"11": 39, "12": 1, "1-": 1})
    poll.campaign.sum_to_100 = "last"
    poll.campaign.save()

    line = read_book(excel.draw_poll_workbook(content_of_poll(poll), opinions=None), values=False)["评议结果"][6]

    # Of the parts none; the base is a sum and 综合满意率 is rounded by itself under every rule.
    assert [cell.column_letter for cell in line if cell.data_type == "f"] == ["O", "Q"]


def test_a_poll_that_nobody_answered_has_dashes_and_no_chart():
    """Scenario C14."""
    poll = make_branch_poll(member_count=2)
    batch = make_batch(poll, method="entered")
    close_poll(poll, issued={batch.pk: 30})
    sealing.seal(poll, by=None)

    made = read_book(excel.draw_report_workbook(poll_report(poll)))

    assert {cell.value for cell in made["评议结果"][5][15:]} == {"—"}
    assert made["总览"]._charts == []


def test_the_bars_are_those_of_the_rates_beside_their_counts(branch_poll):
    sheet = read_book(excel.draw_report_workbook(poll_report(branch_poll)))["总览"]

    (chart,) = sheet._charts

    (head,) = [cell.row for cell in sheet["A"] if cell.value == "评议对象"]
    rows = f"${head + 2}:${{0}}${head + 5}"
    assert (chart.barDir, chart.grouping) == ("bar", "percentStacked")
    assert [series.val.numRef.f for series in chart.series] == [
        f"总览!${column}" + rows.format(column) for column in ("D", "F", "H", "J")
    ]
    assert [series.tx.v for series in chart.series] == ["满意", "基本满意", "不满意", "弃权"]


def test_every_sheet_prints_on_a4_lying_down_with_its_heads_and_page_numbers(tree):
    made = read_book(excel.draw_report_workbook(campaign_report(tree, **FOLLOWED)))

    for sheet in made:
        page = sheet.page_setup
        assert (page.paperSize, page.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
            9,
            "landscape",
            True,
        )
        assert sheet.oddFooter.center.text == "第&P页，共&N页"
        assert sheet.print_area
    lists = [sheet for sheet in made if sheet.title not in ("总览", "分类分渠道")]
    assert {sheet.title: (sheet.freeze_panes, sheet.print_title_rows) for sheet in lists} == {
        "单位一览": ("B4", "$3:$3"),
        "组织汇总": ("C5", "$3:$4"),
        "意见清单": ("C4", "$3:$3"),
        "整改台账": ("E4", "$3:$3"),
        "点评台账": ("D4", "$3:$3"),
        "承诺一览": ("D4", "$3:$3"),
        "评议结果": ("E5", "$3:$4"),
    }
    assert {sheet.title: sheet.auto_filter.ref for sheet in lists if sheet.auto_filter.ref} == {
        "单位一览": "A3:H8",
        "意见清单": "A3:K4",
        "整改台账": "A3:S4",
        "点评台账": "A3:K4",
        "承诺一览": "A3:J4",
        "评议结果": "A4:Q10",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_text_of_a_user_becomes_a_formula(branch_poll, start):
    text = f"{start}1+1 办事再快些"
    opinions = OpinionsContent(OpinionFigures(received=1, read=1, matters=1), (replace(OPINION, text=text),))
    report = poll_report(branch_poll, **FOLLOWED | {"opinions": opinions})

    cell = read_book(excel.draw_report_workbook(report), values=False)["意见清单"]["F4"]

    # The prefix keeps it text when somebody edits the cell.
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_text_that_no_cell_can_hold_is_cut_with_a_word_and_odd_characters_go(branch_poll):
    long = replace(OPINION, text="长" * 40_000)
    odd = replace(OPINION, text="响铃\x07、非字符\uffff、半个\ud83d都去掉，😀留下")
    opinions = OpinionsContent(OpinionFigures(received=2, read=2, matters=2), (long, odd))

    sheet = read_book(excel.draw_report_workbook(poll_report(branch_poll, opinions=opinions)))["意见清单"]

    assert len(sheet["F4"].value) == cells.MAX_CELL
    assert sheet["F4"].value.endswith(cells.CUT)
    assert sheet["F5"].value == "响铃、非字符、半个都去掉，😀留下"


def test_ledger_and_comments_have_workbooks_of_their_own():
    ledger = read_book(excel.draw_ledger_workbook(FOLLOWED["ledger"], "某局党委"))
    comments = read_book(excel.draw_comments_workbook(FOLLOWED["comments"], "某局党委"))

    assert (ledger.sheetnames, ledger["整改台账"]["A2"].value) == (["整改台账"], "某局党委")
    assert "整改措施12条，已落实9条，正在落实3条，完成率75.0%。" in ledger["整改台账"]["A5"].value
    assert comments["点评台账"]["A5"].value == FOLLOWED["comments"].figures.sentence


@pytest.mark.slow
def test_libreoffice_computes_every_rate_and_sum_as_it_was_stored(tree, tmp_path):
    """Scenarios C18 and C20: half-up, and sums of ballots; opened without our values, it comes to the same."""
    unknown = make_sealed_poll(
        {"11": 30, "22": 15, "33": 3, "44": 10}, unknown=True, organizer=make_organization("窗口")
    )
    bodies = [
        excel.draw_report_workbook(campaign_report(tree, **FOLLOWED)),
        excel.draw_report_workbook(poll_report(unknown, **FOLLOWED)),
    ]

    computed = [load_workbook(io.BytesIO(body), data_only=True) for body in recalculated(tmp_path, bodies)]

    stored = [formulas_of(body) for body in bodies]
    assert [len(values) > 30 for values in stored] == [True, True]
    assert [
        {place: round(made[place[0]][place[1]].value, 9) for place in values}
        for made, values in zip(computed, stored, strict=True)
    ] == stored
    assert 0.313 in stored[1].values()


@pytest.mark.parametrize(
    ("who", "sheets"),
    [("secretary", AFTER_THE_COUNT), ("officer", AFTER_THE_COUNT), ("teller", [])],
)
@pytest.mark.parametrize("name", ["report_workbook", "campaign_report_workbook"])
def test_a_reader_gets_the_sheets_that_are_theirs_to_read(client, name, who, sheets):
    poll = make_sealed_poll()
    make_opinion(poll, "食堂再便宜些")
    make_problem(poll.organization, campaign=poll.campaign, content="食堂贵")
    client.force_login(getattr(make_cast(poll.organization), who))
    key = poll.pk if name == "report_workbook" else poll.campaign_id

    response = client.get(reverse(f"reports:{name}", args=[key]))

    made = read_book(response.content)
    assert [name_of_sheet for name_of_sheet in made.sheetnames if name_of_sheet in AFTER_THE_COUNT] == sheets
    words = " ".join(str(cell.value) for sheet in made for row in sheet.iter_rows() for cell in row)
    assert ("食堂再便宜些" in words, "食堂贵" in words, "措施完成率" in words) == (bool(sheets),) * 3


def test_the_ledger_is_downloaded_as_the_list_is_filtered(client):
    root = make_organization()
    mine, other = (make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部"))
    make_problem(mine, content="排队时间长")
    make_problem(other, content="路灯不亮")
    client.force_login(make_user("jia", kind="secretary", organization=mine))

    everything = client.get(reverse("reports:ledger_workbook"))
    foreign = client.get(reverse("reports:ledger_workbook"), {"unit": other.pk})
    none = client.get(reverse("reports:ledger_workbook"), {"state": "closed"})

    lines = lines_of(read_book(everything.content)["整改台账"], first=4)
    assert [line[3] for line in lines if line[3]] == ["排队时间长"]
    assert foreign.status_code == 404
    assert read_book(none.content)["整改台账"]["A4"].value == "没有登记问题。"


def test_a_report_asks_the_database_as_often_for_one_unit_as_for_four(client):
    asked = []
    for size in (1, 4):
        root = make_organization(f"{size}局党委")
        units = [make_organization(f"{place}支部", parent=root, kind="branch") for place in range(size)]
        campaign = make_campaign(root)
        actions.make_polls(campaign, units)
        open_campaign(campaign, by=None)
        for poll in campaign.polls.all():
            enter_ballots(make_batch(poll, method="entered"), {"11": 6})
            close_poll(poll)
            sealing.seal(poll, by=None)
            make_opinion(poll)
            make_problem(poll.organization, campaign=campaign, measures=(None,))
            make_member(poll.organization)
        client.force_login(make_user(f"officer{size}", kind="officer", organization=root))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("reports:campaign_report_workbook", args=[campaign.pk]))
        asked.append(len(queries))

    assert asked[0] == asked[1]
