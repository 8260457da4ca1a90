"""Totals of many units out of one table: what comes in, what is asked, and what is refused with its figures."""

import pytest
from openpyxl import Workbook

from ballots.ballot_import import (
    AlreadyImported,
    InvalidTable,
    Meanings,
    Plan,
    ShortOfValid,
    Undecided,
    Unreadable,
    asking_about,
    check_table,
    read_source,
    read_table,
    translated,
    write_plan,
)
from ballots.counting import sealing
from ballots.models import Ballot, Batch, TallyRow, VoidSheets
from tests.ballots.ballot_import.surveys import make_units
from tests.ballots.ballot_import.tables import as_csv
from tests.ballots.ballot_import.test_command import on_disk, run
from tests.factories import close_poll
from tests.workbooks import saved

pytestmark = pytest.mark.django_db

HEADING = ["单位", "渠道", "类别", "发出", "收回", "满意", "基本满意", "不满意", "弃权"]
ROWS = [
    ["一支部", "集中评议", "党员", 41, 41, 39, 1, 0, 1],
    ["二支部", "集中评议", "党员", 20, 19, 18, 1, 0, 0],
]
DEEDS, OVERALL = "基层党组织评议表｜兑现公开承诺情况", "基层党组织评议表｜总体评价"


@pytest.fixture
def campaign():
    """Two units that are asked for a single indicator."""
    return make_units(indicators=("总体评价",))


@pytest.fixture
def campaign_of_two():
    return make_units()


def plan_of(campaign, file, meanings=None) -> Plan:
    table = read_source(file)
    return asking_about(campaign, table).check(translated(table, meanings or Meanings()))


def imported(campaign, file, meanings=None, **options):
    return write_plan(campaign, plan_of(campaign, file, meanings), by=None, **options)


def problems(campaign, *rows, heading=HEADING) -> list[str]:
    with pytest.raises(InvalidTable) as caught:
        plan_of(campaign, as_csv(*rows, heading=heading))
    return [str(problem) for problem in caught.value.problems]


def sealed_counts(campaign) -> dict[tuple, tuple]:
    """Unit and indicator → 满意, 基本满意, 不满意, 弃权, valid; after closing and sealing."""
    for poll in campaign.polls.all():
        facts = {batch.pk: batch.issued_count for batch in poll.batches.all()}
        void = {batch.pk: batch.void_count for batch in poll.batches.all()}
        close_poll(poll, issued=facts, void=void)
        sealing.seal(poll, by=None)
    rows = TallyRow.objects.filter(poll__campaign=campaign).select_related("poll__organization", "indicator")
    return {
        (row.poll.organization.name, row.indicator.text): (
            row.grade_1_count,
            row.grade_2_count,
            row.grade_3_count,
            row.abstained_count,
            row.valid_count,
        )
        for row in rows
    }


def test_totals_become_aggregated_batches_that_count_as_published(campaign):
    told = imported(campaign, as_csv(*ROWS, heading=HEADING))

    assert str(told) == "已导入评议票60张：2个单位，2个票批。"
    batches = Batch.objects.order_by("poll__path")
    fields = ("is_aggregated", "issued_count", "returned_count", "void_count", "agreement")
    assert list(batches.values_list(*fields)) == [(True, 41, 41, 0, "file"), (True, 20, 19, 0, "file")]
    assert sealed_counts(campaign) == {
        ("一支部", "总体评价"): (39, 1, 0, 1, 41),
        ("二支部", "总体评价"): (18, 1, 0, 0, 19),
    }


def test_a_row_that_sums_to_far_less_is_refused_with_its_figures_and_not_filled_up(campaign):
    heading = HEADING[:-1]

    assert problems(campaign, ["一支部", "集中", "党员", 222, 222, 100, 20, 2], heading=heading) == [
        "第2行：“一支部”的“总体评价”各档合计122，有效票222，相差100；请查明后改正，不能用弃权补足。"
    ]


@pytest.mark.parametrize("counts", [(39, 1, 0, 0), (40, 1, 0, 1)])
def test_a_row_with_abstentions_must_sum_to_the_valid_ballots(campaign, counts):
    (told,) = problems(campaign, ["一支部", "集中", "党员", 41, 41, *counts])

    assert f"各档合计{sum(counts)}，有效票41，相差1" in told


