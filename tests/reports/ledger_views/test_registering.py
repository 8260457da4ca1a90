"""Registering a problem, from nothing and from a confirmed finding, and taking it out again."""

import re
from datetime import date

import pytest
from django.urls import reverse

from campaigns.models import Commitment
from reports.findings.actions import decide_finding
from reports.ledger.measures import add_measure, add_note
from reports.models import OpinionReading, Problem
from reports.opinions.desk import send_to_ledger
from tests.factories import (
    make_campaign,
    make_cast,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
)

from .asking import ADD, DAY, at, text

pytestmark = pytest.mark.django_db

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
