"""The table of decided grades over units: sums of branches, the sentence of C5, the same on page and in every file."""

import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document

from reports.files import excel, word
from reports.grading.sums import decided_grades
from reports.report import report_of, summary_of
from reports.report.snapshot import freeze, thaw
from reports.scope import Scope
from tests.factories import make_user
from tests.reports.files.word.documents import cells, pdf_text
from tests.reports.grading.members import decide, make_graded_branches, make_graded_poll
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_graded_branches(["优秀", "合格"], ["合格", "不合格"], None)


def scope_of(campaign):
    return Scope.of(campaign, campaign.organizer)


SENTENCE = "2个单位评定了党员等次：应参加评议党员6名，实际参加4名，优秀1名，合格2名，不合格1名。"


def test_a_committee_has_the_sum_of_its_branches(campaign):
    grades = decided_grades(scope_of(campaign))

    assert grades.heads == ("应参加", "实际参加", "优秀", "合格", "基本合格", "不合格", "不评定等次")
    assert [(row.unit, row.numbers) for row in grades.rows] == [
        ("第一支部", (3, 2, 1, 1, 0, 0, 1)),
        ("第二支部", (3, 2, 0, 1, 0, 1, 0)),
    ]
    assert grades.total.numbers == (6, 4, 1, 2, 0, 1, 1)
    assert grades.sentence == SENTENCE


def test_a_grade_that_was_changed_counts_as_it_stands(campaign):
    poll = campaign.polls.order_by("path").first()
    decide(poll, ["合格", "合格"], seen=1, member_count=3, attended_count=3, present_count=2)

    assert decided_grades(scope_of(campaign)).total.numbers == (6, 5, 0, 3, 0, 1, 1)


def test_c5_a_branch_says_its_own_sentence_and_table():
    poll = make_graded_poll({"2" * 12: 12}, full=12)
    assert summary_of(Scope.of_poll(poll)).grades is None
    decide(poll, ["合格"] * 12)

    content = summary_of(Scope.of_poll(poll))

    assert content.grades.total.numbers == (12, 12, 0, 12, 0, 0, 0)
    assert content.grades.rows == ()
    assert "应参加评议党员12名，实际参加12名，合格12名。" in pdf_text(content)


def test_a_poll_before_its_meeting_has_a_hint_and_a_committee_without_grades_no_table():
    poll = make_graded_poll({"222": 5})

    assert "党员的等次尚未登记综合定格；小结中只有得票。" in summary_of(Scope.of_poll(poll)).hints
    assert decided_grades(scope_of(poll.campaign)) is None


def test_page_paper_word_and_workbook_carry_the_same_table(client, campaign):
    client.force_login(make_user(kind="officer", organization=campaign.organizer))
    scope = scope_of(campaign)
    report = report_of(scope, today=date(2026, 11, 20))

    page = " ".join(client.get(reverse("reports:campaign_results", args=[campaign.pk])).content.decode().split())
    document = Document(io.BytesIO(word.draw_summary_docx(report.summary)))
    sheet = read_book(excel.draw_report_workbook(report))["评定等次汇总"]

    total = ["合计", "6", "4", "1", "2", "0", "1", "1"]
    assert SENTENCE in page and "第二支部</a>" in page
    assert cells(document.tables[-1])[-1] == total
    assert SENTENCE in pdf_text(report.summary) and "".join(total) in pdf_text(report.summary)
    assert ["合计", "2", *total[1:]] in [[str(value) for value in line] for line in lines_of(sheet, first=1)]


def test_a_filed_report_has_its_grades_whatever_is_decided_later(campaign):
    report = report_of(scope_of(campaign), today=date(2026, 11, 20))

    kept = thaw(freeze(report))

    assert (kept.summary, kept.campaign.grades, kept.campaign.polls) == (
        report.summary,
        report.campaign.grades,
        report.campaign.polls,
    )
