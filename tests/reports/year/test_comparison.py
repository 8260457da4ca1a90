"""The sealed periods of a year side by side: on the page, in the 小结 of a later period, and in its workbook."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.models import PlannedPeriod
from campaigns.year_plan.planning import make_plan
from reports.report import report_of, summary_of
from reports.report.snapshot import freeze, thaw
from reports.scope import Scope
from reports.year.comparison import periods_to_compare, year_content, year_of_scope
from tests.factories import (
    make_campaign,
    make_cast,
    make_closed_problem,
    make_organization,
    make_problem,
)
from tests.reports.committee.test_ranking import hold

pytestmark = pytest.mark.django_db

TODAY = date(2027, 12, 1)


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def branch(people):
    return make_organization("甲支部", parent=people.organization, kind="branch")


@pytest.fixture
def plan(people):
    return make_plan(people.organization, year=2027, pattern="quarters", by=None)


def make_quarter(plan, number, units, marks, **overrides):
    """A sealed campaign of one quarter of the plan."""
    period = plan.periods.all()[number - 1]
    days = {"starts_on": period.starts_on, "ends_on": period.ends_on}
    campaign = make_campaign(
        plan.organization, title=f"{period.title}群众评议", period=period.title, **days, **overrides
    )
    actions.make_polls(campaign, units)
    PlannedPeriod.objects.filter(pk=period.pk).update(campaign=campaign)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        hold(poll, marks)
    return campaign


@pytest.fixture
def quarters(plan, branch):
    """Three sealed quarters of one branch, the second asked of two ballots alone."""
    return [
        make_quarter(plan, number, [branch], marks)
        for number, marks in enumerate(({"11": 9, "12": 1}, {"11": 2}, {"11": 7, "12": 1}), start=1)
    ]


def compared(plan, *, last=date.max):
    periods = periods_to_compare(plan, plan.organization, first=date.min, last=last)
    return year_content(plan.organization, plan.organization.name, periods, today=TODAY)


def test_each_question_stands_over_the_sealed_periods_and_few_ballots_are_not_shown(plan, quarters):
    content = compared(plan)

    assert content.periods == ("2027年第一季度", "2027年第二季度", "2027年第三季度")
    (table,) = content.tables
    assert [
        (row.indicator, [(cell.rate.text, cell.base) for cell in row.cells], row.change.text) for row in table.rows
    ] == [
        ("兑现公开承诺情况", [("100.0", "10"), ("—", ""), ("100.0", "8")], "0.0"),
        ("总体评价", [("90.0", "10"), ("—", ""), ("87.5", "8")], "−2.5"),
    ]


def test_the_ledger_of_the_year_is_counted_as_the_ledger_counts(plan, branch, quarters):
    make_problem(branch, campaign=quarters[0], due_on=date(2027, 5, 1), measures=(None,))
    make_closed_problem(branch, campaign=quarters[0])
    make_problem(branch, campaign=quarters[2])
    make_problem(branch, content="与本年各期无关")

    content = compared(plan)

    def numbers(row):
        figures = row.figures
        return (figures.problems, figures.closed, row.open_count, figures.overdue, figures.measures, figures.done)

    assert [(row.period, *numbers(row)) for row in (*content.ledger, content.total)] == [
        ("2027年第一季度", 2, 1, 1, 1, 2, 1),
        ("2027年第二季度", 0, 0, 0, 0, 0, 0),
        ("2027年第三季度", 1, 0, 1, 0, 0, 0),
        ("合计", 3, 1, 2, 1, 2, 1),
    ]


def test_the_half_year_looks_back_on_its_quarters_alone(plan, branch, quarters):
    make_problem(branch, campaign=quarters[2])

    half = compared(plan, last=date(2027, 6, 30))

    assert half.periods == ("2027年第一季度", "2027年第二季度")
    assert half.total.figures.problems == 0


def test_the_summary_of_a_later_quarter_tells_the_year_so_far(plan, people, branch, quarters):
    make_closed_problem(branch, campaign=quarters[0])

    summary = summary_of(Scope.of(quarters[2], people.organization))

    (section,) = [section for section in summary.sections if section.key == "year"]
    assert section.locked == (
        "本年度已评3期：2027年第一季度、2027年第二季度、2027年第三季度。",
        "《基层党组织评议表》满意率：兑现公开承诺情况2027年第一季度100.0%、2027年第三季度100.0%，与上一期持平；"
        "总体评价2027年第一季度90.0%、2027年第三季度87.5%，比上一期下降2.5个百分点。",
        "整改台账：本年度各期登记问题1个，已办结1个，未办结0个，其中已过时限0个；整改措施1条，已落实1条。",
    )
    ordinals = [section.ordinal for section in summary.sections if section.ordinal]
    assert ordinals == list("一二三四五六七八九十")[: len(ordinals)]


def test_the_first_quarter_and_a_campaign_without_a_plan_have_no_such_section(people, branch, quarters):
    alone = make_campaign(people.organization, title="另一次评议", period="2027年度")
    actions.make_polls(alone, [branch])
    open_campaign(alone, by=None)
    hold(alone.polls.get(), {"11": 9})

    for campaign in (quarters[0], alone):
        keys = [section.key for section in summary_of(Scope.of(campaign, people.organization)).sections]
        assert "year" not in keys


def test_a_poll_with_others_below_it_is_not_compared_and_a_branch_is(plan, people, branch):
    both = [people.organization, branch]
    quarters = [make_quarter(plan, number, both, {"11": 9}) for number in (1, 2)]
    upper, lower = quarters[1].polls.order_by("path")

    assert year_of_scope(Scope.of_poll(upper), today=TODAY) is None
    assert year_of_scope(Scope.of_poll(lower), today=TODAY).periods == ("2027年第一季度", "2027年第二季度")


def test_a_filed_copy_keeps_the_year_as_it_was(people, quarters):
    report = report_of(Scope.of(quarters[2], people.organization), today=TODAY)

    assert thaw(freeze(report)).summary == report.summary
    assert report.summary.year.periods[-1] == "2027年第三季度"


def test_the_page_and_the_workbook_show_the_same(client, plan, people, branch, quarters):
    make_problem(branch, campaign=quarters[0])
    client.force_login(people.officer)

    page = client.get(reverse("reports:year_comparison", args=[plan.pk])).content.decode()
    half = client.get(reverse("reports:year_comparison", args=[plan.pk]) + "?part=second").content.decode()
    file = client.get(reverse("reports:year_workbook", args=[plan.pk]))

    assert "87.5%" in page and "−2.5" in page
    assert "90.0%" not in half and "87.5%" in half
    rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(b"".join(file)))["各期对比"].values]
    (overall,) = [row for row in rows if row[0] == "总体评价"]
    assert overall[1:8] == [0.9, "10", "—", "", 0.875, "8", "−2.5"]
    assert ["合计", 1, 0, 1, 0, 0, 0] in [row[:7] for row in rows]


def test_the_report_of_a_quarter_has_the_sheet_and_that_of_the_first_has_not(client, people, quarters):
    client.force_login(people.secretary)

    sheets = [
        openpyxl.load_workbook(
            io.BytesIO(
                b"".join(client.get(reverse("reports:campaign_report_workbook", args=[campaign.pk]) + "?draft=1"))
            )
        ).sheetnames
        for campaign in (quarters[0], quarters[2])
    ]

    assert ["各期对比" in names for names in sheets] == [False, True]


def test_a_year_without_a_sealed_period_says_so(client, plan, people):
    client.force_login(people.secretary)
    address = reverse("reports:year_comparison", args=[plan.pk])

    page = client.get(address).content.decode()
    file = client.get(reverse("reports:year_workbook", args=[plan.pk]), follow=True)

    assert "还没有已封存的一期" in page
    assert file.redirect_chain == [(address, 302)]
    assert client.get(address + "?part=quarter").status_code == 404


def test_a_question_that_came_later_and_a_rise_are_told(plan, branch):
    make_quarter(plan, 1, [branch], {"1": 8, "2": 2}, indicators=("总体评价",))
    make_quarter(plan, 2, [branch], {"11": 10})

    words = compared(plan).sentences[1]

    assert words == (
        "《基层党组织评议表》满意率：兑现公开承诺情况2027年第二季度100.0%；"
        "总体评价2027年第一季度80.0%、2027年第二季度100.0%，比上一期提高20.0个百分点。"
    )


def test_units_add_no_queries(plan, people, branch):
    few = [make_quarter(plan, number, [branch], {"11": 9}) for number in (1, 2)]
    units = [make_organization(f"{name}支部", parent=people.organization, kind="branch") for name in "乙丙丁"]
    with CaptureQueriesContext(connection) as before:
        year_of_scope(Scope.of(few[1], people.organization), today=TODAY)
    make_quarter(plan, 3, units, {"11": 9})
    many = make_quarter(plan, 4, units, {"11": 9})
    PlannedPeriod.objects.filter(campaign__in=few).delete()

    with CaptureQueriesContext(connection) as after:
        year_of_scope(Scope.of(many, people.organization), today=TODAY)

    assert len(after) <= len(before)
