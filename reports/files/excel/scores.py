"""千分制考核: the ranking with its formula, each unit's means, bonus and deductions."""

from ...scoring.content import ScoreRanking
from ...scoring.printed import ScoresTable, table_of_ranking
from ...scoring.scheme import COMPOSITE, SCORE
from .book import Book
from .cells import Cell, date_cell, number, percentage

ADJUSTMENT_HEADS = ("序号", "单位", "加减分", "事由", "依据", "登记人", "登记日期", "撤销情况")


def draw_scores(book: Book, content: ScoreRanking) -> None:
    subtitle = f"{content.campaign}　{content.unit}　{content.day}"
    _draw_ranking(book, content, subtitle)
    _draw_means(book, content, subtitle)
    _draw_adjustments(book, content, subtitle)


def _draw_ranking(book: Book, content: ScoreRanking, subtitle: str) -> None:
    draw_score_table(book, table_of_ranking(content), subtitle)


def draw_score_table(book: Book, scores: ScoresTable, subtitle: str) -> None:
    """The units by their places, below the formula."""
    heads = (
        "名次",
        "单位",
        "考核组打分合成",
        "加减分",
        SCORE,
        scores.satisfaction_name,
        "满意度分母",
        COMPOSITE,
        "说明",
    )
    sheet = book.sheet("考核结果", title="考核结果排名", subtitle=subtitle, columns=len(heads))
    for sentence in scores.formula:
        sheet.note(sentence)
    rows = [
        (
            row.place_text if row.place is None else Cell(row.place, "index"),
            row.unit,
            number(row.rated, style="mean"),
            row.adjustment,
            number(row.score, style="mean"),
            # A rate as a rate, a score as a score.
            percentage(row.rate) if row.rate.is_known else number(row.points, style="mean"),
            "" if row.base is None else row.base,
            number(row.composite, style="mean"),
            row.remark,
        )
        for row in scores.rows
    ]
    sheet.listing(heads, rows, empty="没有参加考核的单位。")


def _draw_means(book: Book, content: ScoreRanking, subtitle: str) -> None:
    """A line for each unit and indicator; kinds of raters that are shown together are one."""
    heads = ("单位", "考核组", "份数", "分组", "考核指标", "满分", "平均分")
    sheet = book.sheet("各指标平均分", title="各考核指标平均分", subtitle=subtitle, columns=len(heads))
    rows = []
    for unit in content.shown:
        for line in unit.lines:
            about = (line.indicator.group, line.indicator.text, line.indicator.maximum)
            for part, mean in zip(unit.parts, line.means, strict=True):
                rows.append((unit.name, part.label, part.sheet_count, *about, number(mean, style="mean")))
            rows.append((unit.name, "按权重合成", unit.sheet_count, *about, number(line.mean, style="mean")))
    sheet.listing(heads, rows, empty="没有可以列示的平均分。")


def _draw_adjustments(book: Book, content: ScoreRanking, subtitle: str) -> None:
    sheet = book.sheet("加分和扣分", title="加分和扣分", subtitle=subtitle, columns=len(ADJUSTMENT_HEADS), widest=36)
    entries = [(unit, entry) for unit in content.adjusted for entry in unit.adjustments]
    rows = (
        (
            Cell(place, "index"),
            unit.name,
            entry.points,
            entry.reason,
            entry.evidence,
            entry.recorded_by,
            date_cell(entry.recorded_on),
            entry.withdrawn,
        )
        for place, (unit, entry) in enumerate(entries, start=1)
    )
    sheet.listing(ADJUSTMENT_HEADS, rows, empty="没有加分、扣分。")
