"""The ledger's pages: what they show to whom, and what they refuse (DOMAIN A9; scenario C6)."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Commitment
from reports.findings import crossings_of
from reports.findings.actions import decide_finding
from reports.ledger.actions import edit_problem
from reports.ledger.measures import add_measure, add_note
from reports.models import Measure, OpinionReading, Problem, ProgressNote
from reports.opinions.desk import send_to_ledger
from reports.results.poll import results_of
from tests.factories import (
    make_campaign,
    make_cast,
    make_closed_problem,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 1)
LIST = reverse("reports:problem_list")
BOARD = reverse("reports:problem_board")
ADD = reverse("reports:problem_add")


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def unit(people):
    return people.organization


@pytest.fixture
def secretary(client, people):
    """A client logged in as the unit's secretary."""
    client.force_login(people.secretary)
    return client


def at(verb, problem, *more):
    return reverse(f"reports:{verb}", args=[problem.pk, *more])


def text(response):
    return response.content.decode()


def shown(response):
    """The problems on a page of the list, in order."""
    return [problem.content for problem in response.context["page"]]


# The list and the board.


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


@pytest.fixture
def mixed(unit):
    """Problems that differ in everything the filter knows, below the committee; and somebody else's."""
    branch = make_organization("第一党支部", parent=unit, kind="branch")
    campaign = make_campaign(unit)
    make_problem(branch, content="支部的", campaign=campaign, source="task")
    make_problem(unit, content="计划的", treatment="planned", responsible_person="李某")
    make_problem(unit, content="逾期的", due_on=DAY)
    make_closed_problem(unit, content="办结的")
    make_problem(make_organization("另一党委"), content="外单位的", campaign=campaign)
    return {"unit": branch.pk, "campaign": campaign.pk}


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


# Registering.

FACTS = {"source": "opinion", "content": "办事大厅排队时间长", "campaign": "", "treatment": ""}


def test_a_problem_is_registered_with_its_columns(secretary, people, unit):
    campaign = make_campaign(unit)

    answer = secretary.post(
        f"{ADD}?organization={unit.pk}&campaign={campaign.pk}",
        {
            **FACTS,
            "organization": unit.pk,
            "campaign": campaign.pk,
            "treatment": "at_once",
            "responsible_person": "李某",
            "due_on": "2026-12-31",
        },
    )

    problem = Problem.objects.get()
    assert answer["Location"] == at("problem_detail", problem)
    assert (problem.organization, problem.campaign, problem.created_by) == (unit, campaign, people.secretary)
    assert (problem.state, problem.responsible_person, problem.due_on) == ("underway", "李某", date(2026, 12, 31))


def test_the_form_comes_filled_in_from_the_address(secretary, unit):
    campaign = make_campaign(unit)

    form = secretary.get(f"{ADD}?organization={unit.pk}&campaign={campaign.pk}").context["form"]

    assert (form["organization"].value(), form["campaign"].value()) == (unit.pk, campaign.pk)


def test_an_unfulfilled_commitment_becomes_a_problem_that_remembers_it(secretary, unit):
    commitment = Commitment.objects.create(
        organization=unit, content="六月底前开通网上办理", status="unfulfilled", due_on=DAY
    )
    address = f"{ADD}?commitment={commitment.pk}"

    form = secretary.get(address).context["form"]
    filled = {name: form[name].value() or "" for name in ("organization", "source", "content", "subject", "due_on")}
    secretary.post(address, {**FACTS, **filled})
    again = text(secretary.get(address))

    assert filled == {
        "organization": unit.pk,
        "source": "commitment",
        "content": "公开承诺未兑现：六月底前开通网上办理",
        "subject": "某局党委",
        "due_on": DAY,
    }
    problem = Problem.objects.get()
    assert (problem.commitment, problem.source) == (commitment, "commitment")
    assert "不要重复登记" in again


def test_a_commitment_that_was_kept_is_no_problem(secretary, unit):
    commitment = Commitment.objects.create(
        organization=unit, content="已办好", status="fulfilled", fulfilled_on=DAY, note="已开通"
    )

    assert secretary.get(f"{ADD}?commitment={commitment.pk}").status_code == 404


def test_a_problem_is_not_registered_at_somebody_else_s_unit(secretary, unit):
    elsewhere = make_organization("另一党委")
    campaign = make_campaign(elsewhere)

    page = secretary.post(ADD, {**FACTS, "organization": elsewhere.pk, "campaign": campaign.pk})

    assert set(page.context["form"].errors) == {"organization", "campaign"}
    assert not Problem.objects.exists()


