"""A water bureau whose report was appraised (S0-1): sealed, every opinion read, the 小结 a draft."""

from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Organization, Poll

from ...scope import Scope
from .. import cases, words
from ..desk import merge, sort_opinions
from ..drafting import draft_report
from ..publishing import write
from ..rectifying import play
from ..stage import Stage


def report_draft(stage: Stage, root: Organization) -> None:
    poll = _appraise(stage, root)
    stage.look_at_tables()
    _follow(stage, poll)


def _appraise(stage: Stage, root: Organization) -> Poll:
    """S0-1: a report in three drafts; 41 on site and 37 in writing, of whom 35 sent their sheet back; sealed."""
    leaders = stage.add_members([(root, 7)])
    stage.promise([(member, 3) for member in leaders], contents=words.COMMITMENTS_IN_OFFICE)
    campaign = stage.campaign(
        root,
        "report-draft",
        title="2026年领导班子分析检查报告群众评议",
        period=f"{stage.year}年度",
        basis=f"青岚组发〔{stage.year}〕12号",
        starts_on=stage.day(62),
        ends_on=stage.day(55),
    )
    (preparing,) = actions.make_polls(campaign, [root])
    draft_report(stage, preparing)
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=60, place="机关三楼会议室", supervisor="市委指导检查组")
    # 六个方面, the 总体评价 last. In writing one of each group found it fair.
    facts = [
        stage.enter(poll, channel="meeting", category="党组成员", marks=["111111"] * 7),
        stage.enter(
            poll,
            channel="meeting",
            category="机关各科室",
            marks=["111111"] * 29 + ["112111"] * 3 + ["122122"] + ["11111-"],
            opinions=stage.opinions_with(poll, words.NO_OPINIONS),
        ),
        stage.enter(
            poll,
            channel="paper",
            category="应邀代表",
            marks=["111111"] * 10 + ["111122"],
            issued=12,
            opinions=stage.opinions_with(poll, words.BESIDE_THE_DRAFT[:6]),
        ),
        stage.enter(
            poll,
            channel="paper",
            category="群众代表",
            marks=["111111"] * 23 + ["112112"],
            issued=25,
            opinions=stage.opinions_with(poll, words.BESIDE_THE_DRAFT[6:]),
        ),
    ]
    stage.close(poll, facts, entitled=78, attended=78)
    sealing.seal(poll, by=stage.secretary)
    return poll


def _follow(stage: Stage, poll: Poll) -> None:
    """S0-1: every opinion read, 修改意见 7 and 其他意见 15; the 小结 is a draft."""
    sort_opinions(stage, poll, category_of=words.category_beside_a_draft)
    merge(stage, poll, words.ALIKE_IN_OFFICE)
    for case in cases.OF_THE_REPORT:
        play(stage, poll, case)
    write(stage, Scope.of_poll(poll), words.SUMMARY_OF_THE_REPORT, signed=52)
