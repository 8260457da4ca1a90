"""The ledger's workbook."""

from datetime import date

import pytest
from django.urls import reverse

from reports.files import excel
from tests.factories import (
    make_organization,
    make_problem,
    make_user,
)
from tests.reports.files.excel.reports import FOLLOWED, poll_report
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db


def test_due_dates_are_dates_that_a_filter_understands(branch_poll):
    sheet = read_book(excel.draw_report_workbook(poll_report(branch_poll, **FOLLOWED)))["整改台账"]

    due = sheet.cell(4, 13)

    assert (due.is_date, due.value.date()) == (True, date(2026, 5, 1))


def test_ledger_and_comments_have_workbooks_of_their_own():
    ledger = read_book(excel.draw_ledger_workbook(FOLLOWED["ledger"], "某局党委"))
    comments = read_book(excel.draw_comments_workbook(FOLLOWED["comments"], "某局党委"))

    assert (ledger.sheetnames, ledger["整改台账"]["A2"].value) == (["整改台账"], "某局党委")
    assert "整改措施12条，已落实9条，正在落实3条，完成率75.0%。" in ledger["整改台账"]["A5"].value
    assert comments["点评台账"]["A5"].value == FOLLOWED["comments"].figures.sentence


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
