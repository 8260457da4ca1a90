"""Figures typed by hand that nothing bears out: 「98%」 that no line of the ballots gives, 「10余条」 (C1, C3, C4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ballots import tally

from .. import wording
from .text import without_fields

_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,4})?)\s?[%％]|百分之(\d{1,3}(?:\.\d{1,4})?)")
_SENTENCE = re.compile(r"[^。；！？\n]+")
_RATE_NAME = re.compile(r"(综合|基本|比较|不)?满意[率度]")
# Another period's figure, or an aim: the ballots of this one cannot know it.
_ELSEWHERE = re.compile("上期|上次|上一|上年|去年|上季|上半年|同期|目标|力争|争取|确保")
_VAGUE = re.compile(
    r"(?:\d+\s?|[一二三四五六七八九十百千]+)[余多几来]\s?[条件个项份张]|[数几][十百千][余多]?[条件个项份张]"
)
_COUNTED = re.compile("意见|建议|问卷|评议表|测评表|评议票")


@dataclass(frozen=True)
class Evidence:
    """All that a percentage in the text can stand for: results, and whatever else the system or the rules print."""

    headline: tally.Result | None
    results: tuple[tally.Result, ...]
    # Without their signs.
    printed: frozenset[str]
    opinions: int


def doubts_about(text: str, evidence: Evidence) -> Iterable[str]:
    """One sentence for each figure that would not stand."""
    for sentence in _SENTENCE.findall(without_fields(text)):
        if not _ELSEWHERE.search(sentence):
            yield from _rates(sentence, evidence)
        for vague in _VAGUE.findall(sentence) if _COUNTED.search(sentence) else ():
            yield (
                f"“{vague}”不是具体数。意见建议共{evidence.opinions}条，请用字段{{意见条数}}、{{收回}}等，"
                "数字由系统填写。"
            )


def hints_about(text: str) -> Iterable[str]:
    """Percentages of another period, or aimed at: nothing here can confirm them."""
    for sentence in _SENTENCE.findall(without_fields(text)):
        if _ELSEWHERE.search(sentence) and (found := _PERCENT.search(sentence)):
            yield f"“{found.group()}”不是本次评议的数，系统不能核对，请自行核实。"


def percentages(text: str) -> set[str]:
    """Every percentage in a text, without its sign."""
    return {one or other for one, other in _PERCENT.findall(text)}


def _rates(sentence: str, evidence: Evidence) -> Iterable[str]:
    for found in _PERCENT.finditer(sentence):
        reported = found.group(1) or found.group(2)
        names = _RATE_NAME.findall(sentence[: found.start()])
        prefix = names[-1] if names else None
        if any(_gives(result, prefix, reported) for result in evidence.results):
            continue
        if prefix == "":
            own = evidence.headline or next((one for one in evidence.results if one.labels[0] == "满意"), None)
            yield wording.reported_rate_sentence(own, reported) if own else f"评议票得不出满意率{reported}%。"
        elif prefix or reported not in evidence.printed:
            yield f"评议票和台账都得不出{reported}%，请改用字段，由系统填写，如{{满意率}}。"


def _gives(result: tally.Result, prefix: str | None, reported: str) -> bool:
    """Whether a line's rate of that name rounds to a figure at the figure's own decimals; without a name, any rate."""
    shares = {share.label: share.share for share in result.shares}
    if prefix == "综合":
        exact = [result.positive]
    elif prefix is not None:
        exact = [shares.get(f"{prefix}满意")]
    else:
        exact = [*shares.values(), result.positive]
    decimals = len(reported.partition(".")[2])
    return any(one is not None and tally.percent(one, decimals) == reported for one in exact)
