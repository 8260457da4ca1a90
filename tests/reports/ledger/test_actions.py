"""The rectification ledger: its states, its history and its figures (DOMAIN A9, N12; scenario C6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from campaigns.models.states import StateError
from reports.findings import crossings_of
from reports.findings.actions import decide_finding, register_finding
from reports.ledger.actions import Overtaken, close_problem, edit_problem, judge_problem, record, reopen_problem
from reports.ledger.measures import add_measure, add_note, edit_measure, finish_measure, remove_measure, resume_measure
from reports.models import Problem
from reports.results.poll import results_of
from tests.factories import (
    make_closed_problem,
    make_organization,
    make_problem,
    make_sealed_poll,
    make_user,
)
from tests.reports.ledger.problems import DAY, END, state_of

pytestmark = pytest.mark.django_db


def history(problem):
    return list(problem.changes.values_list("text", flat=True))


# States.


def test_a_treatment_alone_puts_a_problem_under_way():
    problem = make_problem(make_organization())

    edit_problem(problem.pk, {"treatment": "planned"}, seen=problem.revision, by=None)

    assert state_of(problem) == "underway"


def test_an_explained_problem_waits_for_its_reply_without_any_measure():
    problem = make_problem(make_organization())
    columns = {"treatment": "explained", "cause": "收费标准由省里统一规定"}

    edit_problem(problem.pk, columns, seen=problem.revision, by=None)

    assert state_of(problem) == "done"


@pytest.mark.parametrize("measures", [[], [None], [DAY, None]])
def test_a_problem_with_work_to_do_is_not_closed(measures):
    problem = make_problem(make_organization(), measures=measures)

    with pytest.raises(StateError, match="整改措施全部落实"):
        close_problem(problem.pk, seen=problem.revision, by=None, **END)

    assert state_of(problem) != "closed"


def test_a_closed_problem_takes_no_change_until_it_is_reopened():
    problem = make_closed_problem(make_organization())
    measure = problem.measures.get()
    deeds = [
        lambda: edit_problem(problem.pk, {"content": "别的"}, seen=problem.revision, by=None),
        lambda: add_measure(problem.pk, {"content": "再做"}, by=None),
        lambda: edit_measure(measure, {"content": "再做"}, seen=problem.revision, by=None),
        lambda: resume_measure(measure, by=None),
        lambda: remove_measure(measure, by=None),
        lambda: add_note(problem.pk, noted_on=DAY, text="已做", by=None),
        lambda: close_problem(problem.pk, seen=problem.revision, by=None, **END),
    ]
    before = history(problem)

    for deed in deeds:
        with pytest.raises(StateError):
            deed()

    assert history(problem) == before


def test_reopening_takes_back_the_end_and_keeps_it_in_the_history():
    secretary = make_user()
    problem = make_closed_problem(make_organization())
    judge_problem(problem.pk, verdict="dissatisfied", note="仍要排队一小时", by=None)

    reopen_problem(problem.pk, reason="群众仍不满意", is_answer_only=False, by=secretary)

    problem.refresh_from_db()
    assert (problem.state, problem.closed_at, problem.done_on, problem.verdict) == ("underway", None, None, "")
    assert problem.reply == "已在公开栏答复"
    assert history(problem)[-2:] == [
        "填写群众再评“不满意”；填写再评说明“仍要排队一小时”",
        "重新启动，转为“正在整改”：群众仍不满意（此前群众再评“不满意”）",
    ]
    assert problem.changes.last().changed_by == secretary


def test_a_reply_alone_is_put_right_without_new_measures():
    problem = make_closed_problem(make_organization())

    reopen_problem(problem.pk, reason="答复有误", is_answer_only=True, by=None)

    problem.refresh_from_db()
    close_problem(problem.pk, seen=problem.revision, by=None, **END)
    assert history(problem)[-1] == (
        "办结：答复情况由“已在公开栏答复”改为“已答复”；填写公开情况“公开栏”；填写完成日期“2026年5月1日”"
    )


def test_the_people_are_asked_only_about_what_is_closed():
    problem = make_problem(make_organization(), measures=[DAY])

    with pytest.raises(StateError, match="办结以后"):
        judge_problem(problem.pk, verdict="satisfied", note="", by=None)


# History.


def test_each_save_leaves_one_line_with_the_old_and_the_new_words():
    secretary = make_user()
    problem = make_problem(make_organization(), by=secretary, due_on=DAY, remarks="转办")
    columns = {"content": problem.content, "due_on": date(2026, 6, 1), "treatment": "at_once", "remarks": ""}

    edit_problem(problem.pk, columns, seen=problem.revision, by=secretary)
    measure = add_measure(problem.pk, {"content": "增设窗口"}, by=secretary)
    add_note(problem.pk, noted_on=DAY, text="已选址", by=secretary)
    problem.refresh_from_db()
    edit_measure(measure, {"responsible_person": "李某"}, seen=problem.revision, by=secretary)
    finish_measure(measure, done_on=date(2026, 5, 20), by=secretary)
    resume_measure(measure, by=secretary)

    assert history(problem) == [
        "登记",
        "完成时限由“2026年5月1日”改为“2026年6月1日”；填写处置类型“及时整改”；删去备注“转办”",
        "新增措施“增设窗口”",
        "登记进展（2026年5月1日）：已选址",
        "修改措施“增设窗口”：填写责任人“李某”",
        "措施“增设窗口”已落实（2026年5月20日）",
        "措施“增设窗口”撤销已落实",
    ]
    assert set(problem.changes.values_list("changed_by", flat=True)) == {secretary.pk}
    assert list(problem.changes.values_list("revision", flat=True)) == list(range(1, 8))


def test_a_save_that_changes_nothing_leaves_no_line():
    problem = make_problem(make_organization())

    edit_problem(problem.pk, {"content": problem.content}, seen=problem.revision, by=None)

    assert history(problem) == ["登记"]


# Two at the same time.


def test_a_save_over_somebody_else_s_is_refused_and_says_what_was_changed():
    problem = make_problem(make_organization())
    other = make_user(first_name="王某")
    edit_problem(problem.pk, {"category": "窗口服务"}, seen=problem.revision, by=other)

    with pytest.raises(Overtaken, match="王某：填写类别“窗口服务”"):
        edit_problem(problem.pk, {"category": "其他"}, seen=problem.revision, by=None)

    problem.refresh_from_db()
    assert problem.category == "窗口服务"


def test_a_reply_to_what_was_changed_meanwhile_is_refused():
    problem = make_problem(make_organization(), measures=[DAY])
    record(problem, "另一人的修改", by=None)

    with pytest.raises(Overtaken):
        close_problem(problem.pk, seen=problem.revision - 1, by=None, **END)

    assert state_of(problem) == "done"


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_time_one_is_told_about_the_other():
    problem = make_problem(make_organization())

    def save(category):
        try:
            edit_problem(problem.pk, {"category": category}, seen=problem.revision, by=None)
        except Overtaken:
            return "overtaken"
        finally:
            connection.close()
        return category

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(save, ["窗口服务", "收费"]))

    problem.refresh_from_db()
    assert answers == {problem.category, "overtaken"}
    assert problem.changes.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_problem_is_not_closed_over_a_measure_that_arrives_at_the_same_time():
    problem = make_problem(make_organization(), measures=[DAY])

    def close():
        close_problem(problem.pk, seen=problem.revision, by=None, **END)

    def add():
        add_measure(problem.pk, {"content": "再做一项"}, by=None)

    def attempt(deed):
        try:
            deed()
        except (Overtaken, StateError):
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(attempt, [close, add]))

    assert answers == ["done", "refused"]
    assert (state_of(problem), problem.measures.count()) in {("closed", 1), ("underway", 2)}


@pytest.mark.django_db(transaction=True)
def test_a_confirmed_finding_sent_twice_at_the_same_time_is_one_problem():
    poll = make_sealed_poll({"11": 79, "13": 41}, thresholds=["org-dissatisfied-third"])
    (crossing,) = crossings_of([results_of(poll)])
    decide_finding(crossing, state="confirmed", by=None, reason="")

    def send(_):
        try:
            return register_finding(poll, crossing, by=None).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        keys = set(pool.map(send, range(2)))

    assert keys == {Problem.objects.get().pk}


def test_the_history_of_a_problem_says_that_its_finding_was_not_upheld():
    poll = make_sealed_poll({"11": 79, "13": 41}, thresholds=["org-dissatisfied-third"])
    (crossing,) = crossings_of([results_of(poll)])
    decide_finding(crossing, state="confirmed", by=None, reason="")
    problem = register_finding(poll, crossing, by=None)

    decide_finding(crossing, state="confirmed", by=None, reason="仍然认定")
    decide_finding(crossing, state="dismissed", by=None, reason="计票有误")

    texts = ["登记", "结果认定改为“不予认定”：计票有误"]
    assert [change.text for change in problem.changes.all()] == texts
