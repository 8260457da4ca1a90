"""A revote is made out of the ledger, and its outcome goes back into it."""

from fractions import Fraction

import pytest
from django.db import IntegrityError

from campaigns import actions
from campaigns.models import Campaign, Category, Target
from reports.ledger.actions import reopen_problem
from reports.models import Problem, Revote
from reports.revotes.actions import call_revote, revotable, settle_revotes
from tests.factories import make_campaign, make_closed_problem, make_organization, make_problem
from tests.reports.revotes.voted import called, voted

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def unit():
    return make_organization()


def test_every_problem_is_a_section_of_its_own_unit_s_ballot(unit):
    branch, other = (make_organization(name, parent=unit, kind="branch") for name in ("第一党支部", "第二党支部"))
    for home, content in ((branch, "食堂太挤"), (branch, "路灯不亮"), (other, "食堂太挤")):
        make_closed_problem(home, content=content)

    campaign = called(unit, Problem.objects.all())

    listed = {poll.organization.name: [target.name for target in poll.targets.all()] for poll in campaign.polls.all()}
    assert listed == {"第一党支部": ["食堂太挤", "路灯不亮"], "第二党支部": ["食堂太挤"]}
    assert [indicator.text for indicator in campaign.questionnaires.get().indicators.all()] == [
        "对上期问题整改情况的总体评价"
    ]


def test_three_questions_and_the_whole_are_asked_where_that_is_chosen(unit):
    make_closed_problem(unit)

    campaign = called(unit, Problem.objects.all(), is_overall_alone=False)

    assert campaign.questionnaires.get().indicators.count() == 4


def test_two_problems_that_read_alike_and_one_too_long_get_names_of_their_own(unit):
    for content in ("食堂太挤", "食堂太挤", "长" * 500):
        make_closed_problem(unit, content=content)

    names = list(called(unit, Problem.objects.all()).polls.get().targets.values_list("name", flat=True))

    assert names[:2] == ["食堂太挤", "食堂太挤（2）"]
    assert len(names[2]) <= Target._meta.get_field("name").max_length


def test_the_people_of_the_campaign_that_the_problems_come_from_are_asked(unit):
    source = make_campaign(unit)
    Category.objects.create(campaign=source, name="服务窗口办事人", position=3)
    make_closed_problem(unit, campaign=source)

    campaign = called(unit, Problem.objects.all())

    assert [each.name for each in campaign.categories.all()] == ["党员", "群众代表", "服务窗口办事人"]


def test_only_answered_problems_that_nobody_is_asked_about_can_be_put_to_the_vote(unit):
    make_problem(unit, content="还没有措施")
    elsewhere = make_closed_problem(make_organization("别的单位"))
    judged = make_closed_problem(unit, content="再评过")
    judged.judge(verdict="satisfied", note="")
    wanted = make_closed_problem(unit, content="可以再评")

    assert list(revotable(unit)) == [wanted]
    called(unit, [wanted])
    assert list(revotable(unit)) == []
    with pytest.raises(ValueError, match="请重新选择"):
        called(unit, [elsewhere], title="另一次")
    assert Campaign.objects.count() == 1


def test_a_revote_that_was_taken_back_before_it_opened_frees_the_problem(unit):
    problem = make_closed_problem(unit)
    actions.delete_campaign(called(unit, [problem]))

    assert list(revotable(unit)) == [problem]
    assert not Revote.objects.exists()


def test_a_problem_over_the_limit_is_taken_up_again_and_its_history_says_why():
    outcome = voted(*"111333")

    assert settle_revotes([outcome], by=None) == (1, 1)

    problem = Problem.objects.get()
    assert (problem.state, problem.verdict) == ("underway", "")
    told = problem.changes.last().text
    assert "整改再评不满意超过1/3（满意3票、基本满意0票、不满意3票，共6票）" in told
    assert "此前群众再评“不满意”" in told


def test_a_problem_within_the_limit_stays_closed_with_the_people_s_verdict():
    outcome = voted(*"111133")

    assert settle_revotes([outcome], by=None) == (1, 0)

    problem = Problem.objects.get()
    assert (problem.state, problem.verdict) == ("closed", "satisfied")
    assert problem.verdict_note == "整改再评：满意4票、基本满意0票、不满意2票，共6票"


def test_an_outcome_is_written_once():
    outcome = voted(*"111333")
    settle_revotes([outcome], by=None)
    changes = Problem.objects.get().changes.count()

    assert settle_revotes([outcome], by=None) == (0, 0)
    assert Problem.objects.get().changes.count() == changes


@pytest.mark.parametrize("marks", ["13", "---"])
def test_without_votes_to_go_by_nothing_is_judged(marks):
    outcome = voted(*marks)

    judged, reopened = settle_revotes([outcome], by=None)

    problem = Problem.objects.get()
    assert reopened == 0
    if judged:
        assert problem.verdict == "fair"
    else:
        assert (problem.state, problem.verdict) == ("closed", "")
        assert "没有登记" in problem.changes.last().text
    assert Revote.objects.get().settled_at


def test_a_problem_that_was_taken_up_meanwhile_is_left_as_it_is():
    outcome = voted(*"111133")
    reopen_problem(outcome.problem.pk, reason="又坏了", is_answer_only=False, by=None)

    assert settle_revotes([outcome], by=None) == (0, 0)

    problem = Problem.objects.get()
    assert (problem.state, problem.verdict) == ("underway", "")
    assert "此前已重新启动整改" in problem.changes.last().text


def test_nothing_is_left_of_a_revote_that_is_refused(unit):
    problem = make_closed_problem(unit)
    facts = {"period": "2026年", "share": Fraction(1, 3), "is_overall_alone": True, "by": None}
    make_campaign(unit, title="同名")

    with pytest.raises(IntegrityError):
        call_revote(unit, [problem], title="同名", **facts)
    assert list(revotable(unit)) == [problem]
