"""The rectification ledger: its states, its history and its figures (DOMAIN A9, N12; scenario C6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.models.states import StateError
from reports.findings import crossings_of
from reports.findings.actions import decide_finding, register_finding
from reports.ledger import content
from reports.ledger.actions import Overtaken, close_problem, edit_problem, judge_problem, record, reopen_problem
from reports.ledger.content import LedgerEntry, LedgerFigures, MeasureEntry, ledger_content
from reports.ledger.measures import add_measure, add_note, edit_measure, finish_measure, remove_measure, resume_measure
from reports.models import Measure, Problem, ProblemChange
from reports.results.poll import results_of
from reports.scope import Scope
from reports.wording import Day
from tests.factories import (
    make_campaign,
    make_closed_problem,
    make_organization,
    make_problem,
    make_sealed_poll,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 1)
END = {"reply": "已答复", "publicity": "公开栏", "done_on": DAY}


def history(problem):
    return list(problem.changes.values_list("text", flat=True))


def state_of(problem):
    problem.refresh_from_db()
    return problem.state


# States.


def test_a_problem_goes_from_registered_to_closed_as_its_measures_do():
    problem = make_problem(make_organization())
    states = [problem.state]
    measure = add_measure(problem.pk, {"content": "增设窗口"}, by=None)
    states.append(state_of(problem))
    finish_measure(measure, done_on=DAY, by=None)
    states.append(state_of(problem))
    close_problem(problem.pk, seen=problem.revision, by=None, **END)
    states.append(state_of(problem))

    assert states == ["registered", "underway", "done", "closed"]


def test_a_treatment_alone_puts_a_problem_under_way():
    problem = make_problem(make_organization())

    edit_problem(problem.pk, {"treatment": "planned"}, seen=problem.revision, by=None)

    assert state_of(problem) == "underway"


def test_an_explained_problem_waits_for_its_reply_without_any_measure():
    problem = make_problem(make_organization())
    columns = {"treatment": "explained", "cause": "收费标准由省里统一规定"}

    edit_problem(problem.pk, columns, seen=problem.revision, by=None)

    assert state_of(problem) == "done"


def test_another_measure_or_an_undone_one_takes_a_problem_back_to_work():
    problem = make_problem(make_organization(), measures=[DAY])
    second = add_measure(problem.pk, {"content": "公布办理时限"}, by=None)
    states = [state_of(problem)]
    remove_measure(second, by=None)
    states.append(state_of(problem))
    resume_measure(problem.measures.get(), by=None)
    states.append(state_of(problem))

    assert states == ["underway", "done", "underway"]


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


def test_measures_with_something_to_show_are_not_removed():
    problem = make_problem(make_organization(), measures=[DAY, None, None])
    done, noted, idle = problem.measures.all()
    add_note(problem.pk, noted_on=DAY, text="已采购", measure=noted, by=None)

    with pytest.raises(StateError, match="已落实的措施不能删除"):
        remove_measure(done, by=None)
    with pytest.raises(StateError, match="已有进展记录"):
        remove_measure(noted, by=None)
    remove_measure(idle, by=None)

    assert list(problem.measures.all()) == [done, noted]


# Constraints.


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("problem_source_known", {"source": "elsewhere"}),
        ("problem_treatment_known", {"treatment": "later"}),
        ("problem_verdict_known", {"verdict": "angry"}),
        ("problem_explained_with_a_reason", {"treatment": "explained"}),
        ("problem_closed_only_with_a_reply", {"reply": ""}),
        ("problem_end_fits_the_state", {"done_on": None}),
        ("problem_end_fits_the_state", {"closed_at": None}),
        ("problem_end_fits_the_state", {"state": "underway"}),
        ("problem_end_fits_the_state", {"state": "unheard of"}),
    ],
)
def test_the_database_keeps_the_promises_about_a_closed_problem(name, facts):
    problem = make_closed_problem(make_organization())

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(**facts)


def test_a_measure_is_done_on_a_day_or_not_at_all():
    measure = make_problem(make_organization(), measures=[None]).measures.get()

    with pytest.raises(IntegrityError, match="measure_done_on_fits_the_state"):
        Measure.objects.filter(pk=measure.pk).update(state="done")


def test_no_two_changes_have_one_revision():
    problem = make_problem(make_organization())

    with pytest.raises(IntegrityError):
        ProblemChange.objects.create(problem=problem, revision=problem.revision, text="另一条")


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


def test_a_measure_removed_meanwhile_is_not_changed():
    problem = make_problem(make_organization(), measures=[None])
    measure = problem.measures.get()
    remove_measure(Measure.objects.get(pk=measure.pk), by=None)

    with pytest.raises(StateError, match="已经被别人删除"):
        finish_measure(measure, done_on=DAY, by=None)


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


# Figures.


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

    figures = ledger_content(Scope(campaign, unit), today=DAY).figures

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

    content = ledger_content(Scope(problem.campaign, unit), today=date(2026, 5, 31))

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

    (entry,) = ledger_content(Scope(problem.campaign, unit), today=DAY).entries

    assert (entry.state, entry.is_overdue, entry.done_on.text) == ("已办结", False, "2026年4月20日")
    assert (entry.reply, entry.verdict) == ("已在公开栏答复", "基本满意：还可再快")


def test_a_ledger_is_numbered_by_unit_and_one_poll_s_report_has_its_own_unit_s():
    committee = make_organization()
    branch = make_organization("第一党支部", parent=committee, kind="branch")
    campaign = make_campaign(committee)
    below = make_problem(branch, campaign=campaign)
    above = make_problem(committee, campaign=campaign)

    whole, part = Scope(campaign, committee), Scope(campaign, branch)

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
            ledger_content(Scope(campaign, unit), today=DAY)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 5


def test_the_next_deadlines_begin_with_overdue_problems_and_leave_out_closed_ones():
    unit = make_organization()
    none = make_problem(unit, content="没有时限")
    later = make_problem(unit, content="以后", due_on=date(2026, 6, 1))
    overdue = make_problem(unit, content="逾期", due_on=date(2026, 4, 1))
    make_closed_problem(unit, due_on=date(2026, 3, 1))
    make_problem(make_organization("外单位党委"), due_on=date(2026, 1, 1))

    due = content.deadlines([unit.path], today=DAY, limit=5)

    assert due == [overdue, later, none]
    assert [problem.is_overdue for problem in due] == [True, False, False]
    assert content.deadlines([unit.path], today=DAY, limit=1) == [overdue]
    assert content.ledger_progress([unit.path], today=DAY) == LedgerFigures(
        problems=4, closed=1, overdue=1, measures=1, done=1
    )
