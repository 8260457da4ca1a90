"""The standard sentences of reports, chosen by the facts (scenarios C1, C3, C4, C5, C6, C7, C10, C13, C14). Pure text, no Django.

A number that is missing stands as 【待填】; a report with one is a draft.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ballots.counting import tally

MISSING = "【待填】"
NOTHING_RETURNED = "未收回有效评议表，不计算满意率。"
NO_OPINIONS = "未征求到意见建议。"
# Of one unit whose leaders above have commented on it.
COMMENTED = "上级领导对本单位作了点评。"
BASE_NAMES = {"valid": "有效票", "returned": "收回票", "attended": "实到人数", "entitled": "全体组成人员"}
# The intention where somebody was dissatisfied (scenario C4); nothing says that any of it was done.
DISSATISFIED = "对评议不满意的，将逐项查找原因，什么问题突出就先解决什么问题，明确整改责任和时限，整改结果向群众反馈。"


def date_text(moment) -> str:
    """「2026年11月8日」: Arabic digits, no leading zeros (GB/T 9704); empty for None."""
    return f"{moment.year}年{moment.month}月{moment.day}日" if moment else ""


def completed_late(day: date) -> str:
    """「（封存后补记，2026年11月29日）」, behind a fact that nobody had recorded before the seal."""
    return f"（封存后补记，{date_text(day)}）"


def late_fact_note(label: str, value: str, day: date, reason: str) -> str:
    """The note below the tables about such a fact, with the reason that was given."""
    return f"封存后补记：{label}“{value}”（{date_text(day)}，原因：{reason.rstrip('。')}）。"


@dataclass(frozen=True)
class Day:
    """A date as `date_text` prints it; false where there is none."""

    value: date | None = None

    @property
    def text(self) -> str:
        return date_text(self.value)

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return self.value is not None


def or_missing(value) -> str:
    return MISSING if value is None or value == "" else str(value)


def coverage_text(done: int, planned: int) -> str:
    """「92.9%（26/28）」; never 100 while a unit is missing (C7)."""
    rate = tally.rate_of(done, planned)
    return f"{rate.percent_text}（{done}/{planned}）" if rate.is_known else rate.text


def base_text(base: str, sheets: tally.Sheets) -> str:
    """The denominator of one poll; of people with their number, and with those who stayed away (C19)."""
    name = BASE_NAMES[base]
    people = {"attended": sheets.attended, "entitled": sheets.entitled}.get(base)
    if people is None:
        return name
    absent = people - sheets.attended if sheets.attended is not None else 0
    return f"{name}{people}人" + (f"（缺席{absent}人计入）" if absent else "")


def joined(unit: str, campaign: str) -> str:
    """A unit and its campaign as one title, without saying twice what both say."""
    return campaign if unit in campaign else unit + campaign.removeprefix(_name_within(unit, campaign))


def campaign_beside(unit: str, campaign: str) -> str:
    """A campaign in a sentence that names the unit: its title, or what is left of it where it names the unit too.

    The name stays in a title that speaks of the unit together with others: 「某镇党委、政府群众评议」.
    """
    name = _name_within(unit, campaign)
    before, _, after = campaign.partition(name) if name else ("", "", "")
    rest = before + after.lstrip("的·—－-　 ")
    return f"“{campaign}”" if not rest or after.startswith(("、", "和", "与", "及")) else rest


def _name_within(unit: str, campaign: str) -> str:
    """The name of a unit within a campaign's title, whole or its end at the beginning of the title; empty where none is."""
    if unit in campaign:
        return unit
    sizes = range(min(len(unit), len(campaign)), 2, -1)
    return next((campaign[:size] for size in sizes if unit.endswith(campaign[:size])), "")


# 「好」 and 「5分」 are none.
_IS_WORD = re.compile(r"[\u3400-\u9fff]{2,}")


def rate_name(first_label: str) -> str:
    """The name of first grade ÷ base: 满意率, 优秀率, 非常满意率; 「“好”占比」 where 率 does not follow the word."""
    return f"{first_label}率" if _IS_WORD.fullmatch(first_label) else f"“{first_label}”占比"


def positive_name(result: tally.Result) -> str:
    """The name of positive grades ÷ base; never 满意率 (scenario C11)."""
    if result.labels[0] == "满意":
        return "综合满意率"
    labels = [grade.label for grade in result.grades if grade.is_positive]
    if len(labels) > 1 and _IS_WORD.fullmatch(labels[-1]):
        return f"{labels[-1]}以上率"
    return "、".join(labels) + "合计占比"


