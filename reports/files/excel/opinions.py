"""意见清单: what was said, in the words in which it may be shown, and where it went."""

from ...opinions import OpinionEntry, OpinionsContent
from .book import Book
from .cells import Cell, date_cell

HEADS = (
    "序号",
    "评议单位",
    "评议对象",
    "来源",
    "日期",
    "类型",
    "类别",
    "内容",
    "件数",
    "到位不到位",
    "合理不合理",
    "有效没有效",
    "去向",
)
# Each of the three questions by the word that is in both of its answers.
QUESTIONS = ("到位", "合理", "有效")
TEXT, TIMES = 7, 8


def draw_opinions(book: Book, content: OpinionsContent, subtitle: str) -> None:
    subtitle = "　".join(filter(None, (subtitle, book.mark)))
    sheet = book.sheet("意见清单", title="意见建议清单", subtitle=subtitle, columns=len(HEADS), widest=22)
    sheet.set_width(TEXT, 60)
    rows = (_row(number, entry) for number, entry in enumerate(content.entries, start=1))
    lines = sheet.listing(HEADS, rows, empty="没有意见建议。")
    if lines:
        times = sum(entry.times for entry in content.entries)
        sheet.line(("合计", *[""] * (TIMES - 1), sheet.total(lines, TIMES, times), "", "", "", ""))


def _row(number: int, entry: OpinionEntry) -> tuple:
    answers = (next((verdict for verdict in entry.verdicts if word in verdict), "") for word in QUESTIONS)
    return (
        Cell(number, "index"),
        entry.unit,
        entry.target,
        entry.source,
        date_cell(entry.came_on),
        entry.kind,
        entry.category,
        entry.text,
        entry.times,
        *answers,
        entry.went_to,
    )
