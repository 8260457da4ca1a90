"""A matrix of members × indicators, and line by line of members × grades, with the figures of the ballots."""

import io
import random
import re
from collections import Counter
from dataclasses import replace

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from ballots.counting import tally
from campaigns.models import Category
from reports.files import excel, pdf
from reports.files.word import draw_summary_docx
from reports.report import content_of_poll, summary_of
from reports.scope import Scope
from reports.tables import tally_format
from reports.tables.blocks import blocks_among
from tests.factories import make_sealed_poll, make_user
from tests.reports.files.test_pdf import text_of
from tests.reports.tables.members import INDICATORS, LABELS, NAMES, make_members_poll

pytestmark = pytest.mark.django_db

CELLS = [(name, indicator) for name in NAMES for indicator in INDICATORS]


def random_ballots(seed):
    """Marks → how many; every mark that paper may bear."""
    chance = random.Random(seed)
    marks = ["".join(chance.choices("12345-x", weights=(9, 4, 2, 2, 2, 1, 1), k=len(CELLS))) for _ in range(40)]
    return Counter(marks)


def marks_of(ballots, place):
    """How often each mark stands at a place of the ballots, counted here one by one."""
    counts = Counter()
    for marks, count in ballots.items():
        counts[marks[place]] += count
    return counts


def matrix_of(poll):
    (block,) = content_of_poll(poll).blocks
    return block


def plain(page):
    return re.sub(r"\s", "", re.sub(r"<[^>]*>", "", page))


@pytest.mark.parametrize("seed", range(3))
def test_every_cell_of_the_matrix_is_what_the_ballots_and_the_tally_say(seed):
    meeting, paper = random_ballots(seed), random_ballots(seed + 100)
    poll = make_members_poll(meeting, paper)
    both = meeting + paper

    block = matrix_of(poll)

    assert [table.target for table in block.tables] == list(NAMES)
    assert [line.first.rows[0].label for line in block.by_line] == list(INDICATORS)
    of_tally = {
        (row["target"], row["indicator"]): row
        for row in tally_format.build(poll.campaign).rows
        if row["category"] is None and row["channel"] is None
    }
    for place, (name, indicator) in enumerate(CELLS):
        counted = marks_of(both, place)
        told, table = of_tally[name, indicator], block.tables[NAMES.index(name)]
        row = table.rows[INDICATORS.index(indicator)]
        base = counted["1"] + counted["2"] + counted["3"] + counted["-"]
        assert row.quotient == f"{counted['1']}/{base}" == f"{told['counts']['满意']}/{told['base']}"
        assert row.satisfaction.digits == told["satisfaction"] == tally.rate_of(counted["1"], base).digits
        in_base = [counted["1"], counted["2"], counted["3"], counted["-"]]
        assert [figure.count for figure in row.figures] == in_base == [*told["counts"].values(), told["abstained"]]
        assert row.outside == (("不了解", counted["4"]), ("没有接触", counted["5"]))
        assert (told["unknown"], row.spoiled) == (counted["4"] + counted["5"], counted["x"])
        # The matrix of one line shows the same row.
        assert block.by_line[INDICATORS.index(indicator)].tables[NAMES.index(name)].rows == (row,)


def test_each_channel_has_its_own_answers_outside_the_base():
    meeting, paper = random_ballots(7), random_ballots(8)

    block = matrix_of(make_members_poll(meeting, paper))

    ((_, rows),) = block.by_line[0].first.splits
    assert [(row.label, row.outside) for row in rows] == [
        ("集中评议", (("不了解", marks_of(meeting, 0)["4"]), ("没有接触", marks_of(meeting, 0)["5"]))),
        ("书面评议", (("不了解", marks_of(paper, 0)["4"]), ("没有接触", marks_of(paper, 0)["5"]))),
    ]


def test_page_pdf_count_sheet_word_and_workbook_show_one_matrix_with_the_same_cells(client):
    poll = make_members_poll(random_ballots(1))
    client.force_login(make_user("secretary", kind="secretary", organization=poll.organization))
    content, block = content_of_poll(poll), matrix_of(poll)

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    sheets = [text_of(pdf.results_sheet(content)), text_of(pdf.draw_count_sheet(content))]
    summary = summary_of(Scope.of_poll(poll))
    book = load_workbook(io.BytesIO(excel.draw_poll_workbook(content, opinions=None)), data_only=True)
    paper = Document(io.BytesIO(draw_summary_docx(summary)))

    lines = [
        [table.target, *(f"{row.satisfaction.percent_text}{row.quotient}" for row in table.rows)]
        for table in block.tables
    ]
    assert plain(page).count("党员评议表（4人，3项）") == 1
    for text in (plain(page), *sheets, text_of(pdf.draw_summary_pdf(summary))):
        assert "姓名" + "".join(INDICATORS) in text
        assert all("".join(line) in text for line in lines)
    # A table for each line, none for each member.
    assert page.count("<table") - page.count('aria-label="票数"') == 1 + len(INDICATORS)
    (matrix,) = [table for table in paper.tables if table.rows[0].cells[1].text == INDICATORS[0]]
    assert [[cell.text.replace("\n", "") for cell in row.cells] for row in matrix.rows[1:]] == lines
    persons = [row for row in book["党员汇总"].iter_rows(values_only=True) if row[1] in NAMES]
    for row, table in zip(persons, block.tables, strict=True):
        figures = [line.figures[0].count for line in table.rows]
        assert [row[3], row[9], row[15]] == figures
        assert [row[7], row[13], row[19]] == [line.base for line in table.rows]