def lists_sentence(titles: Sequence[str]) -> str:
    """The reason why there is no sum of lists to choose from."""
    names = "".join(f"《{title}》" for title in titles)
    return f"{names}是从清单中选择，选项以各单位的清单为准，不相加，见各单位的评议结果。"


def joined_reason(small: Sequence[str], others: Sequence[str], min_group: int, *, other_split: str) -> str:
    """Why groups of one split are one row: some are small, the other split would leave a few by subtraction, or both.

    `other_split` is empty where the small groups alone are the reason.
    """
    beside = f"与{'、'.join(others)}合并列示" if others and not other_split else "合并列示"
    return f"{_few(small, min_group, other_split)}，{beside}"


def hidden_split_reason(small: Sequence[str], min_group: int, *, other_split: str) -> str:
    """Why a split shows no row, of the same reasons."""
    alone = "" if other_split else "，单列任何一组都能推算出来"
    return f"{_few(small, min_group, other_split)}{alone}，不单列"


def _few(small: Sequence[str], min_group: int, other_split: str) -> str:
    few = f"{'、'.join(small)}有效票少于{min_group}张" if small else ""
    subtraction = f"为免与{other_split}的数相减得出少于{min_group}人的选择" if other_split else ""
    return "，并".join(filter(None, (few, subtraction)))


def few_ballots(min_poll: int) -> str:
    """Why a poll's own result is not shown."""
    return f"有效票少于{min_poll}张，不单独公布"


def beside_few_ballots(min_poll: int) -> str:
    """Why the result of a poll or the sum of a unit is not shown, for the sake of a small one."""
    return f"为免推算出有效票少于{min_poll}张的单位的结果，不单独公布"


def hidden_sentence(reason: str) -> str:
    """The sentence that stands where results are not shown."""
    return f"评议结果：{reason}。"


def voided_batch(batch) -> str:
    reason = f"（{batch.void_reason}）" if batch.void_reason else ""
    return f"{batch.channel_label}·{batch.category}的票批已作废{reason}，不计入结果。"


def blank_words(labels: Iterable[str]) -> str:
    """The name of a blank in tables that may have scales of both kinds: 「弃权（有“弃权”一档的，计为未选）」."""
    if set(labels) == {tally.ABSTAINED_LABEL, tally.UNMARKED_LABEL}:
        return f"{tally.ABSTAINED_LABEL}（有“{tally.ABSTAINED_LABEL}”一档的，计为{tally.UNMARKED_LABEL}）"
    return "".join(labels)


def own_rows(people) -> list[str]:
    """The notes where nobody appraises themselves; `people` are the results about single persons (C16)."""
    blanks = dict.fromkeys(line.total.blank_label for target in people for line in target.lines)
    notes = [
        f"每人不评自己：每个人的空白票中有一张是本人的，不计为{blank_words(blanks) or tally.ABSTAINED_LABEL}，也不进分母；"
        "分类别、分渠道时无法区分，仍计在内。"
    ]
    without = [target.name for target in people if any(not line.total.own for line in target.lines)]
    if without and any(line.total.sheets.valid for target in people for line in target.lines):
        notes.append(f"{'、'.join(without)}有的项没有空白票，没有减去本人的一张，请核对是否评了自己。")
    return notes


def commitments_sentence(commitments: int, members: int) -> str:
    """Public promises, and how many a member made (C7)."""
    return f"公开承诺{commitments}项，党员{members}名，人均{per_member(commitments, members)}项。"


def per_member(commitments: int, members: int) -> tally.Number:
    """How many a member made, two decimals: 13430 by 4720 are 2.85 (C7)."""
    return tally.Number(Fraction(commitments, members) if members else None, 2)


def ungraded_sentence(names: Sequence[str]) -> str:
    """Probationary members take part and are not graded (C16)."""
    return f"预备党员{'、'.join(names)}参加评议，不评定等次。"


def unentered_sentence(sheets: tally.Sheets, channels: str, missing: int) -> str:
    """People who took part in a way of which no ballot was entered (C2)."""
    return f"参评{sheets.attended}人，仅录入评议表{sheets.returned}份，{channels}{missing}份未录入。"


def reported_rate_sentence(result: tally.Result, reported: str) -> str:
    """A rate that somebody reports beside that of the ballots, with what it could stand for (C1, C3)."""
    if not result.satisfaction.is_known:
        return f"{NOTHING_RETURNED}不能填报{reported}%。"
    own = f"{result.cell.grades[0]}/{result.base}={result.satisfaction.percent_text}"
    if tally.agrees(result, reported):
        return f"{own}，与填报的{reported}%相符。"
    ways = [_way(way) for way in tally.explain_rate(result, reported)]
    if not ways:
        return f"{own}，与{reported}%不符，票数得不出{reported}%，不能按{reported}%填报。"
    return f"{own}，与{reported}%不符；{reported}%对应{'，或'.join(ways)}。"


