"""A branch whose members graded one another, and what its meeting decided."""

from datetime import date

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Poll
from reports.grading.actions import Decision, record_grading
from reports.models import MemberGrade
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_member,
    make_organization,
)

MEETING = {
    "held_on": date(2026, 11, 20),
    "host": "王书记",
    "present_count": 10,
    "member_count": 12,
    "attended_count": 12,
    "excellent_reason": "",
}
NAMES = "甲乙丙丁戊己庚辛壬癸子丑"
VALUES = {label: value for value, label in MemberGrade.Value.choices}


def make_graded_poll(ballots, *, full=3, probationary=(), branch=None, is_sealed=True, **overrides) -> Poll:
    """A sealed poll in which the members of a branch grade one another: marks → how many."""
    branch = branch or make_organization("第一支部", kind="branch")
    for place in range(full):
        make_member(branch, f"党员{NAMES[place] if place < len(NAMES) else place}")
    for name in probationary:
        make_member(branch, name, status="probationary")
    campaign = make_campaign(branch, indicators=("评定",), scale="member-4", **overrides)
    campaign.questionnaires.update(target_kind="member", target_rule="its_members", title="党员评议表")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), ballots)
    if is_sealed:
        close_poll(poll)
        sealing.seal(poll, by=None)
    return poll


def decide(poll, labels, *, seen=0, by=None, reasons=None, **meeting):
    """Record the grades of the members in their order, by label; `reasons` by place."""
    reasons = reasons or {}
    decisions = [
        Decision(target.pk, VALUES[label], place in reasons, reasons.get(place, ""))
        for place, (target, label) in enumerate(zip(poll.targets.order_by("position"), labels, strict=True))
    ]
    facts = MEETING | meeting | ({"change_reason": "核对后变更"} if seen and "change_reason" not in meeting else {})
    return record_grading(poll, facts, decisions, seen=seen, by=by)


def make_graded_branches(*grades):
    """A committee whose branches, one for each list of grades, voted 合格 throughout; None has not decided."""
    root = make_organization("某局党委")
    branches = [
        make_organization(f"第{'一二三四'[place]}支部", parent=root, kind="branch") for place in range(len(grades))
    ]
    for branch in branches:
        for name in ("党员甲", "党员乙"):
            make_member(branch, name)
    make_member(branches[0], "刘某", status="probationary")
    campaign = make_campaign(root, indicators=("评定",), scale="member-4")
    campaign.questionnaires.update(target_kind="member", target_rule="its_members", title="党员评议表")
    actions.make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    for poll, labels in zip(campaign.polls.order_by("path"), grades, strict=True):
        enter_ballots(make_batch(poll, method="entered"), {"22": 5})
        close_poll(poll)
        sealing.seal(poll, by=None)
        if labels:
            reasons = {place: "会议评定" for place, label in enumerate(labels) if label != "合格"}
            decide(poll, labels, reasons=reasons, member_count=3, attended_count=2, present_count=2)
    return campaign
