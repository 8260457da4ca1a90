"""The ledger's figures and entries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.ledger import content
from reports.ledger.actions import judge_problem
from reports.ledger.content import LedgerEntry, LedgerFigures, MeasureEntry, ledger_content
from reports.ledger.measures import add_note
from reports.scope import Scope
from reports.wording import Day
from tests.factories import (
    make_campaign,
    make_closed_problem,
    make_organization,
    make_problem,
)
from tests.reports.ledger.problems import DAY

pytestmark = pytest.mark.django_db


def make_c6_ledger(unit, **facts):
    """Ten problems and twelve measures, nine of them done (DOMAIN N12)."""
    make_problem(unit, measures=[DAY, DAY, None], **facts)
    for measures in [[DAY]] * 7 + [[None]] * 2:
        make_problem(unit, measures=measures, **facts)


def test_c6_ten_problems_twelve_measures_nine_done_three_under_way_are_75_0_percent():
    unit = make_organization()
    campaign = make_campaign(unit)
    make_c6_ledger(unit, campaign=campaign)
    make_problem(unit, measures=[DAY])  # of no campaign
    make_problem(make_organization("外单位党委"), measures=[DAY])

    figures = ledger_content(Scope.of(campaign, unit), today=DAY).figures

    assert figures == LedgerFigures(problems=10, closed=0, overdue=0, measures=12, done=9)
    assert (figures.underway, figures.rate.text) == (3, "75.0")


def test_the_rate_is_never_100_while_a_measure_is_underway():
    assert [LedgerFigures(measures=2000, done=done).rate.text for done in (1998, 1999, 2000)] == [
        "99.9",
        "99.9",
        "100.0",
    ]


def test_a_ledger_without_measures_has_no_rate():
    assert LedgerFigures(problems=2).rate.text == "—"


def test_an_entry_has_every_column_of_the_ledger():
    unit = make_organization()
    problem = make_problem(
        unit,
        measures=[DAY, None],
        campaign=make_campaign(unit),
        category="窗口服务",
        subject="办事大厅",
        cause="窗口少",
        treatment="planned",
        responsible_leader="张某",
        responsible_unit="行政科",
        responsible_person="李某",
        due_on=date(2026, 5, 30),
        remarks="转办",
    )
    add_note(problem.pk, noted_on=date(2026, 4, 9), text="已选址", by=None)

    content = ledger_content(Scope.of(problem.campaign, unit), today=date(2026, 5, 31))

    assert content.entries == (
        LedgerEntry(
            number=1,
            unit="某局党委",
            source="群众评议意见",
            content="办事大厅排队时间长",
            category="窗口服务",
            subject="办事大厅",
            cause="窗口少",
            measures=(
                MeasureEntry("措施1", "", Day(), "已落实", Day(date(2026, 5, 1))),
                MeasureEntry("措施2", "", Day(), "正在落实", Day()),
            ),
            treatment="列出计划",
            leader="张某",
            responsible_unit="行政科",
            person="李某",
            due_on=Day(date(2026, 5, 30)),
            is_overdue=True,
            progress=("2026年4月9日：已选址",),
            state="正在整改",
            done_on=Day(),
            reply="",
            publicity="",
            verdict="",
            remarks="转办",
        ),
    )
    assert content.figures.overdue == 1


def test_an_entry_of_a_closed_problem_says_how_it_ended():
    unit = make_organization()
    problem = make_closed_problem(unit, campaign=make_campaign(unit), due_on=date(2026, 4, 1))
    judge_problem(problem.pk, verdict="fair", note="还可再快", by=None)

    (entry,) = ledger_content(Scope.of(problem.campaign, unit), today=DAY).entries

    assert (entry.state, entry.is_overdue, entry.done_on.text) == ("已办结", False, "2026年4月20日")
    assert (entry.reply, entry.verdict) == ("已在公开栏答复", "基本满意：还可再快")


def test_a_ledger_is_numbered_by_unit_and_one_poll_s_report_has_its_own_unit_s():
    committee = make_organization()
    branch = make_organization("第一党支部", parent=committee, kind="branch")
    campaign = make_campaign(committee)
    below = make_problem(branch, campaign=campaign)
    above = make_problem(committee, campaign=campaign)

    whole, part = Scope.of(campaign, committee), Scope.of(campaign, branch)

    assert [entry.unit for entry in ledger_content(whole, today=DAY).entries] == ["某局党委", "第一党支部"]
    assert content.numbers_of(whole) == {above.pk: 1, below.pk: 2}
    assert content.numbers_of(part) == {below.pk: 1}


def test_the_ledger_takes_as_many_queries_for_three_problems_as_for_one():
    unit = make_organization()
    campaign = make_campaign(unit)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            problem = make_problem(unit, campaign=campaign, measures=[DAY, None])
            add_note(problem.pk, noted_on=DAY, text="已做", by=None)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ledger_content(Scope.of(campaign, unit), today=DAY)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 5


def test_the_next_deadlines_begin_with_overdue_problems_and_leave_out_closed_ones():
    unit = make_organization()
    none = make_problem(unit, content="没有时限")
    later = make_problem(unit, content="以后", due_on=date(2026, 6, 1))
    overdue = make_problem(unit, content="逾期", due_on=date(2026, 4, 1))
    make_closed_problem(unit, due_on=date(2026, 3, 1))
    make_problem(make_organization("外单位党委"), due_on=date(2026, 1, 1))

    due = list(content.deadlines([unit.path], today=DAY, limit=5))

    assert due == [overdue, later, none]
    assert [problem.is_overdue for problem in due] == [True, False, False]
    assert list(content.deadlines([unit.path], today=DAY, limit=1)) == [overdue]
    assert list(content.deadlines([unit.path], today=DAY, limit=None)) == due
    assert content.ledger_progress([unit.path], today=DAY) == LedgerFigures(
        problems=4, closed=1, overdue=1, measures=1, done=1
    )


def test_the_progress_of_a_unit_is_the_same_whether_it_is_the_whole_tree_or_a_part():
    unit = make_organization()
    make_problem(unit, measures=[DAY, None], due_on=date(2026, 4, 1))
    alone = content.ledger_progress([unit.path], today=DAY)
    make_problem(make_organization("外单位党委"), measures=[DAY])

    beside = content.ledger_progress([unit.path], today=DAY)

    assert alone == beside == LedgerFigures(problems=1, closed=0, overdue=1, measures=2, done=1)