def test_a_small_difference_is_abstentions_only_when_somebody_says_so(campaign):
    heading = HEADING[:-1]
    file = as_csv(["一支部", "集中", "党员", 41, 41, 39, 1, 0], heading=heading)
    plan = plan_of(campaign, file)

    assert plan.shortfalls == ["第2行“一支部”的“总体评价”各档合计40，有效票41，差1张。"]
    with pytest.raises(ShortOfValid):
        write_plan(campaign, plan, by=None)
    assert not Batch.objects.exists()
    write_plan(campaign, plan, by=None, is_rest_abstained=True)
    campaign.polls.get(organization__name="二支部").delete()
    assert sealed_counts(campaign) == {("一支部", "总体评价"): (39, 1, 0, 1, 41)}


def test_void_sheets_come_from_the_valid_ones(campaign):
    heading = ["单位", "渠道", "类别", "发出", "收回", "有效", "满意", "基本满意", "不满意"]

    imported(campaign, as_csv(["一支部", "集中", "党员", 42, 41, 40, 39, 1, 0], heading=heading))

    assert Batch.objects.values_list("issued_count", "returned_count", "void_count").get() == (42, 41, 1)
    assert VoidSheets.objects.get().count == 1
    assert Ballot.objects.count() == 40


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((40, 41, 41), "发出40、收回41、有效41、无效0不能同时成立"),
        ((41, 40, 41), "发出41、收回40、有效41、无效-1不能同时成立"),
        (("", "", ""), "收回和有效都没有填写"),
        (("四十", 41, 41), "应是张数，0或者正整数"),
    ],
)
def test_numbers_that_cannot_be_are_refused_by_row(campaign, numbers, told):
    heading = ["单位", "渠道", "类别", "发出", "收回", "有效", "满意", "基本满意", "不满意"]

    (problem,) = problems(campaign, ["一支部", "集中", "党员", *numbers, 40, 1, 0], heading=heading)

    assert problem.startswith("第2行")
    assert told in problem


def test_a_row_of_sums_is_left_out_and_said_so(campaign):
    plan = plan_of(campaign, as_csv(*ROWS, ["合计", "", "", 61, 60, 57, 2, 0, 1], heading=HEADING))

    assert (plan.unit_count, plan.row_count) == (2, 60)
    assert "第4行是合计，没有导入。" in plan.notices


def test_the_same_totals_are_known_again_however_they_are_dealt_out(campaign):
    imported(campaign, as_csv(*ROWS, heading=HEADING))

    with pytest.raises(AlreadyImported):
        imported(campaign, as_csv(*reversed(ROWS), heading=HEADING))
    with pytest.raises(Undecided):
        imported(campaign, as_csv(["一支部", "集中", "党员", 41, 41, 40, 1, 0, 0], heading=HEADING))


def wide() -> Workbook:
    """A title, groups of indicators above their grades, cells merged as offices merge them."""
    book = Workbook()
    for row in (
        ["某局党支部评议结果汇总表"],
        ["党支部", "发出", "收回", "兑现公开承诺情况", None, None, "总体评价", None, None],
        [None, None, None, *["满意", "基本满意", "不满意"] * 2],
        ["一支部", 41, 41, 40, 1, 0, 39, 2, 0],
        ["二支部", 20, 19, 19, 0, 0, 18, 1, 0],
    ):
        book.active.append(row)
    for area in ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:I2"):
        book.active.merge_cells(area)
    return book


def test_a_wide_table_has_a_group_of_columns_for_each_indicator(campaign_of_two):
    file = saved(wide(), "汇总表.xlsx")
    asking = asking_about(campaign_of_two, read_source(file))
    proposal = asking.proposal(Meanings())

    assert proposal.columns["总体评价｜满意"] == f"{OVERALL}｜满意"
    left = asking.unanswered(proposal)
    assert (left.columns, left.constants, left.words) == ([], ["渠道", "类别"], {})
    proposal.constants = {"渠道": "集中评议", "类别": "党员"}
    imported(campaign_of_two, file, proposal)
    assert sealed_counts(campaign_of_two) == {
        ("一支部", "兑现公开承诺情况"): (40, 1, 0, 0, 41),
        ("一支部", "总体评价"): (39, 2, 0, 0, 41),
        ("二支部", "兑现公开承诺情况"): (19, 0, 0, 0, 19),
        ("二支部", "总体评价"): (18, 1, 0, 0, 19),
    }


def test_errors_of_a_wide_table_name_the_row_as_a_spreadsheet_counts_it(campaign_of_two):
    book = wide()
    book.active["G5"] = 8
    table = read_source(saved(book))
    asking = asking_about(campaign_of_two, table)
    meanings = asking.proposal(Meanings(constants={"渠道": "集中评议", "类别": "党员"}))

    with pytest.raises(InvalidTable) as caught:
        asking.check(translated(table, meanings))

    assert [str(problem) for problem in caught.value.problems] == [
        "第5行：“二支部”的“总体评价”各档合计9，有效票19，相差10；请查明后改正，不能用弃权补足。"
    ]


