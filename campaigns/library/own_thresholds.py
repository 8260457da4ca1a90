"""Thresholds of one's own: how a share is written, the rules that a threshold keeps, and how a campaign keeps it."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .entries import OWN_THRESHOLD_PREFIX, LibraryThreshold

OWN_SOURCE = "自定"
DEFAULT_REVIEW_STATE = "待组织复核认定"
MOST_CONSEQUENCES, LONGEST_CONSEQUENCE, LONGEST_REVIEW_STATE = 10, 100, 30
KIND_LABELS = {
    "organization": "党组织",
    "secretary": "党组织书记",
    "member": "党员",
    "cadre": "干部",
    "document": "文件稿",
}
_PERSONS = {"secretary", "member", "cadre"}
_DIGEST_LENGTH = 32
_LARGEST = 10_000
_NUMERALS = "零一二三四五六七八九十"
# 2 of 3, 40 % or 33.25 %, and as people say it; the last two whole and in the order of the numbers said.
_FRACTION = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%")
_SAID = re.compile(r"([一二三四五六七八九])分之([一二三四五六七八九])")
_HALVES = ("半数", "一半")
SHARE_HELP = "如：1/3、三分之一、40%、33.5%"


class AskedGrades(NamedTuple):
    """A questionnaire as a threshold sees it: the kind of its targets, and the grades in the base."""

    kind: str
    labels: tuple[str, ...]


class ThresholdFault(NamedTuple):
    """A broken rule and the field that it is about."""

    field: str
    message: str


def share_of(text: str) -> tuple[int, int] | None:
    """Numerator and denominator of a written share, exact; a percentage keeps 100, 1000 or 10000 below the line.

    None for what is no share greater than nothing and less than the whole.
    """
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    share = _read_share(text)
    return share if share and 0 < share[0] < share[1] else None


def _read_share(text: str) -> tuple[int, int] | None:
    if text in _HALVES:
        return 1, 2
    if words := _SAID.fullmatch(text):
        return _NUMERALS.index(words[2]), _NUMERALS.index(words[1])
    if written := _FRACTION.fullmatch(text):
        numerator, denominator = int(written[1]), int(written[2])
        return Fraction(numerator, denominator).as_integer_ratio() if denominator else None
    if percent := _PERCENT.fullmatch(text):
        number = Decimal(percent[1])
        for places in (0, 1, 2):
            if number * 10**places == int(number * 10**places):
                return int(number * 10**places), 100 * 10**places
    return None


def own_threshold(
    *,
    target_kinds: Iterable[str],
    labels: Iterable[str],
    share: tuple[int, int],
    is_at_least: bool = False,
    consequences: Iterable[str],
    review_state: str = "",
) -> LibraryThreshold:
    """A threshold with these contents, which give it its key: other contents are another threshold."""
    threshold = LibraryThreshold(
        key="",
        title="",
        target_kinds=tuple(kind for kind in KIND_LABELS if kind in set(target_kinds)),
        labels=tuple(labels),
        numerator=share[0],
        denominator=share[1],
        is_at_least=is_at_least,
        consequences=tuple(consequences),
        needs_review=bool(review_state),
        review_state=review_state,
        source=OWN_SOURCE,
    )
    contents = json.dumps(asdict(threshold), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(contents.encode()).hexdigest()[:_DIGEST_LENGTH]
    return replace(threshold, key=OWN_THRESHOLD_PREFIX + digest, title=_title(threshold))


def _title(threshold: LibraryThreshold) -> str:
    """「一般和不满意率超过二分之一的干部」."""
    *others, last = threshold.labels or ("",)
    grades = f"{'、'.join(others)}和{last}" if others else last
    kinds = "、".join(KIND_LABELS[kind] for kind in threshold.target_kinds)
    return f"{grades}率{threshold.sense}{_said(threshold)}的{kinds}"


def _said(threshold: LibraryThreshold) -> str:
    if threshold.denominator < len(_NUMERALS):
        return f"{_NUMERALS[threshold.denominator]}分之{_NUMERALS[threshold.numerator]}"
    return threshold.share_text


def threshold_faults(
    threshold: LibraryThreshold, asked: Sequence[AskedGrades], others: Iterable[LibraryThreshold] = ()
) -> list[ThresholdFault]:
    """The rules that a threshold breaks beside the questionnaires asked and the other thresholds; empty for a sound one."""
    return [
        *_grade_faults(threshold, asked),
        *_share_faults(threshold),
        *_consequence_faults(threshold),
        *_review_faults(threshold),
        *_repetitions(threshold, others),
    ]


def _grade_faults(threshold: LibraryThreshold, asked: Sequence[AskedGrades]) -> Iterator[ThresholdFault]:
    if not threshold.target_kinds:
        yield ThresholdFault("target_kinds", "请选定对哪类对象判断。")
    if not threshold.labels:
        yield ThresholdFault("labels", "请选定计哪几档。")
        return
    if len(set(threshold.labels)) < len(threshold.labels):
        yield ThresholdFault("labels", "同一个等次写了两次。")
    for kind in threshold.target_kinds:
        scales = [questionnaire.labels for questionnaire in asked if questionnaire.kind == kind]
        if not scales:
            yield ThresholdFault("target_kinds", f"没有评议{KIND_LABELS[kind]}的评议表，这条阈值对它不会起作用。")
        elif not any(set(threshold.labels) <= set(labels) for labels in scales):
            there = "；".join(dict.fromkeys("、".join(labels) for labels in scales))
            chosen = "”“".join(threshold.labels)
            yield ThresholdFault(
                "labels", f"评议{KIND_LABELS[kind]}的评议表没有同时有“{chosen}”的量表；计入分母的等次有：{there}。"
            )


def _share_faults(threshold: LibraryThreshold) -> Iterator[ThresholdFault]:
    if not 0 < threshold.numerator < threshold.denominator <= _LARGEST:
        yield ThresholdFault("share", f"界限应大于0、小于1，{SHARE_HELP}。")


def _consequence_faults(threshold: LibraryThreshold) -> Iterator[ThresholdFault]:
    sentences = threshold.consequences
    if not 1 <= len(sentences) <= MOST_CONSEQUENCES:
        yield ThresholdFault(
            "consequences", f"到了界限以后怎样，写一至{MOST_CONSEQUENCES}句，一行一句，现在有{len(sentences)}句。"
        )
    for sentence in sentences:
        if len(sentence) > LONGEST_CONSEQUENCE:
            yield ThresholdFault(
                "consequences", f"一句至多{LONGEST_CONSEQUENCE}字，“{sentence[:10]}……”有{len(sentence)}字。"
            )
    for sentence in sorted({sentence for sentence in sentences if sentences.count(sentence) > 1}):
        yield ThresholdFault("consequences", f"“{sentence}”写了两次。")


def _review_faults(threshold: LibraryThreshold) -> Iterator[ThresholdFault]:
    if not threshold.needs_review and (persons := [kind for kind in threshold.target_kinds if kind in _PERSONS]):
        named = "、".join(KIND_LABELS[kind] for kind in persons)
        yield ThresholdFault("review", f"{named}是个人，须先复核，认定以后才能运用结果。")
    if len(threshold.review_state) > LONGEST_REVIEW_STATE:
        yield ThresholdFault("review", f"复核以前的状态至多{LONGEST_REVIEW_STATE}字。")


def _repetitions(threshold: LibraryThreshold, others: Iterable[LibraryThreshold]) -> Iterator[ThresholdFault]:
    for other in others:
        if _sense(other) == _sense(threshold) and set(other.target_kinds) & set(threshold.target_kinds):
            yield ThresholdFault("", f"与“{other.title}”是同一条界限；后果请合写在一条里。")
            return


def _sense(threshold: LibraryThreshold) -> tuple[frozenset[str], Fraction, bool]:
    share = Fraction(threshold.numerator, threshold.denominator or 1)
    return frozenset(threshold.labels), share, threshold.is_at_least


def kept_threshold(threshold: LibraryThreshold) -> dict[str, Any]:
    """An own threshold as a campaign keeps it, for `threshold_kept`."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(threshold).items()}


def threshold_kept(kept: Mapping[str, Any]) -> LibraryThreshold:
    facts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return LibraryThreshold(**facts)