def _way(way: tally.Possibility) -> str:
    """A meaning of a reported rate: 「满意+基本满意 40/41=97.6%」, 「以40票为分母 39/40=97.5%」."""
    if way.is_cut:
        return f"{way.count}/{way.base}截去小数，没有四舍五入"
    fraction = f"{way.count}/{way.base}={way.rate.percent_text}"
    return (
        f"{'+'.join(way.labels)} {fraction}"
        if len(way.labels) > 1
        else f"以{way.base}{'人' if way.is_of_people else '票'}为分母 {fraction}"
    )


def returned_below_attended(sheets: tally.Sheets) -> str:
    """People who took part and handed in nothing, where all ballots were entered (C2); wants `attended`."""
    missing = (sheets.attended or 0) - sheets.returned
    return f"实际参评{sheets.attended}人，收回评议表{sheets.returned}份，{missing}人没有交回评议表。"


def channels_sentence(channels: Sequence[tuple[str, tally.Sheets]], rates: Sequence[tuple[str, tally.Rate]]) -> str:
    """The sheets of each channel by name, and the 满意率 of those that are shown by themselves (S0-1, C2)."""
    of_channel = dict(rates)
    return f"分渠道看，{'；'.join(_channel(name, sheets, of_channel) for name, sheets in channels)}。"


def _channel(name: str, sheets: tally.Sheets, rates: Mapping[str, tally.Rate]) -> str:
    clause = f"{name}发出{sheets.issued}份，收回{sheets.returned}份，有效{sheets.valid}份"
    rate = rates.get(name)
    return clause + (f"，满意率{rate.percent_text}" if rate and rate.is_known else "")


def joined_channels_sentence(label: str, reason: str, rate: tally.Rate) -> str:
    """The 满意率 of channels that are shown together, with the reason why they are."""
    return f"{label}合计满意率{rate.percent_text}（{reason}）。"


def hidden_channels_sentence(reasons: Sequence[str]) -> str:
    """The reason why no channel has a rate of its own."""
    return f"各渠道的满意率：{'；'.join(reasons)}。"


def findings_sentence(names: Sequence[str], labels: Sequence[str], limit: str, consequences: Sequence[str]) -> str:
    """All whom an organization found to be over one limit, in one sentence with what follows (C9)."""
    grades = "”“".join(labels)
    return f"经组织认定，{'、'.join(names)}的“{grades}”票{limit}：{'；'.join(consequences)}。"


def count_sentence(result: tally.Result, *, opening: str = "共") -> str:
    """Sheets and how they are divided among the grades (C1, C14); about the whole of a poll."""
    sheets = result.sheets
    sentence = f"{opening}发出评议表{sheets.issued}份，收回{sheets.returned}份"
    if not sheets.valid:
        return f"{sentence}。{NOTHING_RETURNED}"
    if sheets.void:
        sentence += f"，有效{sheets.valid}份，整票无效{sheets.void}份"
    return f"{sentence}，其中{division(result)}。"


def sheets_sentence(result: tally.Result) -> str:
    """The sheets alone, where several lines follow."""
    return papers_sentence(result.sheets)


def papers_sentence(sheets: tally.Sheets) -> str:
    """The sheets of a poll, or of all polls at and below a unit."""
    void = f"，有效{sheets.valid}份，整票无效{sheets.void}份" if sheets.void else ""
    return f"共发出评议表{sheets.issued}份，收回{sheets.returned}份{void}。"


def rank_name(rank: int | None) -> str:
    """「第1名」; empty of a target that is not ranked."""
    return "" if rank is None else f"第{rank}名"


def ranking_sentence(title: str, most: int, placed: Sequence[tuple[int, str, int, tally.Rate]]) -> str:
    """The first of a list to choose from, by how many chose them: rank, name, count and rate of each."""
    head = f"《{title}》每张票至多选{most}项"
    if not placed:
        return f"{head}，没有一项被选。"
    named = "，".join(f"第{rank}名“{name}”{count}票（{rate.percent_text}）" for rank, name, count, rate in placed)
    return f"{head}，按得票多少排列：{named}。"


def persons_sentence(count: int) -> str:
    """Persons who were each appraised by themselves; none is named (DOMAIN B5)."""
    if count == 1:
        return "对1人进行了评议，票数和占比见结果表。"
    return f"对{count}人逐人进行了评议，各人的票数和占比见结果表。"