def test_a_campaign_that_does_not_cover_the_unit_is_refused(secretary, unit):
    branch = make_organization("第一党支部", parent=unit, kind="branch")

    page = secretary.post(ADD, {**FACTS, "organization": unit.pk, "campaign": make_campaign(branch).pk})

    assert page.context["form"].errors == {"campaign": ["“某局党委”不在这次评议活动的范围内，请另选活动或者留空。"]}


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"content": "  "}, {"content": ["请写明反映的问题。"]}),
        ({"due_on": "明年"}, {"due_on": ["请按“年-月-日”填写日期，如2026-05-01。"]}),
        ({"treatment": "explained", "cause": ""}, {"__all__": ["因政策原因解释说明的，请在原因分析中写明政策依据。"]}),
        ({"remarks": "看不见\u202e的字"}, {"remarks": ["含有看不见的控制字符（U+202E），请删去后重新输入。"]}),
    ],
)
def test_a_wrong_registration_is_refused_with_the_reason_and_keeps_the_typed_words(secretary, unit, facts, errors):
    page = secretary.post(ADD, {**FACTS, "organization": unit.pk, "subject": "办事大厅二楼", **facts})

    assert page.context["form"].errors == errors
    assert "办事大厅二楼" in text(page)
    assert not Problem.objects.exists()


@pytest.mark.parametrize("day", ["0206-05-01", "2206-05-01"])
def test_a_mistyped_year_of_a_deadline_is_refused(secretary, unit, day):
    page = secretary.post(ADD, {**FACTS, "organization": unit.pk, "due_on": day})

    (error,) = page.context["form"].errors["due_on"]
    assert re.fullmatch(r"完成时限应在2000年1月1日至20\d\d年12月31日之间，请检查年份。", error)


def test_a_deadline_in_the_past_is_taken_and_pointed_out(secretary, unit):
    page = secretary.post(ADD, {**FACTS, "organization": unit.pk, "due_on": "2020-05-01"}, follow=True)

    assert "完成时限已过，这个问题列为逾期；时限填错了的，请修改。" in text(page)


# Editing.


def edited(problem, **facts):
    columns = {"source": problem.source, "content": problem.content, "revision": problem.revision}
    return {**columns, "campaign": problem.campaign_id or "", "treatment": problem.treatment, **facts}


def test_an_edit_is_seen_in_the_history_with_who_and_when(secretary, people, unit):
    people.secretary.first_name = "王某"
    people.secretary.save()
    problem = make_problem(unit, due_on=DAY)

    page = secretary.post(at("problem_edit", problem), edited(problem, due_on="2026-06-01"), follow=True)

    change = problem.changes.last()
    assert (change.text, change.changed_by) == ("完成时限由“2026年5月1日”改为“2026年6月1日”", people.secretary)
    when = timezone.localtime(change.changed_at).strftime("%Y-%m-%d %H:%M")
    assert f"{when}　王某</span>　完成时限由“2026年5月1日”改为“2026年6月1日”" in text(page)


def test_a_problem_of_a_target_keeps_its_campaign_and_has_no_field_for_it(secretary, unit, settings):
    settings.CRISPY_FAIL_SILENTLY = False  # a field that is laid out and not there fails
    problem = make_problem(unit, target=make_sealed_poll(organizer=unit).targets.get())

    page = secretary.get(at("problem_edit", problem))

    assert 'name="remarks"' in text(page)
    assert 'name="campaign"' not in text(page)


def test_an_edit_over_another_s_is_refused_with_what_was_changed_and_can_be_sent_again(secretary, unit):
    problem = make_problem(unit)
    stale = edited(problem, category="收费")
    other = make_user("other", first_name="赵某")
    edit_problem(problem.pk, {"category": "窗口服务"}, seen=problem.revision, by=other)

    refused = secretary.post(at("problem_edit", problem), stale)
    problem.refresh_from_db()
    kept = problem.category
    secretary.post(at("problem_edit", problem), {**stale, "revision": refused.context["form"]["revision"].value()})

    assert "别人修改过这个问题（赵某：填写类别“窗口服务”）" in text(refused)
    assert 'value="收费"' in text(refused)
    assert kept == "窗口服务"
    problem.refresh_from_db()
    assert problem.category == "收费"


