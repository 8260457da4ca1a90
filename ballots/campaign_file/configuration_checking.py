"""The parts of a campaign that a file may leave out: 五明确, channels, steps, stages and the 考核指标表. No Django."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from campaigns import library

from .document import StageEntry, StepEntry
from .nodes import JsonNode, printable

CLARITIES = ("participant_scope", "procedure", "method", "content", "use_of_results")
# 评议工作领导小组: the parts of it and how long each may be.
LEADING_GROUP = {"head": 100, "deputies": 200, "members": 500, "office": 200}
CHANNELS = ("meeting", "paper", "online", "interview", "phone", "mailbox", "instant")
STEPS = ("review", "self", "mutual", "mass", "votes", "comment", "meeting", "grade")
MEASURES = ("satisfaction", "positive", "score")

MOST_WORDS = 5000
MAX_STAGES, MAX_ARTEFACTS = 30, 50


def check_clarity(node: JsonNode) -> dict[str, str]:
    """The 五明确 that the file gives, each by the name of its field."""
    fields = node.fields(optional=CLARITIES)
    if fields is None:
        return {}
    read = {name: fields[name].paragraph(most=MOST_WORDS, may_be_empty=True) for name in CLARITIES}
    return {name: words for name, words in read.items() if words is not None}


def check_leading_group(node: JsonNode) -> dict[str, str]:
    """The leading group that the file gives, by the names of a campaign's fields."""
    fields = node.fields(optional=LEADING_GROUP)
    if fields is None:
        return {}
    read = {f"group_{part}": fields[part].name(most=most, may_be_empty=True) for part, most in LEADING_GROUP.items()}
    return {name: words for name, words in read.items() if words}


def check_channels(node: JsonNode) -> tuple[str, ...]:
    """The channels of a campaign in the order of the format; none may be named twice."""
    items = node.items()
    named = [item.choice(CHANNELS, what="评议渠道") for item in items]
    for item in _repeated(items):
        item.refuse(f"“{printable(item.value)}”重复。")
    return tuple(channel for channel in CHANNELS if channel in named)


def check_steps(node: JsonNode) -> tuple[StepEntry, ...]:
    """The steps in their order, each at most once, none beginning before the one that comes before it."""
    steps: list[tuple[JsonNode, StepEntry]] = []
    kinds = []
    for item in node.items(most=len(STEPS)):
        fields = item.fields("kind", optional=("starts_on", "ends_on"))
        if fields is None:
            continue
        kind = fields["kind"].choice(STEPS, what="评议步骤")
        days = [fields[name].day() if fields[name].is_given else None for name in ("starts_on", "ends_on")]
        if days[0] and days[1] and days[1] < days[0]:
            fields["ends_on"].refuse("一步的结束日期不能早于开始日期。")
        kinds.append(fields["kind"])
        steps.append((fields["starts_on"], StepEntry(kind or "", days[0], days[1])))
    for kind_node in _repeated(kinds):
        kind_node.refuse(f"“{printable(kind_node.value)}”重复，一种步骤只有一步。")
    begun = [(where, step.starts_on) for where, step in steps if step.starts_on]
    for (_, earlier), (where, later) in pairwise(begun):
        if later < earlier:
            where.refuse(f"早于前面一步的开始日期{earlier:%Y-%m-%d}，各步应依次开始。")
    return tuple(step for _, step in steps)


def check_stages(node: JsonNode) -> tuple[StageEntry, ...]:
    """The stages in their order with the titles of their papers."""
    stages, titles = [], []
    for item in node.items(most=MAX_STAGES):
        fields = item.fields("title", optional=("due_on", "artefacts"))
        if fields is None:
            continue
        title = fields["title"].name(most=50)
        due_on = fields["due_on"].day() if fields["due_on"].is_given else None
        papers = fields["artefacts"].items(most=MAX_ARTEFACTS)
        named = [paper.name(most=50) for paper in papers]
        for paper in _repeated(papers):
            paper.refuse(f"“{printable(paper.value)}”重复，一个阶段的材料不能同名。")
        titles.append(fields["title"])
        stages.append(StageEntry(title or "", due_on, tuple(paper for paper in named if paper)))
    for where in _repeated(titles):
        where.refuse(f"“{printable(where.value)}”重复，阶段不能同名。")
    return tuple(stages)


