"""A college whose people were all satisfied (S0-4): sealed, the 小结 filed, the result on display."""

from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Organization, Poll

from ...models import Announcement
from ...scope import Scope
from .. import cases, words
from ..desk import sort_opinions
from ..publishing import announce, file, object_to, write
from ..rectifying import play
from ..stage import Stage


def college(stage: Stage, root: Organization) -> None:
    poll = _appraise(stage, root)
    stage.look_at_tables()
    _follow(stage, poll)


def _appraise(stage: Stage, root: Organization) -> Poll:
    """S0-4: 66 at one meeting, all satisfied; sealed."""
    branches = [
        Organization(name=name, kind=Organization.Kind.BRANCH, parent=root)
        for name in ("教工第一党支部", "教工第二党支部", "学生党支部")
    ]
    actions.add_organizations(branches)
    stage.add_members([(root, 5), *((branch, 13) for branch in branches)])
    campaign = stage.campaign(
        root,
        "unit-overall",
        title="体育学院党总支群众评议",
        period=f"{stage.year}年度",
        starts_on=stage.day(48),
        ends_on=stage.day(46),
    )
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=47, place="体育学院报告厅")
    facts = [
        stage.enter(poll, channel="meeting", category="党员", marks="1" * 41, opinions=stage.opinions(poll, 8)),
        stage.enter(poll, channel="meeting", category="普通群众代表", marks="1" * 25, opinions=stage.opinions(poll, 5)),
    ]
    stage.close(poll, facts, entitled=66, attended=66)
    sealing.seal(poll, by=stage.secretary)
    return poll


def _follow(stage: Stage, poll: Poll) -> None:
    """S0-4: the 小结 is filed, the result is on display."""
    sort_opinions(stage, poll)
    for case in cases.OF_THE_COLLEGE:
        play(stage, poll, case)
    write(stage, Scope.of_poll(poll), words.SUMMARY_OF_THE_COLLEGE, signed=44)
    file(stage, Scope.of_poll(poll))
    notice = announce(
        stage,
        poll,
        days_ago=0,
        audience=Announcement.Audience.PUBLIC,
        place="学院一楼公开栏",
        office="学院党总支办公室",
        phone="0000-0000001",
        has_problems=True,
    )
    object_to(stage, notice, text="意见建议的办理情况没有逐条列出，希望一并公布。")
