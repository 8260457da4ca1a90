"""Reports to be drawn as workbooks, and what follows the count in them."""

from dataclasses import replace
from datetime import date

from ballots.actions import open_campaign
from ballots.counting import sealing, tally
from campaigns import actions
from reports.comments import CommentEntry, CommentFigures, CommentsContent
from reports.commitments.content import CommitmentFigures, CommitmentsContent, PrintedCommitment, Voted, VotedRate
from reports.ledger.content import LedgerContent, LedgerEntry, LedgerFigures, MeasureEntry
from reports.opinions import OpinionEntry, OpinionFigures, OpinionsContent
from reports.report import report_of
from reports.scope import Scope
from reports.tables.rows import Row
from reports.wording import Day
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
)
from tests.workbooks import shown

TODAY = date(2026, 11, 21)


OPINION = OpinionEntry(
    id=7,
    unit="第一党支部",
    target="第一党支部",
    kind="意见建议",
    category="工作作风",
    text="=1+1 办事再快些",
    times=3,
    verdicts=("不到位", "没有效"),
    went_to="台账第1号",
)


PROBLEM = LedgerEntry(
    number=1,
    unit="第一党支部",
    source="群众评议意见",
    content="办事大厅排队时间长",
    category="工作作风",
    subject="第一党支部",
    cause="窗口少",
    measures=(
        MeasureEntry("增开窗口", "李四", Day(date(2026, 5, 1)), "已落实", Day(date(2026, 4, 20))),
        MeasureEntry("网上预约", "", Day(), "正在落实", Day()),
    ),
    treatment="及时整改",
    leader="赵书记",
    responsible_unit="办公室",
    person="李四",
    due_on=Day(date(2026, 5, 1)),
    is_overdue=True,
    progress=("2026年4月2日：已调研", "2026年4月20日：已增开"),
    state="正在整改",
    done_on=Day(),
    reply="已答复",
    publicity="公开栏",
    verdict="满意",
    remarks="",
)


COMMENT = CommentEntry(
    unit="第一党支部",
    subject="张三",
    leader="赵书记",
    leader_post="党委书记",
    commented_on=Day(date(2026, 11, 10)),
    mode="会议点评",
    points=(("优点", "工作扎实"), ("不足", "下基层少")),
    content="总体较好。",
    follow_up="已改进",
    followed_up_on=Day(date(2026, 11, 18)),
)


PROMISE = PrintedCommitment(
    unit="第一党支部",
    member="",
    kind="公开承诺",
    content="修好楼前的路",
    due_on=Day(date(2026, 12, 31)),
    status="已兑现",
    fulfilled_on=Day(date(2026, 10, 1)),
    note="验收合格",
    voted=Voted((VotedRate("", tally.rate_of(49, 50)),)),
)


# The outcome of S2 and S4-1, without their rows.
FOLLOWED = {
    "opinions": OpinionsContent(OpinionFigures(received=12, set_aside=2, read=12, matters=8), (OPINION,)),
    "ledger": LedgerContent(LedgerFigures(problems=10, closed=7, overdue=1, measures=12, done=9), (PROBLEM,)),
    "comments": CommentsContent(
        CommentFigures(commented=26, planned=28, missing=("甲支部", "乙支部"), comments=40, kinds=(("支部", 26),)),
        (COMMENT,),
    ),
    "commitments": CommitmentsContent(
        CommitmentFigures(commitments=13430, deeds=1039, members=4720, fulfilled=13429, unfulfilled=1),
        (PROMISE,),
    ),
}


COUNT_SHEETS = ["评议结果", "分类分渠道"]


AFTER_THE_COUNT = ["意见清单", "整改台账", "点评台账", "承诺一览"]


def sealed_campaign(units, marks):
    """A campaign of polls of the units; the first ones, as many as there are marks, are sealed."""
    campaign = make_campaign(units[0])
    actions.make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll, counts in zip(campaign.polls.order_by("path"), marks, strict=False):
        enter_ballots(make_batch(poll, method="entered"), counts)
        close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


def poll_report(poll, **parts):
    return replace(report_of(Scope.of_poll(poll), today=TODAY), **parts)


def campaign_report(campaign, **parts):
    return replace(report_of(Scope.of(campaign, campaign.organizer), today=TODAY), **parts)


def figures(row: Row) -> list[str]:
    """A row of the content as 评议结果 shows it."""
    parts = [text for figure in row.figures for text in (str(figure.count), figure.rate.text)]
    return [*parts, str(row.unknown), str(row.spoiled), row.printed_base, row.satisfaction.text, row.positive.text]


def counts(row: Row) -> list[str]:
    """A row of the content as 组织汇总 and 党员汇总 show it."""
    return [*(str(figure.count) for figure in row.figures), row.printed_base, row.satisfaction.text]


def below(sheet, text):
    """The line below the first row of heads that holds a text, as far as it is written."""
    for row in sheet.iter_rows():
        if any(cell.value == text for cell in row):
            return [shown(cell) for cell in sheet[row[0].row + 1] if shown(cell)]
    raise AssertionError(text)
