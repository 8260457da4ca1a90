"""A case of the demo's ledger is brought as far as it has come."""

from dataclasses import replace
from datetime import date

import pytest

from reports.demo.rectifying import Case, Step, play
from reports.models import Problem
from reports.opinions.desk import Answers, read_opinion
from tests.factories import make_opinion, make_sealed_poll

from .staging import make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_sealed_poll()


@pytest.fixture
def stage():
    return make_stage()


def test_a_case_without_a_plan_is_registered_alone(stage, poll):
    problem = play(stage, poll, Case(content="屋面漏雨", category="民生实事"))

    problem.refresh_from_db()
    assert (problem.content, problem.state, problem.measures.count()) == ("屋面漏雨", "registered", 0)


def test_a_step_without_its_end_keeps_the_case_under_way(stage, poll):
    steps = (Step("修补", due=20, done=25), Step("翻修", due=-60, note="已现场查看。"))
    case = Case(content="屋面漏雨", treatment=Problem.Treatment.PLANNED, due=-60, steps=steps)

    problem = play(stage, poll, case)

    problem.refresh_from_db()
    assert (problem.state, problem.due_on) == ("underway", date(2027, 1, 19))
    assert list(problem.measures.order_by("pk").values_list("content", "done_on")) == [
        ("修补", date(2026, 10, 26)),
        ("翻修", None),
    ]


CLOSED = Case(
    content="屋面漏雨",
    treatment=Problem.Treatment.AT_ONCE,
    due=20,
    steps=(Step("修补", due=20, done=25),),
    reply="已修好。",
    publicity="公开栏",
    closed=24,
    verdict=Problem.Verdict.SATISFIED,
)


def test_a_closed_case_has_its_reply_its_day_and_the_people_s_verdict(stage, poll):
    problem = play(stage, poll, CLOSED)

    problem.refresh_from_db()
    assert (problem.state, problem.reply, problem.done_on) == ("closed", "已修好。", date(2026, 10, 27))
    assert problem.verdict == "satisfied"


def test_a_case_that_was_reopened_tells_so_in_its_history(stage, poll):
    problem = play(stage, poll, replace(CLOSED, reopened="雨天又漏"))

    problem.refresh_from_db()
    assert problem.state == "closed"
    assert any("雨天又漏" in change.text for change in problem.changes.all())


def test_a_case_of_an_opinion_is_the_problem_that_was_made_of_it(stage, poll):
    opinion = make_opinion(poll, "值班电话没有人接。")
    read_opinion(opinion, by=stage.secretary, answers=Answers({"category": "服务群众"}))

    problem = play(stage, poll, Case(opinion="值班电话没有人接。"))

    assert problem.content == "值班电话没有人接。"
    opinion.reading.refresh_from_db()
    assert opinion.reading.problem == problem
