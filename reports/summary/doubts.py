"""Figures typed by hand that nothing bears out: 「98%」 that no line of the ballots gives, 「10余条」 (C1, C3, C4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ballots.counting import tally

from .. import wording
from .text import without_fields

_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,4})?)\s?[%％]|百分之(\d{1,3}(?:\.\d{1,4})?)")
_SENTENCE = re.compile(r"[^。；！？\n]+")
# The name that the text gives a percentage: a grade's share, or another rate.
_NAME = re.compile(r"(综合|基本|比较|不)?满意[率度]?|[\u4e00-\u9fff]{2}率")
# Another period's figure, or an aim: the ballots of this one cannot know it.
_ELSEWHERE = re.compile("上期|上次|上一|上年|去年|上季|上半年|同期|目标|力争|争取|确保")
_VAGUE = re.compile(
    r"(?:\d+\s?|[一二三四五六七八九十百千]+)[余多几来]\s?[条件个项份张]|[数几][十百千][余多]?[条件个项份张]"
)
_COUNTED = re.compile("意见|建议|问卷|评议表|测评表|评议票")
_COUNT = re.compile(r"(发出|发放|分发|收回|意见建议|意见|建议)[^\d，。；]{0,8}(\d{1,9})\s?[份张条]")
# The text's names for fields of another name.
_SAME_AS = {"发放": "发出", "分发": "发出", "意见建议": "意见条数", "意见": "意见条数", "建议": "意见条数"}


@dataclass(frozen=True)
class Witness:
    """A result that a sentence can speak of; beside the headline it needs all its `words` in the sentence."""

    words: tuple[str, ...]
    result: tally.Result


@dataclass(frozen=True)
class Evidence:
    """All that a percentage in the text can stand for: results, other rates of the report, and the organizer's rules."""

    headline: tally.Result | None
    witnesses: tuple[Witness, ...]
    # Printed by the report's own sentences beside the results: of attendance, measures, comments, commitments.
    rates: tuple[tally.Rate, ...]
    # Percentages that are rules, as they were typed, without their signs.
    rules: frozenset[str]
    # Field → number, of those that people like to type.
    counts: tuple[tuple[str, int], ...]

    @property
    def opinions(self) -> int:
        return dict(self.counts)["意见条数"]


def doubts_about(text: str, evidence: Evidence) -> Iterable[str]:
    """A sentence for each figure that the ballots do not give."""
    for sentence in _SENTENCE.findall(without_fields(text)):
        if not _ELSEWHERE.search(sentence):
            yield from _rates(sentence, evidence)
        for vague in _VAGUE.findall(sentence) if _COUNTED.search(sentence) else ():
            yield (
                f"“{vague}”不是具体数。意见建议共{evidence.opinions}条，请用字段{{意见条数}}、{{收回}}等，"
                "数字由系统填写。"
            )


def hints_about(text: str, evidence: Evidence) -> Iterable[str]:
    """Figures that may well be right, of another period or of a part, but that nothing here confirms."""
    counts = dict(evidence.counts)
    for sentence in _SENTENCE.findall(without_fields(text)):
        if _ELSEWHERE.search(sentence):
            if figure := _PERCENT.search(sentence):
                yield f"“{figure.group()}”不是本次评议的数，系统不能核对，请自行核实。"
            continue
        for figure in _COUNT.finditer(sentence):
            name = _SAME_AS.get(figure.group(1), figure.group(1))
            if int(figure.group(2)) != counts[name]:
                yield f"“{figure.group()}”：系统的数是{counts[name]}，请核对；用字段{{{name}}}就不会写错。"


def percentages(text: str) -> set[str]:
    """Every percentage in a text, without its sign."""
    return {signed or spelled for signed, spelled in _PERCENT.findall(text)}


def _rates(sentence: str, evidence: Evidence) -> Iterable[str]:
    for figure in _PERCENT.finditer(sentence):
        reported = figure.group(1) or figure.group(2)
        name = ([None, *_NAME.finditer(sentence[: figure.start()])])[-1]
        if name and "满意" in name.group():
            yield from _grade(sentence, name, reported, evidence)
        elif not _is_known(reported, evidence):
            yield f"评议票和台账都得不出{reported}%，请改用字段，由系统填写，如{{满意率}}。"


def _is_known(reported: str, evidence: Evidence) -> bool:
    """Whether a rule, a rate of the report or any result gives a percentage of no grade's name."""
    if reported in evidence.rules or any(rate.digits == reported for rate in evidence.rates):
        return True
    return any(_any_gives(witness.result, reported) for witness in evidence.witnesses)


def _grade(sentence: str, name: re.Match, reported: str, evidence: Evidence) -> Iterable[str]:
    """Of the share of a grade: the headline's, or that of a line which the sentence names."""
    called = [witness.result for witness in evidence.witnesses if all(word in sentence for word in witness.words)]
    called += [evidence.headline] if evidence.headline else []
    if any(_gives(result, name.group(1) or "", reported) for result in called):
        return
    asked = [result for result in called if result.labels[0] == "满意"]
    if asked and not name.group(1):
        yield wording.reported_rate_sentence(asked[0], reported)
    else:
        yield f"评议票得不出{name.group()}{reported}%，请改用字段，由系统填写，如{{满意率}}。"


def _any_gives(result: tally.Result, reported: str) -> bool:
    """Whether a rate of a result rounds to a figure, or is printed so to make the sum 100."""
    rates = [*(share.rate for share in result.shares), result.positive]
    return _is_one_of(rates, reported) or any(rate.digits == reported for rate in rates)


def _gives(result: tally.Result, prefix: str, reported: str) -> bool:
    """Whether a line's rate of that name is the reported one."""
    if prefix == "综合":
        return _is_one_of([result.positive], reported)
    return _is_one_of([share.rate for share in result.shares if share.label == f"{prefix}满意"], reported)


def _is_one_of(rates: Iterable[tally.Rate], reported: str) -> bool:
    """Whether one of the rates rounds to a figure at the figure's own decimals."""
    decimals = len(reported.partition(".")[2])
    return any(tally.Rate.of(rate.value, decimals).digits == reported for rate in rates)