def line_sentence(subject: str, result: tally.Result) -> str:
    """How one line is divided, where the sheets were named before."""
    return f"{subject}：{division(result)}。"


def division(result: tally.Result) -> str:
    """「满意39份，占95.1%；…；无不满意票；弃权1份」."""
    parts = []
    for share in result.shares[: len(result.labels)]:
        rate = f"，占{share.rate.percent_text}" if share.rate.is_known else ""
        parts.append(f"{share.label}{share.count}份{rate}" if share.count else f"无{share.label}票")
    parts += [f"{label}{count}份" for label, count in result.no_grades if count]
    return "；".join(parts)


def without(channels: str) -> str:
    """Beside a rate in which a channel's ballots are missing (C2)."""
    return f"（不含{channels}）" if channels else ""


def participation_sentence(result: tally.Result, *, missing: str = "") -> str:
    """Participants and the 满意率 (C3); `missing` names channels whose ballots were not entered."""
    rate = f"{or_missing(result.satisfaction.digits)}%{without(missing)}"
    return f"参与评议人员{result.sheets.returned}人次，群众满意率达{rate}。"


def meeting_sentence(result: tally.Result, *, subject: str, missing: str = "") -> str:
    """Where all ballots were taken at a meeting (C4, C6)."""
    sheets = result.sheets
    return (
        f"会上共分发测评表{sheets.issued}份，收回{sheets.returned}份，"
        f"{subject}{rates_clause(result)}{without(missing)}。"
    )


def rated_sentence(subject: str, result: tally.Result) -> str:
    """The rates of one line, then the papers behind them (C6); a grade that nobody chose has no rate here."""
    return f"{subject}：{rates_clause(result)}（{BASE_NAMES[result.rules.base]}{result.base}，{_counts(result)}）。"


def rates_clause(result: tally.Result) -> str:
    """「满意率为98%，基本满意率为2%」 (C6)."""
    chosen = [share for share in result.shares[1 : len(result.labels)] if share.count]
    rest = [f"{_rate_of(share.label)}为{share.rate.percent_text}" for share in chosen]
    return "，".join([f"{_rate_of(result.labels[0])}为{or_missing(result.satisfaction.digits)}%", *rest])


def _rate_of(label: str) -> str:
    return f"{label}率" if label.endswith(("满意", "优秀")) else f"“{label}”占比"


def _counts(result: tally.Result) -> str:
    shares = result.shares[: len(result.labels)]
    parts = [f"{share.label}{share.count}" if share.count else f"无{share.label}票" for share in shares]
    return "、".join([*parts, *(f"{label}{count}" for label, count in result.no_grades if count)])


def attendance_sentence(sheets: tally.Sheets, decimals: int) -> str:
    """People who were to take part and who did (C5); both are known."""
    rate = tally.rate_of(sheets.attended, sheets.entitled, decimals)
    return f"应参评{sheets.entitled}人，实际参评{sheets.attended}人，参评率{rate.percent_text}。"


def verdict_sentence(result: tally.Result) -> str:
    """Members appraised together on 优秀, 合格 and so on (C5); grades that nobody got are not mentioned."""
    sheets = result.sheets
    return graded_sentence(sheets.entitled, sheets.attended, list(zip(result.labels, result.cell.grades, strict=True)))


def graded_sentence(members: int | None, attended: int | None, counts: Sequence[tuple[str, int]]) -> str:
    """The same of the grades that meetings decided, from (grade, members)."""
    people = f"应参加评议党员{or_missing(members)}名，实际参加{or_missing(attended)}名"
    return "，".join([people, *(f"{label}{count}名" for label, count in counts if count)]) + "。"


def rates_sentence(name: str, lines: Sequence[tuple[str, tally.Rate]]) -> str:
    """The 满意率 of each indicator, each with its %: from (indicator, rate) (C8)."""
    rates = "，".join(f"“{text}”为{or_missing(rate.digits)}%" for text, rate in lines)
    return f"对{name}各项评议内容的满意率，{rates}。"


def subject_of(indicator: str, target: str) -> str:
    """The subject of a rate: the indicator where it says it itself, else the target."""
    return indicator if indicator.startswith("对") else f"对{target}的{indicator}"


def opinions_sentence(
    count: int, matters: int | None = None, *, sources: Sequence[tuple[str, int]] = (), ways: str = ""
) -> str:
    """How many opinions, exactly (C3, C4), and into how many matters alike ones were put together.

    `sources` are name and number of each way by which any came, `ways` the words about 座谈会 that come before.
    """
    return _opinions(f"共征求到评议意见和建议{count}条{_matters(count, matters)}", count, sources, ways)


