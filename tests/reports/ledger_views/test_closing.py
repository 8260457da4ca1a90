"""The end of a problem: its reply, the people's verdict, and its reopening."""

from datetime import date

import pytest

from reports.ledger.actions import edit_problem
from reports.models import Problem
from tests.factories import (
    make_closed_problem,
    make_problem,
)

from .asking import DAY, at, text

pytestmark = pytest.mark.django_db


def test_a_problem_is_closed_only_with_a_reply(secretary, people, unit):
    problem = make_problem(unit, measures=[DAY])
    facts = {"reply": " ", "publicity": "公开栏", "done_on": "2026-05-02", "revision": problem.revision}

    refused = secretary.post(at("problem_close", problem), facts)
    problem.refresh_from_db()
    state = problem.state
    secretary.post(at("problem_close", problem), {**facts, "reply": "已当面答复"})

    assert refused.context["form"].errors == {"reply": ["填写答复情况后才能办结。"]}
    assert state == "done"
    problem.refresh_from_db()
    assert (problem.state, problem.reply, problem.publicity) == ("closed", "已当面答复", "公开栏")
    assert (problem.done_on, problem.closed_by) == (date(2026, 5, 2), people.secretary)


def test_a_problem_was_not_done_before_its_measures(secretary, unit):
    problem = make_problem(unit, measures=[DAY])
    facts = {"reply": "已答复", "done_on": "2026-04-30", "revision": problem.revision}

    page = secretary.post(at("problem_close", problem), facts)

    assert page.context["form"].errors == {
        "done_on": ["完成日期不能早于最后一条措施的落实日期（2026年5月1日，“措施1”）。"]
    }


def test_a_reply_written_while_a_measure_was_added_is_not_lost(secretary, unit):
    problem = make_problem(unit, measures=[DAY])
    form = secretary.get(at("problem_close", problem)).context["form"]
    facts = {"reply": "已答复", "done_on": "2026-05-02", "revision": form["revision"].value()}
    edit_problem(problem.pk, {"remarks": "转办"}, seen=problem.revision, by=None)

    page = secretary.post(at("problem_close", problem), facts)

    assert "别人修改过这个问题" in text(page)
    assert "已答复" in text(page)
    assert Problem.objects.get().state == "done"


@pytest.mark.parametrize("verb", ["problem_close", "problem_verdict", "problem_reopen"])
def test_a_page_out_of_turn_leads_back_to_the_problem_and_says_why(secretary, unit, verb):
    problem = make_problem(unit, measures=[None])

    page = secretary.get(at(verb, problem), follow=True)

    assert page.redirect_chain == [(at("problem_detail", problem), 302)]
    assert 'class="alert alert-danger"' in text(page)


def test_people_who_are_not_satisfied_suggest_reopening(secretary, unit):
    problem = make_closed_problem(unit)

    page = secretary.post(at("problem_verdict", problem), {"verdict": "dissatisfied", "note": "仍要排队"}, follow=True)
    reopened = secretary.post(
        at("problem_reopen", problem), {"is_answer_only": "no", "reason": "群众不满意"}, follow=True
    )

    assert "群众对整改结果不满意，建议重新启动整改。" in text(page)
    assert "不满意：仍要排队" in text(page)
    problem.refresh_from_db()
    assert (problem.state, problem.verdict) == ("underway", "")
    assert "群众不满意（此前群众再评“不满意”）" in text(reopened)


def test_reopening_wants_a_reason(secretary, unit):
    problem = make_closed_problem(unit)

    page = secretary.post(at("problem_reopen", problem), {"is_answer_only": "no", "reason": ""})

    assert page.context["form"].errors == {"reason": ["请写明理由。"]}
    assert Problem.objects.get().state == "closed"
