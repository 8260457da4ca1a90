"""总览: the five numbers, the rates with their bars, coverage, thresholds, and what followed, on one page to sign."""

from collections.abc import Iterable, Sequence

from ballots.counting import tally

from ...results.scores import LineScore
from ...tables.blocks import Table
from ...tables.campaign import CampaignContent, RollupTable
from ...tables.instant import NAME
from ...tables.poll import PollContent
from . import charts, results
from .book import Book
from .cells import Cell, coverage, number
from .following import Following, draw_following
from .sheet import Sheet

SIGNATURES = "监票人：{scrutineers}　　　　　　　计票人：{tellers}　　　　　　　日期：　　　　年　　月　　日"
ABOVE_SIGNATURES = "填表人：　　　　　　　　　审核人：　　　　　　　　　日期：　　　　年　　月　　日"
SUMMED = "各数由各评议点的票数相加得出，各率由相加后的票数计算，不是各单位率的平均。"


def draw_poll(book: Book, content: PollContent, following: Following) -> None:
    """A poll's page."""
    # The rates of persons stand on their own sheet, unless they are all there is.
    tables = [table for table in content.tables if not table.is_person] or list(content.tables)
    sheet = _sheet(book, f"{content.campaign}·{content.unit}", tables)
    facts = ((fact.label, fact.text) for fact in content.facts)
    sheet.facts((("组织单位", content.organizer), ("封存日期", content.sealed_on.text), *facts))
    for warning in content.warnings:
        sheet.fact("注意", warning, style="alarm")
    if content.hidden_reason:
        sheet.fact("评议结果", content.hidden_reason)
    sheet.row += 1
    _batches(sheet, content)
    named = ("评议对象", "评议内容")
    _rates(sheet, named, [(table.target, table) for table in tables], content.are_rates_quotients)
    for sentence in (crossing.sentence for crossing in content.crossings):
        sheet.fact("结果运用", sentence)
    for table in content.tables:
        _judged(sheet, table)
    for name in content.ungraded:
        sheet.fact("预备党员", f"{name}：不评定等次")
    if content.instant:
        sheet.fact(NAME, "".join(content.instant.sentences))
    if content.grading:
        sheet.fact("综合定格", f"{content.grading.sentence}{content.grading.meeting}。")
    if content.excellent and content.excellent.count is not None:
        sheet.fact("优秀名额", content.excellent.sentence)
    sheet.row += 1
    draw_following(sheet, following)
    for note in content.notes:
        sheet.note(note)
    _signatures(sheet, SIGNATURES.format(scrutineers=content.scrutineers, tellers=content.tellers))


def draw_campaign(book: Book, content: CampaignContent, tables: Sequence[RollupTable], following: Following) -> None:
    """A unit's page: the sums of all below it."""
    tables = [table for table in tables if table.rows]
    sheet = _sheet(book, f"{content.campaign}·{content.unit}·{content.period}", tables)
    top = content.top
    sheet.line(("评议点", "已封存", "覆盖率", "发出", "收回", "有效", "无效"), style="head")
    row, papers = sheet.row, top.sheets
    sheet.line(
        (
            top.units,
            top.units_sealed,
            coverage(top.coverage, sheet.address(row, 1), sheet.address(row, 0)),
            papers.issued,
            papers.returned,
            Cell(papers.valid, formula=f"={sheet.address(row, 4)}-{sheet.address(row, 6)}"),
            papers.void,
        )
    )
    sheet.row += 1
    if top.hidden_reason:
        sheet.fact("评议结果", top.hidden_reason)
    named = ("评议表", "评议内容")
    _rates(sheet, named, [(table.title, table) for table in tables], content.are_rates_quotients)
    if content.grades:
        sheet.fact("综合定格", content.grades.sentence)
    if content.instant:
        sheet.fact(NAME, "".join(content.instant.sentences))
    for poll in content.polls:
        for crossing in poll.crossings:
            sheet.fact("结果运用", f"{poll.unit}：{crossing.sentence}")
    sheet.row += 1
    draw_following(sheet, following)
    for warning in (f"{poll.unit}：{warning}" for poll in content.polls for warning in poll.warnings):
        sheet.fact("注意", warning, style="alarm")
    sheet.note(SUMMED)
    if top.list_sentence:
        sheet.note(top.list_sentence)
    _signatures(sheet, ABOVE_SIGNATURES)


