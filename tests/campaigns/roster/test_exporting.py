"""A roster that was exported is marked, and comes in again as it is."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.roster import exporting
from campaigns.roster.comparing import compare_roster
from campaigns.roster.exporting import export_roster
from campaigns.roster.layout import SHEETS
from campaigns.roster.reading import read_workbook
from campaigns.roster.writing import write_reading
from tests.factories import make_commitment, make_member, make_organization

pytestmark = pytest.mark.django_db
MARK = "王&李于2026年11月30日15:20导出"


def exported(organization, user):
    file = BytesIO()
    export_roster(file, organization, user, mark=MARK)
    file.seek(0)
    return file


@pytest.fixture
def filled(committee, branch):
    secretary = make_member(branch, "张三", post="secretary")
    make_member(branch, "=1+1", status="probationary")
    make_member(committee, "李四", post="cadre")
    make_member(branch, "走了的", is_active=False)
    make_commitment(branch, "每月走访联系户", secretary, due_on=date(2026, 12, 31))
    make_commitment(committee, "修一条路", kind="deed", status="fulfilled", fulfilled_on=date(2026, 3, 1))
    make_organization("停用的支部", kind="branch", parent=committee, is_active=False)
    make_organization("别的党委")
    return committee


def test_an_exported_roster_comes_in_again_and_changes_nothing(filled, superuser):
    reading = read_workbook(exported(filled, superuser))
    comparison = compare_roster(reading, superuser)

    assert comparison.errors == []
    assert {entry.state for entry in comparison.entries} == {"unchanged"}
    assert len(comparison.entries) == 2 + 3 + 2
    write_reading(reading, superuser, previewed=comparison.digest)


@pytest.mark.parametrize("place", ["committee", "branch"])
def test_a_secretary_s_own_export_comes_in_again(filled, cast, branch, place):
    organization = filled if place == "committee" else branch

    comparison = compare_roster(read_workbook(exported(organization, cast.secretary)), cast.secretary)

    assert comparison.errors == []
    assert {entry.state for entry in comparison.entries} == {"unchanged"}


def test_the_sheets_have_their_headings_alone_in_the_first_row_and_the_rows_of_the_unit(filled, superuser):
    book = load_workbook(exported(filled, superuser))

    rows = {sheet.name: list(book[sheet.name].values) for sheet in SHEETS}
    assert [rows[sheet.name][0] for sheet in SHEETS] == [tuple(c.heading for c in sheet.columns) for sheet in SHEETS]
    assert rows["组织"][1:] == [("某局党委", "党委", None), ("第一党支部", "党支部", "某局党委")]
    assert [row[0] for row in rows["党员"][1:]] == ["李四", "张三", "=1+1"]
    assert book["党员"]["A4"].data_type == "s"
    assert rows["承诺"][2][4].date() == date(2026, 12, 31)


def test_the_mark_is_on_the_instructions_at_the_foot_and_in_the_properties(filled, superuser):
    book = load_workbook(exported(filled, superuser))

    assert MARK in book["说明"]["A1"].value
    assert {sheet.oddFooter.left.text for sheet in book.worksheets} == {MARK.replace("&", "&&")}
    assert (book.properties.creator, book.properties.description) == (MARK, MARK)


def test_a_roster_that_could_not_come_in_again_is_refused_before_a_row_is_read(filled, branch, superuser, monkeypatch):
    sheets = {
        name: replace(getattr(exporting, name), max_rows=2) for name in ("MEMBERS", "COMMITMENTS", "ORGANIZATIONS")
    }
    for name, sheet in sheets.items():
        monkeypatch.setattr(exporting, name, sheet)

    exporting.check_length(branch)
    with pytest.raises(exporting.RosterTooLong) as caught:
        exporting.check_length(filled)

    # Two units and two promises are in it, and three members.
    assert str(caught.value) == (
        f"“{filled}”的名册太长，一个工作簿装不下：“{sheets['MEMBERS'].name}”超过2行。请到它的下级党组织分别导出。"
    )


def test_the_names_that_are_read_are_those_of_the_unit_s_own_part_and_above_it(filled, branch, superuser):
    with CaptureQueriesContext(connection) as queries:
        exported(branch, superuser)

    named = [query["sql"] for query in queries if query["sql"].startswith('SELECT "campaigns_organization"."path"')]
    assert len(named) == 2 and all(branch.path in sql for sql in named)


@pytest.mark.parametrize("most", [1, 100])
def test_a_page_says_that_a_roster_is_too_long_and_leads_to_the_units_below(
    client, superuser, filled, most, monkeypatch
):
    monkeypatch.setattr(exporting, "MEMBERS", replace(exporting.MEMBERS, max_rows=most))
    client.force_login(superuser)

    answer = client.get(reverse("campaigns:roster_export", args=[filled.pk]), follow=True)

    page = answer.content.decode()
    assert ("请到它的下级党组织分别导出" in page) == (most == 1)
    assert ('name="reason"' in page) == (most == 100)
