"""The workbook of a report shows the report's figures, computes them anew, prints, and holds only what its reader may see."""

from dataclasses import replace

import pytest

from ballots.counting import sealing
from reports.files import excel
from reports.files.excel import cells
from reports.opinions import OpinionFigures, OpinionsContent
from reports.report import content_of_poll
from tests.factories import (
    close_poll,
    make_batch,
    make_branch_poll,
    make_sealed_poll,
)
from tests.reports.files.excel.reports import AFTER_THE_COUNT, COUNT_SHEETS, OPINION, counts, figures, poll_report
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db


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


def test_text_that_no_cell_can_hold_is_cut_with_a_word_and_odd_characters_go(branch_poll):
    long = replace(OPINION, text="长" * 40_000)
    odd = replace(OPINION, text="响铃\x07、非字符\uffff、半个\ud83d都去掉，😀留下")
    opinions = OpinionsContent(OpinionFigures(received=2, read=2, matters=2), (long, odd))

    sheet = read_book(excel.draw_report_workbook(poll_report(branch_poll, opinions=opinions)))["意见清单"]

    assert len(sheet["H4"].value) == cells.MAX_CELL
    assert sheet["H4"].value.endswith(cells.CUT)
    assert sheet["H5"].value == "响铃、非字符、半个都去掉，😀留下"
