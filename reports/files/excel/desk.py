"""The units of a campaign with how far each has come, a row a unit."""

from collections.abc import Iterable

from ...committee.desk import Desk, DeskRow
from ...wording import date_text
from .book import Book
from .cells import Cell

HEADS = ("序号", "单位", "状态", "收票", "滞后情况", "联系谁")
FOLLOW_UP_HEADS = ("待认定结果", "未办结问题", "逾期问题")


def draw_desk(book: Book, desk: Desk, rows: Iterable[DeskRow]) -> None:
    heads = (*HEADS, *(FOLLOW_UP_HEADS if desk.has_follow_up else ()))
    subtitle = f"{desk.campaign.title}　{date_text(desk.today)}导出"
    sheet = book.sheet("各单位进度", title=f"{desk.unit}各单位进度", subtitle=subtitle, columns=len(heads))
    lines = (_line(number, row)[: len(heads)] for number, row in enumerate(rows, start=1))
    sheet.listing(heads, lines, empty="没有这样的单位。")


def _line(number: int, row: DeskRow) -> tuple:
    return (
        Cell(number, "index"),
        row.poll.unit_name,
        row.poll.get_state_display(),
        row.step,
        Cell(row.reason, "alarm") if row.reason else "",
        "、".join(row.contacts),
        row.pending,
        row.unfinished,
        row.overdue,
    )
