"""`tally` and `export_report` from the command line."""

import io
import json
import re

import pypdfium2
import pytest
from django.core.management import call_command
from docx import Document
from openpyxl import load_workbook

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from reports.announcements.actions import publish_announcement
from reports.files.catalogue import FORMATS, KINDS
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    close_poll,
    enter_ballots,
    make_announcement,
    make_batch,
    make_campaign,
    make_open_poll,
    make_organization,
    make_problem,
    make_sealed_poll,
    make_unit_announcement,
)

pytestmark = pytest.mark.django_db
TITLE = "2026年度群众评议"
C1 = {"11": 39, "12": 1, "1-": 1}


def run(*arguments):
    """(exit status, standard output, standard error)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def export(path, *, kind="summary", format="pdf", **options):
    more = [part for name, value in options.items() for part in (f"--{name}", value)]
    return run("export_report", "--campaign", TITLE, "--kind", kind, "--format", format, "--output", str(path), *more)


def test_tally_prints_the_format_as_json_and_as_csv():
    make_sealed_poll({"11": 41})

    code, out, _ = run("tally", "--campaign", TITLE)
    _, table, _ = run("tally", "--campaign", TITLE, "--format", "csv")

    assert code == 0
    assert json.loads(out)["format"] == "pingyi-tally/1"
    assert table.startswith("unit,path,level,target,indicator,overall,category,channel,issued,returned,void,valid,")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--campaign", "没有的活动"], "没有名为“没有的活动”的评议活动。"),
        (["--campaign", TITLE, "--unit", "没有的单位"], "没有名为“没有的单位”的单位。"),
    ],
)
def test_an_unknown_name_is_one_line_on_standard_error(arguments, words):
    make_sealed_poll()

    code, out, err = run("tally", *arguments)

    assert (code, out) == (1, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1


def test_a_title_of_two_organizers_wants_the_organizer():
    make_sealed_poll({"11": 41})
    make_campaign(make_organization("乙党委"))

    code, _, err = run("tally", "--campaign", TITLE)
    chosen, out, _ = run("tally", "--campaign", f"某局党委/{TITLE}")

    assert code == 1
    assert f"“某局党委/{TITLE}”、“乙党委/{TITLE}”" in err
    by_unit, _, _ = run("tally", "--campaign", TITLE, "--unit", "乙党委")
    assert (chosen, by_unit) == (0, 0)
    assert json.loads(out)["rows"][0]["issued"] == 41


OF_A_POLL = {
    ("summary", "pdf"),
    ("summary", "docx"),
    ("summary", "xlsx"),
    ("count-sheet", "pdf"),
    ("results", "pdf"),
    ("results", "xlsx"),
    ("announcement", "pdf"),
    ("ledger", "pdf"),
    ("ledger", "xlsx"),
    ("comments", "pdf"),
    ("comments", "xlsx"),
}
OF_A_UNIT = OF_A_POLL - {("count-sheet", "pdf"), ("results", "pdf")}
ALL = {(kind, format) for kind in KINDS for format in FORMATS}


@pytest.mark.parametrize(("kind", "format"), sorted(OF_A_POLL))
def test_each_report_is_written(tmp_path, kind, format):
    poll = make_sealed_poll()
    make_announcement(poll)
    path = tmp_path / "out"

    code, _, err = export(path, kind=kind, format=format, unit="某局党委")

    assert (code, err) == (0, "")
    assert path.read_bytes().startswith(b"%PDF" if format == "pdf" else b"PK")
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("kind", "format"), sorted(OF_A_UNIT))
def test_each_report_is_written_above_the_polls(tmp_path, kind, format):
    campaign = make_poll_below().campaign
    make_unit_announcement(campaign, campaign.organizer)

    code, _, err = export(tmp_path / "out", kind=kind, format=format, unit="某局党委")

    assert (code, err) == (0, "")


@pytest.mark.parametrize(("kind", "format"), sorted(ALL - OF_A_POLL))
def test_a_report_that_does_not_exist_names_those_that_do(tmp_path, kind, format):
    make_sealed_poll()

    code, _, err = export(tmp_path / "out", kind=kind, format=format)

    assert code == 1
    assert f"不能导出 {kind} {format}；可以导出：summary pdf、summary docx、summary xlsx、count-sheet pdf" in err
    assert list(tmp_path.iterdir()) == []


def make_poll_below():
    """A sealed poll of a branch in a campaign of the committee above."""
    committee = make_organization()
    branch = make_organization("第一党支部", kind="branch", parent=committee)
    campaign = make_campaign(committee)
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), C1)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def texts_of_pdf(path):
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path.read_bytes()))
    return re.sub(r"\s", "", text)


def lines_of_workbook(path):
    """Each line of the results' sheet: the indicator, its counts and rates as printed, base and 满意率."""
    book = load_workbook(path, data_only=True)
    (head,) = [row for row in book["评议结果"].iter_rows(values_only=True) if "评议内容" in row]
    place = head.index("评议内容")
    lines = {}
    for row in book["评议结果"].iter_rows(values_only=True):
        if row[place] in ("兑现公开承诺情况", "总体评价"):
            figures = row[place + 1 : place + 9]
            lines[row[place]] = [
                str(figure) if isinstance(figure, int) and place % 2 == 0 else f"{figure * 100:.1f}"
                for place, figure in enumerate(figures)
            ]
    return lines