def test_a_table_of_one_indicator_asks_which_and_what_becomes_of_the_other(campaign_of_two):
    asking = asking_about(campaign_of_two, read_source(as_csv(*ROWS, heading=HEADING)))

    assert asking.unanswered(Meanings()).constants == ["评议内容", "其余评议内容"]
    answers = {"评议内容": OVERALL, "其余评议内容": "按空白计"}
    plan = plan_of(campaign_of_two, as_csv(*ROWS, heading=HEADING), Meanings(constants=answers))
    assert any("“一支部：一支部｜兑现公开承诺情况”" in notice and "三分之一" in notice for notice in plan.notices)
    write_plan(campaign_of_two, plan, by=None)
    assert sealed_counts(campaign_of_two)["一支部", "兑现公开承诺情况"] == (0, 0, 0, 41, 41)


def test_a_ballot_that_is_not_whole_is_refused_where_nobody_called_the_rest_blank(campaign_of_two):
    answers = {"评议内容": OVERALL, "其余评议内容": "不能缺"}

    with pytest.raises(InvalidTable) as caught:
        plan_of(campaign_of_two, as_csv(ROWS[0], heading=HEADING), Meanings(constants=answers))

    assert [str(problem) for problem in caught.value.problems] == [
        "第2行：“一支部”的票上还有“一支部｜兑现公开承诺情况”，表里没有它的数。"
    ]


def test_a_long_table_has_a_row_for_each_indicator(campaign_of_two):
    heading = [*HEADING[:3], "评议内容", *HEADING[3:]]
    rows = [[*ROWS[0][:3], "总体评价", *ROWS[0][3:]], [*ROWS[0][:3], "兑现公开承诺情况", 41, 41, 41, 0, 0, 0]]

    imported(campaign_of_two, as_csv(*rows, heading=heading))

    campaign_of_two.polls.get(organization__name="二支部").delete()
    assert sealed_counts(campaign_of_two) == {
        ("一支部", "总体评价"): (39, 1, 0, 1, 41),
        ("一支部", "兑现公开承诺情况"): (41, 0, 0, 0, 41),
    }


def test_offices_words_for_the_numbers_are_guessed_and_rates_left_out(campaign):
    heading = ["党支部", "发放票数", "回收票数", "满意（票）", "基本满意票数", "不满意", "满意率（%）", "合计"]
    file = as_csv(["一支部", "41张", 41, 39, 2, 0, "95.1%", 41], heading=heading)

    proposal = asking_about(campaign, read_source(file)).proposal(Meanings())

    assert proposal.columns == dict(
        zip(heading, ["单位", "发出", "收回", "满意", "基本满意", "不满意", "", ""], strict=True)
    )


def test_ballots_of_which_a_cell_is_blank_by_more_than_a_third_are_wondered_at(campaign):
    heading = ["单位", "渠道", "类别", OVERALL]
    rows = [["一支部", "集中", "党员", mark] for mark in ("满意", "满意", "满意", "", "")]

    plan = check_table(campaign, read_table(as_csv(*rows, heading=heading)))
    fewer = check_table(campaign, read_table(as_csv(*rows[:4], heading=heading)))

    assert plan.notices == [
        "“一支部：一支部｜总体评价”，空白超过三分之一，按弃权或者无效计。从汇总表得来、没有填满的，请改为导入汇总表。"
    ]
    assert fewer.notices == []


def test_the_command_imports_totals_and_asks_about_what_is_short(campaign, tmp_path, capsys):
    file = on_disk(tmp_path, as_csv(["一支部", "集中", "党员", 41, 41, 39, 1, 0], heading=HEADING[:-1]))

    refused = run(capsys, "--campaign", campaign.title, file)
    accepted = run(capsys, "--campaign", campaign.title, file, "--rest", "abstained")

    assert refused[0] == 1
    assert refused[2][0] == "第2行“一支部”的“总体评价”各档合计40，有效票41，差1张。"
    assert accepted[:2] == (0, ["已导入评议票41张：1个单位，1个票批。"])


