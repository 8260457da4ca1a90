"""Recording what a meeting decided: after the seal, one after another, and 不合格 once into the ledger."""

import pytest

from campaigns.models.states import StateError
from reports.grading.actions import GradedMeanwhile, register_unqualified
from reports.ledger.actions import discard_problem
from reports.models import Grading, MemberGrade, Problem
from tests.factories import make_open_poll, make_user
from tests.reports.grading.members import decide, make_graded_poll

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_before_the_seal_nothing_is_graded():
    poll = make_open_poll()

    with pytest.raises(StateError, match="尚未封存"):
        decide(poll, ["合格"])

    assert not Grading.objects.exists()


def test_whoever_did_not_see_the_last_decision_writes_nothing():
    poll = make_graded_poll({"222": 5})
    decide(poll, ["合格", "合格", "合格"])

    with pytest.raises(GradedMeanwhile, match="别人登记过等次"):
        decide(poll, ["优秀", "合格", "合格"])

    assert Grading.objects.get().number == 1
    assert set(MemberGrade.objects.values_list("value", flat=True)) == {"qualified"}


def test_an_unqualified_member_is_one_problem_however_often_asked():
    poll, secretary = make_graded_poll({"422": 5}), make_user()
    decide(poll, ["不合格", "合格", "合格"], reasons={0: "长期不参加组织生活"})
    target = poll.targets.get(name="党员甲")

    problem = register_unqualified(target, by=secretary)

    assert register_unqualified(target, by=secretary) == problem
    assert problem.content == "民主评议党员，党员甲于2026年11月20日被评定为不合格：长期不参加组织生活"
    assert (problem.organization, problem.campaign, problem.subject) == (poll.organization, poll.campaign, "党员甲")
    assert not problem.is_from_an_opinion


@pytest.mark.parametrize("label", ["优秀", "合格", "基本合格"])
def test_no_other_grade_leads_to_the_ledger(label):
    poll = make_graded_poll({"222": 5})
    decide(poll, [label, "合格", "合格"])

    with pytest.raises(StateError, match="不合格的才转入"):
        register_unqualified(poll.targets.get(name="党员甲"), by=None)

    assert not Problem.objects.exists()


def test_a_problem_is_told_once_that_the_grade_was_changed_and_may_be_made_again_when_discarded():
    poll = make_graded_poll({"422": 5})
    decide(poll, ["不合格", "合格", "合格"])
    target = poll.targets.get(name="党员甲")
    problem = register_unqualified(target, by=None)
    decide(poll, ["基本合格", "合格", "合格"], seen=1, change_reason="复议")
    decide(poll, ["基本合格", "优秀", "合格"], seen=2)

    told = [change.text for change in problem.changes.order_by("revision")]

    assert told == ["登记", "等次改为“基本合格”：复议"]
    decide(poll, ["不合格", "优秀", "合格"], seen=3)
    discard_problem(problem.pk)
    assert register_unqualified(target, by=None) != problem
