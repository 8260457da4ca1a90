"""The steps of the appraisal of members at one unit: how far each has come, and no count of votes."""

from datetime import date, timedelta

import pytest

from campaigns import actions
from reports.grading.steps import step_progress
from reports.self_appraisals.actions import enter_self_appraisal
from tests.factories import make_comment, make_member, make_organization, make_sealed_poll
from tests.reports.grading.members import decide, make_graded_poll

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def add_steps(campaign, *kinds):
    for place, kind in enumerate(kinds):
        starts = TODAY + timedelta(days=10 * place - 20)
        campaign.steps.create(kind=kind, position=place, starts_on=starts, ends_on=starts + timedelta(days=9))


def shown(poll):
    return [(step.label, step.place, step.note) for step in step_progress(poll, today=TODAY)]


def test_each_step_says_how_far_it_has_come():
    poll = make_graded_poll({"22": 5}, full=2)
    add_steps(poll.campaign, "self", "mutual", "comment", "grade")
    member = poll.targets.first().member
    enter_self_appraisal(poll, member, text="字", upload=None, by=None)
    for _ in range(2):
        make_comment(poll.campaign, poll.organization, member)

    before = shown(poll)
    decide(poll, ["合格", "合格"])

    assert before == [
        ("党员自评", "current", "1/2名已交自评，已过期"),
        ("党员互评", "done", "评议点已封存"),
        ("书记点评", "current", "已点评1/2名"),
        ("综合定格", "ahead", "尚未评定"),
    ]
    assert shown(poll)[-1] == ("综合定格", "done", "2026年11月20日会议评定")


def test_steps_without_anything_to_count_go_by_their_days():
    poll = make_sealed_poll()
    add_steps(poll.campaign, "review", "meeting", "votes")

    review, *_ = steps = step_progress(poll, today=TODAY)

    assert [(step.label, step.place) for step in steps][:2] == [("组织回顾总结", "done"), ("民主生活会", "done")]
    assert review.days == "2026年10月31日至2026年11月9日"


def test_an_open_poll_tells_its_state_and_no_number():
    poll = make_graded_poll({"22": 5}, full=2, is_sealed=False)
    add_steps(poll.campaign, "mass")

    assert shown(poll) == [("群众评议", "current", "评议点评议中，已过期")]


def test_a_campaign_without_steps_costs_one_query(django_assert_num_queries):
    poll = make_sealed_poll()

    with django_assert_num_queries(1):
        assert step_progress(poll, today=TODAY) == []


@pytest.mark.parametrize(
    ("appraisal", "kinds"),
    [
        ("members-yearly", ["self", "mutual", "mass", "comment", "grade"]),
        ("members-five-steps", ["review", "self", "votes", "meeting", "grade"]),
        ("branch-plenary", []),
    ],
)
def test_a_campaign_takes_the_steps_of_its_appraisal(appraisal, kinds):
    root = make_organization("第一支部", kind="branch")
    make_member(root)

    campaign = actions.create_campaign(
        organizer=root, appraisal=appraisal, title="评议党员", period="2026年度", by=None
    )

    assert list(campaign.steps.values_list("kind", flat=True)) == kinds
    assert campaign.is_self_excluded is bool(kinds)
