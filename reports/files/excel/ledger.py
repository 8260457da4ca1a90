"""整改台账 with the columns of DOMAIN A9, a row a problem: several measures stand under each other within one cell.

A problem over several rows, its cells merged, could be neither filtered nor sorted.
"""

from ...ledger.content import LedgerContent, LedgerEntry, MeasureEntry
from .book import Book
from .cells import Cell, date_cell
from .sheet import Sheet

HEADS = (
    *("序号", "单位", "问题来源", "反映问题", "类别", "涉及对象", "原因分析", "整改措施", "处置类型", "责任领导"),
    *("责任单位", "责任人", "完成时限", "进展", "状态", "完成日期", "答复、公开情况", "群众再评", "备注"),
)
# Columns of long texts, and how wide they may be.
WIDEST = 10
WIDE = {"反映问题": 22, "原因分析": 14, "整改措施": 28, "进展": 22, "答复、公开情况": 18}


def draw_ledger(book: Book, content: LedgerContent, subtitle: str) -> None:
    sheet = book.sheet("整改台账", title="整改台账", subtitle=subtitle, columns=len(HEADS), widest=WIDEST)
    for name, width in WIDE.items():
        sheet.set_width(HEADS.index(name), width)
    sheet.listing(HEADS, map(_row, content.entries), empty="没有登记问题。", frozen=4)
    _figures(sheet, content)


def _row(entry: LedgerEntry) -> tuple:
    return (
        Cell(entry.number, "index"),
        entry.unit,
        entry.source,
        entry.content,
        entry.category,
        entry.subject,
        entry.cause,
        "\n".join(measure_text(number, measure) for number, measure in enumerate(entry.measures, start=1)),
        entry.treatment,
        entry.leader,
        entry.responsible_unit,
        entry.person,
        date_cell(entry.due_on),
        "\n".join(entry.progress),
        Cell(f"{entry.state}\n（逾期）", "alarm") if entry.is_overdue else entry.state,
        date_cell(entry.done_on),
        "\n".join(filter(None, (entry.reply, entry.publicity))),
        entry.verdict,
        entry.remarks,
    )


def measure_text(number: int, measure: MeasureEntry) -> str:
    """「1. 每季检查一次（张三；2026年5月1日前；2026年4月20日已落实）」."""
    due = f"{measure.due_on}前" if measure.due_on else ""
    facts = "；".join(filter(None, (measure.person, due, f"{measure.done_on}{measure.state}")))
    return f"{number}. {measure.content}" + (f"（{facts}）" if facts else "")


def _figures(sheet: Sheet, content: LedgerContent) -> None:
    """The ledger's sums, in one line below it."""
    figures = content.figures
    sentence = f"问题{figures.problems}个，已办结{figures.closed}个，逾期{figures.overdue}个；"
    sentence += f"整改措施{figures.measures}条，已落实{figures.done}条，正在落实{figures.underway}条"
    sheet.note(sentence + (f"，完成率{figures.rate.percent_text}。" if figures.measures else "。"))