def test_an_edit_without_its_revision_is_refused(secretary, unit):
    problem = make_problem(unit)
    facts = edited(problem, category="收费")
    del facts["revision"]

    page = secretary.post(at("problem_edit", problem), facts)

    assert "页面内容没有完整送到，请重新打开本页再填。" in text(page)


def test_a_deadline_before_that_of_a_measure_is_refused(secretary, unit):
    problem = make_problem(unit)
    add_measure(problem.pk, {"content": "增设窗口", "due_on": DAY}, by=None)
    problem.refresh_from_db()

    page = secretary.post(at("problem_edit", problem), edited(problem, due_on="2026-04-30"))

    assert page.context["form"].errors == {
        "due_on": ["措施“增设窗口”的完成时限是2026年5月1日，晚于这里填的日期。请先改这条措施的时限，或者把这里改晚。"]
    }


def test_a_closed_problem_is_not_edited(secretary, unit):
    problem = make_closed_problem(unit)

    page = secretary.post(at("problem_edit", problem), edited(problem, category="收费"), follow=True)

    assert "已办结的问题不能修改" in text(page)
    problem.refresh_from_db()
    assert problem.category == ""


def test_written_words_are_shown_as_text(secretary, unit):
    problem = make_problem(unit, content="<script>alert(1)</script>")

    assert "<script>alert" not in text(secretary.get(at("problem_detail", problem)))


# Measures and progress.


def test_a_measure_is_added_changed_finished_and_undone(secretary, unit):
    problem = make_problem(unit)
    secretary.post(at("measure_add", problem), {"content": "增设窗口", "responsible_person": "李某", "due_on": ""})
    measure = problem.measures.get()
    problem.refresh_from_db()
    changed = {"content": "增设两个窗口", "due_on": "2026-05-01", "revision": problem.revision}
    secretary.post(at("measure_edit", problem, measure.pk), changed)
    secretary.post(at("measure_finish", problem, measure.pk), {"done_on": "2026-04-30"})
    measure.refresh_from_db()
    finished = (measure.content, measure.due_on, measure.state, measure.done_on)
    secretary.post(at("measure_undo", problem, measure.pk))
    measure.refresh_from_db()

    assert finished == ("增设两个窗口", DAY, "done", date(2026, 4, 30))
    assert (measure.state, measure.done_on) == ("underway", None)


def test_a_measure_is_not_due_after_its_problem(secretary, unit):
    problem = make_problem(unit, due_on=DAY)

    page = secretary.post(at("measure_add", problem), {"content": "增设窗口", "due_on": "2026-05-02"})

    assert page.context["form"].errors == {"due_on": ["措施的完成时限不能晚于问题的完成时限（2026年5月1日）。"]}
    assert "增设窗口" in text(page)
    assert not Measure.objects.exists()


def test_a_measure_finished_tomorrow_is_refused(secretary, unit):
    problem = make_problem(unit, measures=[None])
    tomorrow = timezone.localdate() + timedelta(1)

    page = secretary.post(at("measure_finish", problem, problem.measures.get().pk), {"done_on": tomorrow})

    assert page.context["form"].errors == {"done_on": ["落实日期应在2000年1月1日至今天之间，不能填以后的日期。"]}
    assert problem.measures.get().state == "underway"


def test_a_measure_of_another_problem_is_not_there(secretary, unit):
    problem, other = make_problem(unit), make_problem(unit, measures=[None])

    answer = secretary.post(at("measure_remove", problem, other.measures.get().pk))

    assert answer.status_code == 404
    assert other.measures.count() == 1


def test_a_measure_is_removed_only_while_nothing_was_done_about_it(secretary, unit):
    problem = make_problem(unit, measures=[None, None])
    idle, noted = problem.measures.all()
    add_note(problem.pk, noted_on=DAY, text="已采购", measure=noted, by=None)

    page = text(secretary.get(at("problem_detail", problem)))
    secretary.post(at("measure_remove", problem, idle.pk))
    refused = secretary.post(at("measure_remove", problem, noted.pk), follow=True)

    assert at("measure_remove", problem, idle.pk) in page
    assert at("measure_remove", problem, noted.pk) not in page
    assert "这条措施已有进展记录，不能删除。" in text(refused)
    assert list(problem.measures.all()) == [noted]


