"""A village branch that appraised its members in five steps (S2): sealed, each grade decided in a meeting, the report handed in."""

from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Organization, Poll

from ...grading.actions import Decision, record_grading
from ...models import MemberGrade
from ...self_appraisals.actions import enter_self_appraisal
from ...work_reports.actions import hand_in
from .. import words
from ..commenting import comment_on, leaders
from ..desk import sort_opinions
from ..papers import word_file
from ..stage import Stage

MEMBERS, NEIGHBOURS = 9, 6
# The days of each step, counted back: 回顾总结, 自评, 自评互评群众评相结合, 民主生活会, 综合定格.
STEP_DAYS = ((40, 38), (37, 35), (34, 34), (33, 33), (32, 32))
# The verdicts on each member, by all who mark others: 优秀 and 合格.
EXCELLENT = (0, 3)


def five_steps(stage: Stage, root: Organization) -> None:
    poll = _appraise(stage, root)
    stage.look_at_tables()
    _follow(stage, poll)


def _appraise(stage: Stage, root: Organization) -> Poll:
    """S2: members give each other a verdict, each but the own, and people of their posts give theirs; sealed."""
    stage.add_members([(root, MEMBERS)], deputies=1, all_full=True)
    campaign = stage.campaign(
        root,
        "members-five-steps",
        title=f"{stage.half_year(34)}五步评议",
        period=stage.half_year(34),
        starts_on=stage.day(40),
        ends_on=stage.day(32),
    )
    kinds = campaign.steps.order_by("position").values_list("kind", flat=True)
    days = [(stage.day(first), stage.day(last)) for first, last in STEP_DAYS]
    actions.write_steps(campaign, [(kind, *between) for kind, between in zip(kinds, days, strict=True)])
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=34, place="村委会会议室", supervisor="乡党委组织委员")
    verdicts = "".join("1" if place in EXCELLENT else "2" for place in range(MEMBERS))
    own = [f"{verdicts[:place]}-{verdicts[place + 1 :]}" for place in range(MEMBERS)]
    facts = [
        stage.enter(poll, channel="meeting", category="党员", marks=own, opinions=stage.opinions(poll, 2)),
        stage.enter(poll, channel="interview", category="群众代表", marks=[verdicts] * NEIGHBOURS),
    ]
    stage.close(poll, facts, entitled=MEMBERS + NEIGHBOURS, attended=MEMBERS + NEIGHBOURS)
    sealing.seal(poll, by=stage.secretary)
    return poll


def _follow(stage: Stage, poll: Poll) -> None:
    """S2: the branch's report, two self-appraisals, the comments of its secretary, and the grades that the meeting decided."""
    sort_opinions(stage, poll)
    members = poll.organization.members.order_by("pk").select_related("organization")
    hand_in(poll, word_file("支部工作报告.docx", words.WORK_REPORT), by=stage.secretary)
    for member, text in zip(members, words.SELF_APPRAISALS_IN_VILLAGE, strict=False):
        enter_self_appraisal(poll, member, text=text, upload=None, by=stage.secretary)
    comment_on(stage, poll.campaign, [], members=members[1:4], by=leaders(stage, ["支部书记"]), days_ago=33)
    targets = poll.targets.order_by("position").values_list("pk", flat=True)
    grades = [
        MemberGrade.Value.EXCELLENT if place in EXCELLENT else MemberGrade.Value.QUALIFIED for place in range(MEMBERS)
    ]
    meeting = {
        "held_on": stage.day(32),
        "host": poll.host,
        "present_count": MEMBERS,
        "member_count": MEMBERS,
        "attended_count": MEMBERS,
    }
    decisions = [Decision(target, grade, False, "") for target, grade in zip(targets, grades, strict=True)]
    record_grading(poll, meeting, decisions, seen=0, by=stage.secretary)