def check_scoring(node: JsonNode, questionnaires: Iterable[str]) -> dict[str, Any] | None:
    """The 考核指标表 as this program writes it; `questionnaires` are the keys of those about a unit itself."""
    fields = node.fields("total", "indicators", "raters", optional=("score_weight", "satisfaction_weight", *_MEASURED))
    if fields is None:
        return None
    total = fields["total"].integer(least=1, most=library.MOST_POINTS)
    weights = [
        fields["score_weight"].integer(least=1, most=100) if fields["score_weight"].is_given else 100,
        fields["satisfaction_weight"].integer(most=100) if fields["satisfaction_weight"].is_given else 0,
    ]
    if None not in weights and sum(filter(None, weights)) != 100:
        node.refuse(f"考核得分权重{weights[0]}与满意度权重{weights[1]}之和应为100。")
    measure = fields["measure"].choice(MEASURES, what="满意度的取法") or MEASURES[0]
    key = None
    if fields["questionnaire"].is_given:
        key = fields["questionnaire"].choice(tuple(questionnaires), what="评议单位自身的评议表的key")
    elif weights[1]:
        node.refuse("满意度有权重，应写明取自哪张评议表“questionnaire”。")
    return {
        "total": total,
        "score_weight": weights[0],
        "satisfaction_weight": weights[1],
        "measure": measure,
        "questionnaire": key,
        "indicators": _score_lines(fields["indicators"], total),
        "raters": _raters(fields["raters"]),
    }


_MEASURED = ("measure", "questionnaire")


def _score_lines(node: JsonNode, total: int | None) -> list[dict[str, Any]]:
    lines, texts, points = [], [], []
    for item in node.items(most=library.MOST_SCORE_LINES, least=1):
        fields = item.fields("group", "text", "maximum")
        if fields is None:
            continue
        group, text = fields["group"].name(most=50), fields["text"].name(most=200)
        points.append(fields["maximum"].integer(least=1, most=library.MOST_POINTS))
        texts.append(fields["text"])
        lines.append({"group": group, "text": text, "maximum": points[-1]})
    for where in _repeated(texts):
        where.refuse(f"“{printable(where.value)}”重复，考核指标不能相同。")
    whole = [number for number in points if number is not None]
    if total is not None and whole and len(whole) == len(points) and sum(whole) != total:
        node.refuse(f"各指标满分之和为{sum(whole)}，应等于总分{total}。")
    return lines


def _raters(node: JsonNode) -> list[dict[str, Any]]:
    raters, names, weights = [], [], []
    for item in node.items(most=library.MOST_RATERS, least=1):
        fields = item.fields("name", "weight")
        if fields is None:
            continue
        name = fields["name"].name(most=50)
        weights.append(fields["weight"].number(above=0, most=100, places=2))
        names.append(fields["name"])
        raters.append({"name": name, "weight": None if weights[-1] is None else plain_number(weights[-1])})
    for where in _repeated(names):
        where.refuse(f"“{printable(where.value)}”重复，考核组不能同名。")
    whole = [weight for weight in weights if weight is not None]
    if whole and len(whole) == len(weights) and sum(whole) != 100:
        node.refuse(f"各考核组权重之和为{sum(whole)}，应为100。")
    return raters


def plain_number(number: Decimal) -> int | float:
    """A weight as a file writes it: 30, 12.5."""
    return int(number) if number == int(number) else float(number)


def _repeated(nodes: Iterable[JsonNode]) -> list[JsonNode]:
    """The nodes whose text stood at one before."""
    seen: set[str] = set()
    again = []
    for node in nodes:
        if isinstance(node.value, str):
            if node.value in seen:
                again.append(node)
            seen.add(node.value)
    return again
