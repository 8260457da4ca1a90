"""点评台账: who commented on whom, when, what was said, and what was done about it (DOMAIN A9)."""

from ...comments import NAMED_MISSING, CommentEntry, CommentsContent
from .book import Book
from .cells import Cell, date_cell

HEADS = (
    *("序号", "单位", "点评对象", "点评领导", "领导职务", "点评时间", "点评方式"),
    *("点评要点", "点评内容", "整改落实情况", "落实时间"),
)
WIDE = {"点评要点": 44, "点评内容": 40, "整改落实情况": 36}


def draw_comments(book: Book, content: CommentsContent, subtitle: str) -> None:
    sheet = book.sheet("点评台账", title="领导点评台账", subtitle=subtitle, columns=len(HEADS), widest=22)
    for name, width in WIDE.items():
        sheet.set_width(HEADS.index(name), width)
    rows = (_row(number, entry) for number, entry in enumerate(content.entries, start=1))
    sheet.listing(HEADS, rows, empty="没有登记点评。", frozen=3)
    figures = content.figures
    if figures.sentence:
        sheet.note(figures.sentence)
    if len(figures.missing) > NAMED_MISSING:
        sheet.note(f"未点评的全部单位：{'、'.join(figures.missing)}。")


def _row(number: int, entry: CommentEntry) -> tuple:
    return (
        Cell(number, "index"),
        entry.unit,
        entry.subject,
        entry.leader,
        entry.leader_post,
        date_cell(entry.commented_on),
        entry.mode,
        "\n".join(f"{point}：{text}" for point, text in entry.points),
        entry.content,
        entry.follow_up,
        date_cell(entry.followed_up_on),
    )