def test_grades_outside_the_base_have_a_column_each_wherever_grades_are_columns(client):
    poll = make_members_poll({"1" * 12: 20, "4" * 12: 3, "5" * 12: 2})
    client.force_login(make_user("secretary", kind="secretary", organization=poll.organization))
    content = content_of_poll(poll)

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    book = load_workbook(io.BytesIO(excel.draw_poll_workbook(content, opinions=None)), data_only=True)
    summary = summary_of(Scope.of_poll(poll))
    words = [
        cell.text for table in Document(io.BytesIO(draw_summary_docx(summary))).tables for cell in table.rows[0].cells
    ]

    heads = "弃权不了解没有接触该项无效"
    assert plain(page).count(heads) == len(INDICATORS)
    assert "党员甲20100.0%00.0%00.0%00.0%32020" in plain(page)
    for sheet in (pdf.results_sheet(content), pdf.draw_count_sheet(content), pdf.draw_summary_pdf(summary)):
        assert "不了解没有接触" in text_of(sheet)
    assert {"不了解", "没有接触"} <= set(words)
    head, *rows = [
        row for row in book["评议结果"].iter_rows(values_only=True) if row[0] == "评议单位" or row[2] in NAMES
    ]
    at = head.index("不了解")
    assert head[at : at + 3] == ("不了解", "没有接触", "该项无效")
    assert [row[at : at + 4] for row in rows] == [(3, 2, 0, 20)] * len(CELLS)


def test_nothing_is_counted_grade_by_grade_where_nobody_chose_a_grade_outside_the_base(client):
    poll = make_members_poll({"1" * 12: 20})
    client.force_login(make_user("secretary", kind="secretary", organization=poll.organization))

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()

    assert matrix_of(poll).beside == ()
    assert LABELS[-1] not in page


def test_a_poll_with_few_ballots_has_no_matrix():
    content = content_of_poll(make_members_poll({"1" * 12: 2}))

    assert content.hidden_reason and content.blocks == ()


def test_a_small_channel_shows_nothing_in_the_matrix_of_a_line():
    block = matrix_of(make_members_poll({"1" * 12: 20, "4" * 12: 3}, {"5" * 12: 3}))

    rows = [row for line in block.by_line for _, split in line.first.splits for row in split]
    assert rows and all((row.figures, row.outside, row.base) == ((), (), None) and row.note for row in rows)


def test_scores_and_judgements_of_a_matrix_stand_below_it_by_name(client):
    poll = make_members_poll(
        {"1" * 4: 20, "2" * 4: 4}, indicators=("践行承诺", "总体评价"), names=NAMES[:2], judgement="majority"
    )
    Category.objects.filter(campaign=poll.campaign, name="党员").update(weight=100)
    client.force_login(make_user("secretary", kind="secretary", organization=poll.organization))
    content, block = content_of_poll(poll), matrix_of(poll)

    page = plain(client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode())
    sheet = text_of(pdf.draw_count_sheet(content))

    assert [(target, score.indicator) for target, score in block.scores] == [
        (name, indicator) for name in NAMES[:2] for indicator in ("践行承诺", "总体评价")
    ]
    assert [verdict[:2] for verdict in block.verdicts] == [(name, "总体评价") for name in NAMES[:2]]
    for text in (page, sheet):
        assert text.count("党员甲践行承诺") == 1
        assert "党员乙·总体评价：满意20/24＝83.3%，过半：测评满意。" in text
        assert text.count("等次没有分值，不计算满意度得分。") == 1


def test_a_note_on_scores_stands_below_the_first_table_that_wants_it_alone():
    poll = make_members_poll({"1" * 4: 20}, indicators=("践行承诺", "总体评价"), names=NAMES[:2], judgement="score")
    (table, *_) = content_of_poll(poll).tables

    first, second = blocks_among([table, replace(table, title="另一张评议表")])

    assert first.score_notes == ("等次没有分值，不计算满意度得分。",)
    assert (second.scores, second.score_notes) == (tuple((table.target, score) for score in table.scores), ())


def test_one_target_alone_and_an_empty_poll_stand_as_they_did():
    (block,) = content_of_poll(make_sealed_poll()).blocks

    assert (block.is_matrix, block.has_many_lines, len(block.first.rows)) == (False, False, 2)


def test_a_poll_without_any_ballot_shows_dashes_in_its_matrix():
    block = matrix_of(make_members_poll({}, min_poll=0))

    assert [[row.quotient for row in table.rows] for table in block.tables] == [["—"] * 3] * 4