def test_progress_is_noted_with_its_day(secretary, unit):
    problem = make_problem(unit, measures=[None])
    measure = problem.measures.get()

    page = secretary.post(
        at("note_add", problem), {"noted_on": "2026-04-09", "text": "已选址", "measure": measure.pk}, follow=True
    )

    note = ProgressNote.objects.get()
    assert (note.problem, note.measure, note.noted_on, note.text) == (problem, measure, date(2026, 4, 9), "已选址")
    assert "<b>2026-04-09</b>　已选址" in text(page)


def test_progress_without_words_is_refused_and_keeps_its_day(secretary, unit):
    problem = make_problem(unit)

    page = secretary.post(at("note_add", problem), {"noted_on": "2026-04-09", "text": ""})

    assert page.context["form"].errors == {"text": ["请写明做了什么、做到哪一步。"]}
    assert 'value="2026-04-09"' in text(page)


# The end.


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


# From a finding.


@pytest.fixture
def judged():
    """A sealed poll with one crossed threshold: its poll and the crossing's address."""
    poll = make_sealed_poll({"11": 79, "13": 41}, thresholds=["org-dissatisfied-third"])
    (crossing,) = crossings_of([results_of(poll)])
    key = (poll.pk, crossing.threshold.key, crossing.target_id)
    return poll, crossing, reverse("reports:finding_problem", args=key)


@pytest.mark.parametrize("state", [None, "dismissed"])
def test_a_finding_goes_to_the_ledger_only_after_it_was_confirmed(client, judged, state):
    poll, crossing, address = judged
    people = make_cast(poll.organization)
    if state:
        decide_finding(crossing, state=state, by=people.officer, reason="重复计入")
    client.force_login(people.secretary)

    results = text(client.get(reverse("reports:poll_results", args=[poll.pk])))
    page = client.post(address, follow=True)

    assert address not in results
    assert "认定以后才能转入整改台账" in text(page)
    assert not Problem.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "officer"])
def test_a_confirmed_finding_becomes_one_problem_however_often_it_is_sent(client, judged, who):
    poll, crossing, address = judged
    people = make_cast(poll.organization)
    decide_finding(crossing, state="confirmed", by=people.officer, reason="")
    client.force_login(getattr(people, who))
    results = reverse("reports:poll_results", args=[poll.pk])

    before = text(client.get(results))
    sent = [client.post(address)["Location"] for _ in range(2)]
    after = text(client.get(results))

    problem = Problem.objects.get()
    assert address in before
    assert sent == [at("problem_detail", problem)] * 2
    assert address not in after
    assert at("problem_detail", problem) in after
    assert (problem.content, problem.source, problem.subject) == (crossing.fact, "task", "某局党委")
    assert (problem.organization, problem.campaign, problem.target_id) == (
        poll.organization,
        poll.campaign,
        crossing.target_id,
    )
    assert problem.finding.state == "confirmed"


def test_a_teller_is_shown_neither_button_nor_problem(client, judged):
    poll, crossing, address = judged
    people = make_cast(poll.organization)
    decide_finding(crossing, state="confirmed", by=people.officer, reason="")
    client.force_login(people.teller)

    page = text(client.get(reverse("reports:poll_results", args=[poll.pk])))

    assert address not in page
    assert client.post(address).status_code == 403


def test_a_problem_registered_by_mistake_goes_and_its_opinion_is_free_again(secretary, people):
    poll = make_sealed_poll(organizer=people.organization)
    opinion = make_opinion(poll, "路灯坏了")
    problem, _ = send_to_ledger(opinion, by=people.secretary)

    page = text(secretary.get(at("problem_detail", problem)))
    secretary.post(at("problem_discard", problem))

    assert "登记错的" in page
    assert (Problem.objects.count(), OpinionReading.objects.get().problem) == (0, None)


@pytest.mark.parametrize("begin", ["measure", "note"])
def test_a_problem_with_work_begun_is_not_taken_out_of_the_ledger(secretary, people, unit, begin):
    problem = make_problem(unit)
    if begin == "measure":
        add_measure(problem.pk, {"content": "换灯泡"}, by=people.secretary)
    else:
        add_note(problem.pk, by=people.secretary, noted_on=DAY, text="看过现场")

    page = text(secretary.get(at("problem_detail", problem)))
    answer = secretary.post(at("problem_discard", problem), follow=True)

    assert "登记错的" not in page
    assert "不能删除" in text(answer)
    assert Problem.objects.get() == problem
