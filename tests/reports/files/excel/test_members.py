"""The sheet of members."""

from dataclasses import replace

import pytest

from ballots.counting import sealing
from reports.files import excel
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_branch_poll,
)
from tests.reports.files.excel.reports import poll_report
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db


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