def all_opinions_sentence(
    count: int, matters: int | None = None, *, sources: Sequence[tuple[str, int]] = (), ways: str = ""
) -> str:
    """The same of a whole campaign (C10)."""
    return _opinions(f"共征求到意见建议{count}条{_matters(count, matters)}", count, sources, ways)


def _opinions(sentence: str, count: int, sources: Sequence[tuple[str, int]], ways: str) -> str:
    if not count:
        return ways + NO_OPINIONS
    parts = "、".join(f"{'评议票上' if name == '评议票' else name}{number}条" for name, number in sources)
    return f"{ways}{sentence}{f'，其中{parts}' if parts else ''}。"


def forums_words(forums: int, people: int) -> str:
    """「召开座谈会2次，24人次参加，」; empty where none was held."""
    return f"召开座谈会{forums}次，{people}人次参加，" if forums else ""


def consultation_sentence(issued: int, returned: int, *, amendments: int, remarks: int) -> str:
    """The 征求意见表 handed out beside the 评议表, and what was on them (S0-1)."""
    named = ((amendments, "修改意见"), (remarks, "其他意见"))
    parts = "、".join(f"{name}{number}条" for number, name in named if number)
    return f"发出征求意见表{issued}份，收回{returned}份，{f'提出{parts}' if parts else '没有提出意见'}。"


def _matters(count: int, matters: int | None) -> str:
    return f"（归并为{matters}件）" if matters and matters < count else ""


def ledger_sentence(*, problems: int, measures: int, done: int, closed: int, rate: tally.Rate) -> str:
    """Problems, and their measures with what became of them (C6); `rate` is that of the measures."""
    sentence = f"共梳理发现问题{problems}个"
    if not measures:
        sentence += "，尚未登记整改措施。"
    elif done == measures:
        sentence += f"，制定整改措施{measures}条，已全部落实。"
    else:
        finished = f"，已落实整改{done}条" if done else ""
        sentence += f"，制定整改措施{measures}条{finished}，正在落实{measures - done}条。"
    if measures:
        sentence += f"措施完成率{rate.percent_text}（{done}/{measures}）。"
    return sentence + (f"已办结并答复{closed}个问题。" if closed else "")


def comments_sentence(commented: int, planned: int, *, unit_name: str, coverage: str, missing: str) -> str:
    """Units that leaders commented on, of those planned (C6); `coverage` as 「92.9%（26/28）」, `missing` may be empty."""
    rest = f"，{missing}" if missing else ""
    return f"领导点评{commented}个{unit_name}（共{planned}个），覆盖{coverage}{rest}。"


def commented_members_sentence(members: int) -> str:
    """Members who were commented on by themselves (S2: 752)."""
    return f"点评党员{members}名。"


def campaign_sentence(
    *,
    meetings: int | None,
    issued: int | None,
    returned: int | None,
    units: Sequence[tuple[str, int]],
    units_sealed: int,
    members: int | None,
    satisfaction: tally.Rate | None,
) -> str:
    """The whole of a campaign (C10).

    `units` are those planned by kind: (党支部, 24); 「全部」 is said only when all are sealed. A number that is not known
    stands as 【待填】; a known zero, or a campaign that asks for no 满意率 (None), leaves its clause out.
    """
    papers = f"发放评议问卷{or_missing(issued)}份，收回{or_missing(returned)}份"
    clauses = [f"共{papers}" if meetings == 0 else f"共召开评议会议{or_missing(meetings)}场次，{papers}"]
    clauses.append(f"参与评议人员{or_missing(returned)}人次")
    people = "" if members == 0 else f"、{or_missing(members)}名党员"
    clauses.append(f"{_done(units, units_sealed)}{people}的评议工作")
    if satisfaction is not None:
        clauses.append(f"群众满意率达{or_missing(satisfaction.digits)}%")
    return "，".join(clauses) + "。"


def forms_sentence(forms: int) -> str:
    """Where one ballot carries several forms (C7: two forms on 6063 ballots are 12126)."""
    return f"按每个评议对象一份计，共发出评议表{forms}份。"


def _done(units: Sequence[tuple[str, int]], units_sealed: int) -> str:
    planned = sum(count for _, count in units)
    kinds = "、".join(f"{count}个{kind}" for kind, count in units)
    if not units:
        return f"完成了全部{MISSING}个党组织"
    if units_sealed == planned:
        return f"完成了全部{kinds}"
    return f"完成了{kinds}中{units_sealed}个单位"