def _sheet(book: Book, subtitle: str, tables: Sequence[Table | RollupTable]) -> Sheet:
    sheet = book.sheet("总览", title="评议情况总览", subtitle=subtitle, columns=2 + results.figure_columns(tables))
    sheet.is_one_page = True
    return sheet


def _batches(sheet: Sheet, content: PollContent) -> None:
    """The five numbers of each batch and of all together."""
    sheet.line(("渠道", "参评人员类别", "发出", "收回", "有效", "无效", "剩余作废"), style="head")
    first = sheet.row
    for batch in content.batches:
        valid = Cell(batch.valid, formula=f"={sheet.address(sheet.row, 3)}-{sheet.address(sheet.row, 5)}")
        sheet.line((batch.channel_label, batch.people, batch.issued, batch.returned, valid, batch.void, batch.unused))
    lines, papers = range(first, sheet.row), content.sheets
    numbers = (papers.issued, papers.returned, papers.valid, papers.void, content.unused)
    totals = [sheet.total(lines, column, value) for column, value in enumerate(numbers, start=2)]
    sheet.line(("合计", "", *totals))
    sheet.row += 1


def _rates(sheet: Sheet, named: Sequence[str], tables: Iterable[tuple[str, Table | RollupTable]], is_live) -> None:
    """Every line with its figures, and a chart for each kind of scale."""
    name_of = {id(table): name for name, table in tables}
    for block in results.blocks_of([table for _, table in tables]):
        results.head(sheet, named, block[0])
        first = sheet.row
        for table in block:
            for row in table.rows:
                results.line(sheet, (name_of[id(table)], row.label), row, is_live=is_live)
        lines = range(first, sheet.row)
        sheet.row += 1
        _chart(sheet, lines, [name_of[id(table)] for table in block], block)


def _chart(sheet: Sheet, lines: range, names: Sequence[str], block: Sequence[Table | RollupTable]) -> None:
    """The bars of the lines above; none where there is no rate."""
    if not any(figure.rate.is_known for table in block for row in table.rows for figure in row.figures):
        return
    labels = [row.label for table in block for row in table.rows]
    title = f"{names[0]}各项评议结果" if len(set(names)) == 1 else "各项评议结果"
    # Where one label stands for several, or is a rank, the names stand beside them.
    is_ranked = any(isinstance(table, Table) and table.rank is not None for table in block)
    first = 1 if len(set(labels)) == len(labels) and not is_ranked else 0
    charts.grades(
        sheet, title=title, lines=lines, names=(first, 1), rows=[row for table in block for row in table.rows]
    )


def _judged(sheet: Sheet, table: Table) -> None:
    """Scores by category and together, and what the campaign's rule says of a line."""
    for score in table.scores:
        sheet.fact("满意度得分", f"{table.target}“{score.indicator}”{'：' + score.note if score.note else ''}")
        for name, figure in _scores(table, score):
            sheet.line(("", name, number(figure, style="score")))
    for indicator, sentence in table.verdicts:
        sheet.fact("结果判定", f"{table.target}“{indicator}”：{sentence}")


def _scores(table: Table, score: LineScore) -> Iterable[tuple[str, tally.Number]]:
    yield from ((f"{part.name}（权重{part.weight}%）", part.score) for part in score.parts)
    yield "满意度得分（分）", score.score
    if score.parts:
        yield "不加权合票得分（分）", score.pooled
        yield f"{table.rate_name}（合票，%）", score.satisfaction
        yield f"{table.rate_name}（按权，%）", score.weighted_satisfaction


def _signatures(sheet: Sheet, text: str) -> None:
    """Below everything, with room for a hand."""
    sheet.row += 1
    sheet.note(text, style="signature", height=32)
