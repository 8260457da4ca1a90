"""Announcements of many polls by one pattern."""

from datetime import date

import pytest

from campaigns.actions import make_polls
from campaigns.models import TargetKind
from campaigns.polls_for_deed import keys_of
from reports.announcements import for_all
from reports.announcements.for_all import (
    NoticePattern,
    announce_planned,
    plan_announcing,
    questionnaires_to_announce,
)
from reports.models import Announcement
from reports.scope import Scope
from tests.factories import make_campaign, make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db
TODAY, FIRST, LAST = date(2026, 9, 28), date(2026, 9, 29), date(2026, 10, 10)
PATTERN = NoticePattern(
    questionnaire_keys=("org",),
    has_problems=False,
    audience="print",
    place="党务公开栏",
    starts_on=FIRST,
    ends_on=LAST,
    office="党委组织部",
    phone="010-12345678",
)


def sealed(marks=None):
    root = make_organization()
    branches = [make_organization(f"第{n}支部", parent=root, kind="branch") for n in "一二"]
    return Scope.of(make_sealed_campaign(root, branches, marks), root)


def announce(scope, pattern=PATTERN, *, is_published=True):
    return announce_planned(plan_announcing(scope), pattern, by=None, today=TODAY, is_published=is_published)


@pytest.mark.parametrize("is_published", [True, False])
def test_each_unit_gets_an_announcement_of_its_own(is_published):
    scope = sealed()

    outcome = announce(scope, is_published=is_published)

    made = list(Announcement.objects.order_by("poll__path"))
    assert outcome.done == [announcement.poll_id for announcement in made] == keys_of(scope.polls)
    assert {(notice.starts_on, notice.ends_on, notice.office, notice.place) for notice in made} == {
        (FIRST, LAST, "党委组织部", "党务公开栏")
    }
    assert [notice.target_ids for notice in made] == [[notice.poll.targets.get().pk] for notice in made]
    assert all("第一支部" in notice.title or "第二支部" in notice.title for notice in made)
    assert {notice.is_draft for notice in made} == {not is_published}


def test_a_second_press_makes_no_second_announcement():
    scope = sealed()
    announce(scope, is_published=False)

    plan = plan_announcing(scope)
    outcome = announce(scope)

    assert (len(plan.announced), plan.ready, outcome.done) == (2, [], [])
    assert Announcement.objects.count() == 2


def test_of_two_presses_at_once_the_second_is_told():
    scope = sealed()
    plan = plan_announcing(scope)
    announce(scope)

    outcome = announce_planned(plan, PATTERN, by=None, today=TODAY, is_published=True)

    assert {reason for _, reason in outcome.refused} == {"刚刚有人做了公示，没有再做一份。"}
    assert Announcement.objects.count() == 2


def test_what_was_taken_down_may_be_announced_again():
    scope = sealed()
    announce(scope, PATTERN)
    Announcement.objects.update(withdrawn_at="2026-09-28T00:00Z", withdrawn_reason="更正")

    assert len(plan_announcing(scope).ready) == 2


def test_too_few_ballots_are_announced_by_nobody_and_leave_no_draft():
    scope = sealed({"11": 2})

    outcome = announce(scope)

    assert (outcome.done, len(outcome.refused)) == ([], 2)
    assert all(reason.endswith("不能公示。") for _, reason in outcome.refused)
    assert not Announcement.objects.exists()


def test_a_refused_publication_leaves_no_draft():
    scope = sealed()

    outcome = announce_planned(plan_announcing(scope), PATTERN, by=None, today=LAST, is_published=True)

    assert "已过" in outcome.refused[0][1]
    assert not Announcement.objects.exists()


def test_a_ballot_without_the_chosen_questionnaire_is_named():
    outcome = announce(sealed(), NoticePattern(**{**PATTERN.shared_facts, "questionnaire_keys": ("secretary",)}))

    assert {reason for _, reason in outcome.refused} == {"票上没有所选评议表的结果。"}


def test_questionnaires_about_persons_are_marked():
    scope = sealed()
    asked = scope.campaign.questionnaires.get()
    before = questionnaires_to_announce(scope.campaign)
    scope.campaign.questionnaires.update(target_kind=TargetKind.SECRETARY, target_rule="its_secretary")

    assert before == [(asked, False)]
    assert questionnaires_to_announce(scope.campaign) == [(asked, True)]


def test_what_is_not_sealed_waits_and_planning_takes_one_query(django_assert_num_queries):
    root = make_organization()
    campaign = make_campaign(root)
    make_polls(campaign, [root])
    scope = Scope.of(campaign, root)

    with django_assert_num_queries(1):
        plan = plan_announcing(scope)

    assert (len(plan.waiting), plan.ready) == (1, [])


def test_of_some_polls_only_those_are_planned():
    scope = sealed()
    first, second = keys_of(scope.polls)

    plan = plan_announcing(scope, scope.polls.filter(pk=second))

    assert plan.ready == [second]
    assert plan.mark not in (plan_announcing(scope).mark, plan_announcing(scope, scope.polls.filter(pk=first)).mark)


def test_the_rest_waits_for_the_next_press_which_begins_there(monkeypatch):
    scope = sealed()
    first, second = keys_of(scope.polls)
    plan = plan_announcing(scope)
    facts = {"by": None, "today": TODAY, "is_published": False}

    begun = announce_planned(plan, PATTERN, **facts, begin=str(second))
    Announcement.objects.all().delete()
    monkeypatch.setattr(for_all, "SECONDS_AT_ONCE", -1)
    stopped = announce_planned(plan, PATTERN, **facts)

    assert begun.done == [second, first]
    assert (stopped.done, stopped.left) == ([], [first, second])
    assert not Announcement.objects.exists()
