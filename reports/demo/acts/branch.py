"""A branch whose twelve members met twice (S0-5): the first half-year is told to its end, the second waits for its seal."""

from ballots.counting import closing, sealing
from campaigns import actions
from campaigns.models import Organization, Poll, Questionnaire

from ...grading.actions import Decision, record_grading
from ...models import Announcement, MemberGrade
from ...scope import Scope
from ...self_appraisals.actions import enter_self_appraisal
from .. import cases, words
from ..commenting import comment_on, leaders
from ..desk import sort_opinions
from ..publishing import announce, file, object_to, write
from ..rectifying import play
from ..stage import Stage


def branch(stage: Stage, root: Organization) -> None:
    sealed = _appraise(stage, root)
    stage.look_at_tables()
    _follow(stage, sealed)


def _appraise(stage: Stage, root: Organization) -> Poll:
    """S0-5: twelve members give each other a verdict; sealed. The same again half a year later, on phones.

    The second is closed, to be sealed by whoever tries the demo; then both stand side by side.
    """
    members = stage.add_members([(root, 12)], all_full=True)
    stage.promise([(member, 2) for member in members], contents=words.COMMITMENTS_IN_OFFICE)
    # Five lines about the branch, then 合格, the second grade, for each member.
    verdicts = "2" * 12
    before = _plenary(stage, root, days_ago=170, title=f"{stage.half_year(170)}支部党员大会群众评议")
    marks = ["11111" + verdicts] * 10 + ["12211" + verdicts, "1121-" + verdicts]
    facts = stage.enter(before, channel="meeting", category="党员", marks=marks, opinions=stage.opinions(before, 3))
    stage.close(before, [facts], entitled=12, attended=12)
    sealing.seal(before, by=stage.secretary)

    poll = _plenary(stage, root, days_ago=2, title="支部党员大会群众评议")
    marks = ["11111" + verdicts] * 9 + ["11211" + verdicts] * 2 + ["1121-" + verdicts]
    batch = stage.cast_with_slips(poll, channel="meeting", category="党员", marks=marks, spare=3)
    stage.close(poll, [(batch.pk, closing.BatchFacts(issued=12))], entitled=12, attended=12)
    return before


def _plenary(stage: Stage, root: Organization, *, days_ago: int, title: str) -> Poll:
    """A meeting of all members at which ballots are cast."""
    campaign = stage.campaign(
        root,
        "branch-plenary",
        title=title,
        period=stage.half_year(days_ago),
        starts_on=stage.day(days_ago + 1),
        ends_on=stage.day(days_ago - 1),
        # Its ballots were cast on its days; the demo casts them now.
        is_stopped_on_time=False,
    )
    actions.remove_questionnaire(campaign.questionnaires.get(key="member-four"))
    actions.copy_questionnaire(campaign, "member-verdict", rule=Questionnaire.TargetRule.ITS_MEMBERS)
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=days_ago, place="管委会二楼会议室", supervisor="县直机关党工委")
    return poll


def _grade(stage: Stage, poll: Poll) -> None:
    """S0-5: two members hand in their self-appraisals, and the branch's meeting finds all twelve 合格."""
    members = poll.organization.members.order_by("pk")
    for member, text in zip(members, words.SELF_APPRAISALS, strict=False):
        enter_self_appraisal(poll, member, text=text, upload=None, by=stage.secretary)
    graded = poll.targets.exclude(member=None).order_by("position").values_list("pk", flat=True)
    meeting = {
        "held_on": stage.day(167),
        "host": poll.host,
        "present_count": 12,
        "member_count": 12,
        "attended_count": 12,
    }
    decisions = [Decision(target, MemberGrade.Value.QUALIFIED, False, "") for target in graded]
    record_grading(poll, meeting, decisions, seen=0, by=stage.secretary)


def _follow(stage: Stage, poll: Poll) -> None:
    """S0-5: the first half-year's 小结 is filed; its notice is over, and what was objected is answered."""
    sort_opinions(stage, poll)
    (superior,) = leaders(stage, ["县直机关党工委副书记"])
    comment_on(stage, poll.campaign, [poll.organization], by=[superior], days_ago=169, followed_up=100)
    comment_on(
        stage,
        poll.campaign,
        [],
        members=poll.organization.members.exclude(post="secretary").select_related("organization")[:3],
        by=leaders(stage, ["支部书记"]),
        days_ago=166,
    )
    _grade(stage, poll)
    for case in cases.OF_THE_BRANCH:
        play(stage, poll, case)
    write(stage, Scope.of_poll(poll), words.SUMMARY_OF_THE_BRANCH, signed=168)
    file(stage, Scope.of_poll(poll))
    notice = announce(
        stage,
        poll,
        days_ago=165,
        audience=Announcement.Audience.PRINT,
        place="管委会一楼公开栏",
        office="管委会党支部",
        phone="0000-0000002",
        # Results about single members hang on no wall.
        target_ids=list(poll.targets.filter(member=None).values_list("pk", flat=True)),
    )
    object_to(stage, notice, **words.OBJECTION)
