"""The list and the board of the ledger."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.models import Problem
from tests.factories import (
    make_campaign,
    make_closed_problem,
    make_organization,
    make_problem,
    make_user,
)

from .asking import ADD, BOARD, DAY, LIST, at, shown, text

pytestmark = pytest.mark.django_db


def test_the_list_shows_overdue_problems_first_and_closed_ones_last(secretary, unit):
    today = timezone.localdate()
    make_closed_problem(unit, content="已办结的")
    make_problem(unit, content="没有时限的")
    make_problem(unit, content="还有十天的", due_on=today + timedelta(10))
    make_problem(unit, content="今天到期的", due_on=today)
    make_problem(unit, content="逾期的", due_on=today - timedelta(1))

    page = secretary.get(LIST)

    assert shown(page) == ["逾期的", "今天到期的", "还有十天的", "没有时限的", "已办结的"]
    assert [problem.content for problem in page.context["page"] if problem.is_overdue] == ["逾期的"]
    assert text(page).count('<b class="late-mark">逾期</b>') == 1


def test_c6_the_figures_stand_above_the_list_with_a_bar(secretary, unit):
    make_problem(unit, measures=[DAY, DAY, None])
    for measures in [[DAY]] * 7 + [[None]] * 2:
        make_problem(unit, measures=measures)

    page = text(secretary.get(LIST))

    figures = re.findall(r"<li[^>]*><b>(\d+)</b>(\w+)（", page)
    assert figures == [
        ("10", "问题"),
        ("0", "已办结"),
        ("0", "逾期"),
        ("12", "措施"),
        ("9", "已落实"),
        ("3", "正在落实"),
    ]
    assert "措施完成率75.0%（9/12）" in page
    assert 'max="12" value="9"' in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"支部的", "计划的", "逾期的", "办结的"}),
        ("unit={unit}", {"支部的"}),
        ("campaign={campaign}", {"支部的"}),
        ("source=task", {"支部的"}),
        ("treatment=planned", {"计划的"}),
        ("state=closed", {"办结的"}),
        ("overdue=on", {"逾期的"}),
        ("q=李某", {"计划的"}),
        ("q=第一党支部", {"支部的"}),
        ("q=李某 逾期", set()),
        ("source=task&state=closed", set()),
    ],
)
def test_the_filter_narrows_the_list_and_its_figures(secretary, mixed, query, expected):
    page = secretary.get(f"{LIST}?{query.format(**mixed)}")

    assert set(shown(page)) == expected
    assert page.context["figures"].problems == len(expected)


def test_a_choice_out_of_reach_is_told_and_shows_nothing_foreign(secretary, mixed):
    foreign = Problem.objects.get(content="外单位的").organization

    page = secretary.get(f"{LIST}?unit={foreign.pk}&state=sealed")

    assert "没有这一项，或者您不能看它的台账。" in text(page)
    assert "外单位的" not in shown(page)


def test_the_board_has_a_column_a_state_and_says_what_is_late(secretary, unit):
    make_problem(unit, content="待定的", responsible_person="李某")
    make_problem(unit, content="在改的", measures=[DAY, None], due_on=DAY)
    make_problem(unit, content="待答复的", measures=[DAY])
    make_closed_problem(unit, content="办结的")

    page = secretary.get(BOARD)

    columns = [
        (column["label"], column["count"], [row.content for row in column["problems"]])
        for column in page.context["columns"]
    ]
    assert columns == [
        ("待定措施", 1, ["待定的"]),
        ("正在整改", 1, ["在改的"]),
        ("待答复", 1, ["待答复的"]),
        ("已办结", 1, ["办结的"]),
    ]
    assert "责任人：李某" in text(page)
    assert "措施：1／2已落实" in text(page)
    assert text(page).count("逾期</b>") == 1


@pytest.mark.parametrize("address", [LIST, BOARD])
def test_the_ledger_takes_as_many_queries_for_three_rows_as_for_one(client, address):
    unit = make_organization()
    counts = []
    for number in (1, 2):
        for _ in range(number):
            campaign = make_campaign(unit, title=f"活动{Problem.objects.count()}")
            make_problem(unit, campaign=campaign, measures=[DAY, None])
        client.force_login(make_user(f"secretary{number}", kind="secretary", organization=unit))
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_officer_reads_and_is_offered_no_change(client, people, unit):
    problem = make_problem(unit, measures=[None])
    client.force_login(people.officer)

    page = text(client.get(at("problem_detail", problem)))

    assert "措施1" in page
    for verb in ("problem_edit", "measure_add", "note_add"):
        assert at(verb, problem) not in page
    assert ADD not in text(client.get(LIST))
