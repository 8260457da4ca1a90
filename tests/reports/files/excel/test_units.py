"""The sheets of a campaign's units."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from reports.files import excel
from reports.tables.campaign import rollup_tables
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_member,
    make_opinion,
    make_organization,
    make_problem,
    make_user,
)
from tests.reports.files.excel.reports import AFTER_THE_COUNT, COUNT_SHEETS, below, campaign_report, figures
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db


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
