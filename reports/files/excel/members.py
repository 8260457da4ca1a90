"""党员汇总: a row a person, as the paper that goes to the archive has it (DOMAIN B7)."""

from collections.abc import Iterable, Sequence

from ...tables.blocks import Table
from ...tables.poll import PollContent
from .book import Book
from .cells import Cell
from .sheet import Sheet
from .units import heads_of, indicator_cells, indicator_heads, indicator_width, table_counts

AFTER = ("评定等次", "备注")
PROBATIONARY = ("预备党员", "不评定等次")


def draw_members(book: Book, polls: Sequence[PollContent], subtitle: str, *, is_live: bool) -> None:
    """Every person who was appraised, and the members who took part without being graded (C16)."""
    blocks = _blocks(polls)
    if not blocks:
        return
    named = ("序号", "姓名", "职务") if len(polls) == 1 else ("序号", "单位", "姓名", "职务")
    columns = max(_columns(named, block[0][1]) for block in blocks)
    sheet = book.sheet("党员汇总", title="党员评议结果汇总", subtitle=subtitle, columns=columns)
    for block in blocks:
        first, table = sheet.row, block[0][1]
        indicator_heads(sheet, named, table, AFTER)
        if block is blocks[0]:
            sheet.begin_list(first, columns=len(named))
        number = 0
        for poll, table, ungraded in block:
            number += 1
            _person(sheet, number, named, poll, table, is_live=is_live)
            for name in ungraded:
                number += 1
                _ungraded(sheet, _names(number, named, poll, name, PROBATIONARY[0]), table)
        sheet.row += 1


def _blocks(polls: Iterable[PollContent]) -> list[list[tuple[PollContent, Table, tuple[str, ...]]]]:
    """The persons' tables that can stand under one head; a poll's last one brings those who were not graded."""
    blocks: dict[tuple, list] = {}
    for poll in polls:
        persons = [table for table in poll.tables if table.is_person]
        for table in persons:
            ungraded = poll.ungraded if table is persons[-1] else ()
            blocks.setdefault((table.title, *heads_of(table)), []).append((poll, table, ungraded))
    return list(blocks.values())


def _columns(named: Sequence[str], table: Table) -> int:
    return len(named) + indicator_width(table) * len(table.rows) + len(AFTER)


def _names(number: int, named: Sequence[str], poll: PollContent, name: str, kind: str) -> tuple:
    place = Cell(number, "index")
    return (place, poll.unit, name, kind) if "单位" in named else (place, name, kind)


def _person(sheet: Sheet, number: int, named, poll: PollContent, table: Table, *, is_live: bool) -> None:
    names = _names(number, named, poll, table.target, table.kind)
    figures = indicator_cells(sheet, table.rows, table_counts(table), start=len(names), is_live=is_live)
    # The grade is an organization's to give, not the tally's.
    sheet.line((*names, *figures, table.grade, "；".join(_remarks(poll, table))))


def _remarks(poll: PollContent, table: Table) -> Iterable[str]:
    labels = {row.label for row in table.rows}
    graded = poll.grading.of(table.target_id) if poll.grading and table.target_id else None
    if graded and graded.reason:
        yield f"评定理由：{graded.reason.rstrip('。')}"
    for row in table.rows:
        for label, count in (("该项无效", row.spoiled), *row.beside):
            if count:
                yield f"{row.label}{label}{count}票" if len(table.rows) > 1 else f"{label}{count}票"
    for score in table.scores:
        yield f"{score.indicator}满意度得分{score.score}"
    for _, sentence in table.verdicts:
        yield sentence.rstrip("。")
    for crossing in poll.crossings:
        if crossing.target == table.target and labels.issuperset(crossing.indicators):
            yield crossing.sentence.rstrip("。")


def _ungraded(sheet: Sheet, names: Sequence, table: Table) -> None:
    figures = [""] * (indicator_width(table) * len(table.rows))
    sheet.line((*names, *figures, PROBATIONARY[1], "参加评议"))
