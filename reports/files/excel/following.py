"""Figures of what followed the count: opinions, the ledger, comments and commitments."""

from dataclasses import dataclass

from ...comments import CommentFigures, CommentsContent
from ...commitments.content import CommitmentFigures, CommitmentsContent
from ...ledger.content import LedgerContent, LedgerFigures
from ...opinions import OpinionFigures, OpinionsContent
from .cells import Cell, coverage, number
from .sheet import Sheet


@dataclass(frozen=True)
class Following:
    """The parts that a reader may see; None is for others."""

    opinions: OpinionsContent | None = None
    ledger: LedgerContent | None = None
    comments: CommentsContent | None = None
    commitments: CommitmentsContent | None = None


def draw_following(sheet: Sheet, following: Following) -> None:
    """A head and a line of figures for each part."""
    if following.opinions:
        _opinions(sheet, following.opinions.figures)
    if following.ledger:
        _ledger(sheet, following.ledger.figures)
    if following.comments:
        _comments(sheet, following.comments.figures)
    if following.commitments:
        _commitments(sheet, following.commitments.figures)


def _opinions(sheet: Sheet, figures: OpinionFigures) -> None:
    received, set_aside = _below(sheet, 1), _below(sheet, 2)
    counted = Cell(figures.counted, formula=f"={received}-{set_aside}")
    heads = ("收到意见", "不作为意见", "计入意见建议", "已阅", "归并后件数")
    _figures(sheet, "意见建议", heads, (figures.received, figures.set_aside, counted, figures.read, figures.matters))


def _ledger(sheet: Sheet, figures: LedgerFigures) -> None:
    measures, done = _below(sheet, 4), _below(sheet, 5)
    underway = Cell(figures.underway, formula=f"={measures}-{done}")
    rate = coverage(figures.rate, done, measures)
    heads = ("问题", "已办结", "逾期", "整改措施", "已落实", "正在落实", "措施完成率")
    values = (figures.problems, figures.closed, figures.overdue, figures.measures, figures.done, underway, rate)
    _figures(sheet, "整改台账", heads, values)


def _comments(sheet: Sheet, figures: CommentFigures) -> None:
    planned, commented = _below(sheet, 1), _below(sheet, 2)
    rate = coverage(figures.coverage, commented, planned)
    heads = ("应点评单位", "已点评单位", "点评覆盖率", "点评次数", "点评党员")
    _figures(sheet, "领导点评", heads, (figures.planned, figures.commented, rate, figures.comments, figures.members))
    # Where no comment was ever recorded, nobody meant to comment: the 小结 says nothing either.
    if figures.comments and figures.missing:
        sheet.fact("尚未点评", figures.sentence)


def _commitments(sheet: Sheet, figures: CommitmentFigures) -> None:
    count, members, fulfilled = _below(sheet, 1), _below(sheet, 3), _below(sheet, 5)
    average = number(figures.average, style="mean", formula=f"=ROUND({count}/{members},2)")
    rate = coverage(figures.rate, fulfilled, count)
    heads = ("承诺事项", "实事好事", "党员", "人均", "已兑现", "未兑现", "兑现率")
    counted = (figures.commitments, figures.deeds, figures.members, average)
    _figures(sheet, "公开承诺", heads, (*counted, figures.fulfilled, figures.unfulfilled, rate))


def _below(sheet: Sheet, column: int) -> str:
    """The address of a figure in the line below the next row of heads."""
    return sheet.address(sheet.row + 1, column)


def _figures(sheet: Sheet, name: str, heads: tuple, values: tuple) -> None:
    sheet.head(sheet.row, 0, sheet.row + 1, 0, name)
    sheet.line(heads, start=1, style="head")
    sheet.line(values, start=1)
