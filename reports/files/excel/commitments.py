"""承诺一览: every public commitment, what became of it, and how it was judged (DOMAIN A10)."""

from ...commitments.content import CommitmentsContent, PrintedCommitment, Voted
from .book import Book
from .cells import Cell, date_cell, percentage

HEADS = ("序号", "单位", "承诺人", "类型", "承诺内容", "完成时限", "兑现情况", "兑现日期", "说明", "评诺满意率")
WIDE = {"承诺内容": 46, "说明": 24}
OF_THE_UNIT = "本单位"


def draw_commitments(book: Book, content: CommitmentsContent, subtitle: str) -> None:
    sheet = book.sheet("承诺一览", title="公开承诺一览", subtitle=subtitle, columns=len(HEADS), widest=32)
    for name, width in WIDE.items():
        sheet.set_width(HEADS.index(name), width)
    rows = (_row(number, entry) for number, entry in enumerate(content.entries, start=1))
    sheet.listing(HEADS, rows, empty="没有登记公开承诺。", frozen=3)


def _row(number: int, entry: PrintedCommitment) -> tuple:
    return (
        Cell(number, "index"),
        entry.unit,
        entry.member or OF_THE_UNIT,
        entry.kind,
        entry.content,
        date_cell(entry.due_on),
        entry.status,
        date_cell(entry.fulfilled_on),
        entry.note,
        _voted(entry.voted),
    )


def _voted(voted: Voted) -> Cell | str:
    """A single rate of the whole as a number; several, or that of a part, in words."""
    is_plain = len(voted.rates) == 1 and not voted.rates[0].name
    return percentage(voted.rates[0].rate) if is_plain else voted.text
