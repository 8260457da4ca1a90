"""书记评议排名: each secretary with the rates of the ballots, of the superiors, and of both."""

from ...secretaries.ranking import RankedSecretary, SecretariesRanking
from ...secretaries.standing import BY_BALLOTS, BY_SUPERIORS, TOGETHER
from .book import Book
from .cells import Cell, percentage

HEADS = ("位次", "单位", "书记", BY_BALLOTS, "分母", BY_SUPERIORS, "上级评价数", TOGETHER)


def draw_secretaries(book: Book, content: SecretariesRanking) -> None:
    subtitle = f"{content.campaign}·{content.unit}·按{content.by}排名"
    sheet = book.sheet("书记评议排名", title="书记评议排名", subtitle=subtitle, columns=len(HEADS))
    for table in content.tables:
        sheet.fact("评议表", f"{table.title}（{table.rate_name}）")
        sheet.line(HEADS, style="head")
        for ranked in table.ranked:
            sheet.line(_line(ranked))
        for unit, name, reason in table.unranked:
            sheet.note(f"{unit}{name}没有排名：{reason}。")
        sheet.row += 1
    if not content.tables:
        sheet.note("没有评议书记的评议点。")


def _line(ranked: RankedSecretary) -> tuple:
    person = ranked.person
    return (
        Cell(ranked.place, "index"),
        ranked.unit,
        person.name,
        percentage(person.ballots),
        person.ballots_base,
        percentage(person.superiors),
        len(person.marks),
        percentage(person.together),
    )