def test_c1_pdf_word_and_workbook_of_one_report_carry_the_same_figures(tmp_path):
    make_sealed_poll(C1)
    for format in FORMATS:
        assert export(tmp_path / f"out.{format}", format=format)[0] == 0

    (table,) = Document(str(tmp_path / "out.docx")).tables
    word = {row.cells[0].text: [cell.text for cell in row.cells[1:9]] for row in table.rows[2:]}

    assert word["总体评价"] == ["39", "95.1", "1", "2.4", "0", "0.0", "1", "2.4"]
    assert lines_of_workbook(tmp_path / "out.xlsx") == word
    printed = texts_of_pdf(tmp_path / "out.pdf")
    assert [label for label, figures in word.items() if label + "".join(figures) not in printed] == []


def test_a_summary_with_gaps_is_a_draft_or_nothing(tmp_path):
    poll = make_sealed_poll()
    save_summary(Scope.of_poll(poll), {"use": "【待填】"}, by=None)

    refused = [export(tmp_path / "out", format=format) for format in ("pdf", "docx")]
    drawn, _, _ = run(
        "export_report",
        "--campaign",
        TITLE,
        "--kind",
        "summary",
        "--format",
        "docx",
        "--output",
        str(tmp_path / "out"),
        "--draft",
    )

    assert [
        (code, "小结还有【待填】：结果通报与运用。补齐后再导出，或加 --draft 导出草稿。" in err)
        for code, _, err in refused
    ] == [(1, True)] * 2
    assert drawn == 0


def test_the_ledger_needs_no_sealed_poll_and_results_do(tmp_path):
    poll = make_open_poll()
    make_problem(poll.organization, campaign=poll.campaign)

    code, _, _ = export(tmp_path / "out", kind="ledger")

    assert code == 0
    assert "办事大厅排队时间长" in texts_of_pdf(tmp_path / "out")


def test_an_announcement_is_the_last_published_one_or_a_draft_that_says_so(tmp_path):
    poll = make_sealed_poll()
    assert "还没有公示" in export(tmp_path / "out", kind="announcement")[2]
    draft = make_announcement(poll, title="关于评议结果的公示")

    export(tmp_path / "draft", kind="announcement")
    publish_announcement(draft, by=None, today=draft.starts_on)
    make_announcement(poll, title="另一份")
    export(tmp_path / "published", kind="announcement")

    assert "草稿" in texts_of_pdf(tmp_path / "draft")
    assert "草稿" not in texts_of_pdf(tmp_path / "published")
    assert "关于评议结果的公示" in texts_of_pdf(tmp_path / "published")


def test_nothing_is_written_before_the_seal(tmp_path):
    make_open_poll()

    code, _, err = export(tmp_path / "out")

    assert code == 1
    assert "封存以后才有结果" in err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_told_in_one_line(tmp_path):
    make_sealed_poll()

    code, _, err = export(tmp_path / "nowhere" / "out.pdf")

    assert code == 1
    assert "不能写入" in err