def sheets(**tables):
    """A workbook with a sheet for each indicator."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        for row in (["测评结果汇总表"], HEADING, *rows):
            (book[title] if title in book.sheetnames else book.create_sheet(title)).append(row)
    return book


def test_a_workbook_with_a_sheet_for_each_indicator_is_read_as_one_table(campaign_of_two):
    other = [[*ROWS[0][:5], 38, 2, 0, 1], [*ROWS[1][:5], 19, 0, 0, 0]]
    book = sheets(兑现公开承诺情况=ROWS, 总体评价=other)
    book.create_sheet("填写说明").append(["每格一个数"])

    table = read_source(saved(book, "汇总.xlsx"))
    write_plan(campaign_of_two, asking_about(campaign_of_two, table).check(translated(table, Meanings())), by=None)

    assert table.notices == [
        "工作表“兑现公开承诺情况”、“总体评价”表头相同，合起来读取，表名作为评议内容。",
        "没有读取工作表“填写说明”。",
    ]
    assert sealed_counts(campaign_of_two) == {
        ("一支部", "兑现公开承诺情况"): (39, 1, 0, 1, 41),
        ("一支部", "总体评价"): (38, 2, 0, 1, 41),
        ("二支部", "兑现公开承诺情况"): (18, 1, 0, 0, 19),
        ("二支部", "总体评价"): (19, 0, 0, 0, 19),
    }


def test_an_error_in_one_of_several_sheets_names_the_sheet(campaign_of_two):
    wrong = [[*ROWS[0][:5], 30, 2, 0, 1], [*ROWS[1][:5], "十九", 0, 0, 0]]
    book = sheets(兑现公开承诺情况=ROWS, 总体评价=wrong)

    with pytest.raises(InvalidTable) as caught:
        plan_of(campaign_of_two, saved(book, "汇总.xlsx"))

    told = [str(problem) for problem in caught.value.problems]
    assert told[0].startswith("“总体评价”表第3行：“一支部”的“总体评价”各档合计33，有效票41，相差8")
    assert told[1] == "“总体评价”表第4行F列“十九”：应是张数，0或者正整数。"


def test_sheets_with_hidden_rows_are_not_read_together(campaign_of_two):
    book = sheets(兑现公开承诺情况=ROWS, 总体评价=ROWS)
    book["总体评价"].row_dimensions[4].hidden = True

    with pytest.raises(Unreadable, match="工作表“总体评价”有隐藏的行或列"):
        read_source(saved(book, "汇总.xlsx"))


def test_a_hidden_sheet_with_the_same_headings_is_not_read_and_named(campaign_of_two):
    book = sheets(兑现公开承诺情况=ROWS, 总体评价=ROWS, 旧的=ROWS)
    book["旧的"].sheet_state = "hidden"

    table = read_source(saved(book, "汇总.xlsx"))

    assert table.notices[-1] == "没有读取工作表“旧的”。"
    assert {row.sheet for row in table.rows[1:]} == {"兑现公开承诺情况", "总体评价"}


def test_titles_of_sheets_that_are_no_indicators_are_asked_about(campaign_of_two):
    book = sheets(表一=ROWS, 表二=ROWS)
    table = read_source(saved(book, "汇总.xlsx"))
    asking = asking_about(campaign_of_two, table)

    assert asking.unanswered(Meanings())
    meant = Meanings(words={"评议内容": {"表一": DEEDS, "表二": OVERALL}})
    plan = asking.check(translated(table, meant))

    assert [group.totals[0] for group in plan.groups] == [[39, 1, 0, 1, 0], [18, 1, 0, 0, 0]]


def test_an_explanation_with_merged_and_hidden_cells_does_not_stand_in_the_way(campaign_of_two):
    book = sheets(兑现公开承诺情况=ROWS, 总体评价=ROWS)
    notes = book.create_sheet("填写说明")
    notes.append(["每格一个数", "不要合并"])
    notes.append(["不了解的，", "请打电话"])
    notes.merge_cells("A2:B2")
    notes.row_dimensions[1].hidden = True
    # Empty columns beyond the table, as offices hide them.
    book["总体评价"].column_dimensions["Z"].hidden = True

    table = read_source(saved(book, "汇总.xlsx"))

    assert table.notices[-1] == "没有读取工作表“填写说明”。"
    assert {row.sheet for row in table.rows[1:]} == {"兑现公开承诺情况", "总体评价"}


def test_merged_cells_in_one_of_several_tables_are_refused(campaign_of_two):
    book = sheets(兑现公开承诺情况=ROWS, 总体评价=ROWS)
    book["总体评价"].merge_cells("A3:A4")

    with pytest.raises(Unreadable, match="有合并的单元格"):
        read_source(saved(book, "汇总.xlsx"))
