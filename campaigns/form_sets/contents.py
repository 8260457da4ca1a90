"""The contents of a set, `pingyi-library/1`: JSON values to records and back. No Django.

The contents were checked when they were imported, or written by this program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import library
from ..library import LibraryGrade, LibraryThreshold

FORMAT = "pingyi-library/1"
# The counting rules that a pattern may give, as fields of a campaign.
RULES = (
    "base",
    "blank",
    "unknown",
    "decimals",
    "sum_to_100",
    "min_group",
    "min_poll",
    "first_split",
    "judged",
)
# Later ones by their names in a file; a file without them says nothing about them.
LATER_RULES = {"judgement": "judgement", "excellent_limit": "excellent_limit", "self_excluded": "is_self_excluded"}


@dataclass(frozen=True)
class HandedScale:
    """A scale of the library, with or without 不了解, or one of the set's own with its grades."""

    name: str
    grades: tuple[LibraryGrade, ...]
    # Empty for a scale of the set's own.
    library_key: str = ""
    has_unknown: bool = False


@dataclass(frozen=True)
class HandedQuestionnaire:
    """A questionnaire of a set; indicators are pairs of text and whether it is the 总体评价."""

    key: str
    title: str
    rule: str
    target_name: str
    scale: HandedScale
    indicators: tuple[tuple[str, bool], ...]
    opinion_prompt: str
    opinion_kind: str
    most_chosen: int | None = None


HandedStep = tuple[str, date | None, date | None]


@dataclass(frozen=True)
class HandedPattern:
    """The pattern of appraisal: channels, categories of participants with their weights, counting rules and steps.

    Rules go by the names of a campaign's fields. A step is its kind with its first and last day.
    """

    channels: tuple[str, ...]
    categories: tuple[tuple[str, float | None], ...]
    rules: dict[str, Any]
    steps: tuple[HandedStep, ...] = ()
    # The 考核指标表 as the file writes it.
    scoring: dict[str, Any] | None = None


@dataclass(frozen=True)
class Handed:
    """All of a set."""

    questionnaires: tuple[HandedQuestionnaire, ...]
    thresholds: tuple[LibraryThreshold, ...]
    pattern: HandedPattern | None


def read_contents(contents: Mapping[str, Any]) -> Handed:
    scales = {scale["key"]: _own_scale(scale) for scale in contents.get("scales", ())}
    return Handed(
        questionnaires=tuple(_questionnaire(entry, scales) for entry in contents["questionnaires"]),
        thresholds=tuple(threshold_of(entry) for entry in contents.get("thresholds", ())),
        pattern=_pattern(contents["pattern"]) if contents.get("pattern") else None,
    )


def _own_scale(entry: Mapping[str, Any]) -> HandedScale:
    grades = tuple(
        LibraryGrade(
            label=grade["label"],
            is_positive=grade.get("positive", False),
            score=grade.get("score"),
            is_in_base=grade.get("in_base", True),
        )
        for grade in entry["grades"]
    )
    return HandedScale(entry["title"], grades)


def _questionnaire(entry: Mapping[str, Any], scales: Mapping[str, HandedScale]) -> HandedQuestionnaire:
    key, unknown = entry["scale"], entry.get("unknown", False)
    scale = scales.get(key)
    if scale is None:
        scale = HandedScale(library.scales()[key].name, library.grades_of(key, unknown=unknown), key, unknown)
    asked = (item if isinstance(item, dict) else {"text": item} for item in entry["indicators"])
    return HandedQuestionnaire(
        key=entry["key"],
        title=entry["title"],
        rule=entry["target_rule"],
        target_name=entry.get("target_name", ""),
        scale=scale,
        indicators=tuple((item["text"], item.get("overall", False)) for item in asked),
        opinion_prompt=entry["opinion_prompt"],
        opinion_kind=entry["opinion_kind"],
        most_chosen=entry.get("most_chosen"),
    )


def threshold_of(entry: str | Mapping[str, Any]) -> LibraryThreshold:
    """A threshold as a file writes it: a key of the library, or the whole of an own one."""
    if isinstance(entry, str):
        return library.thresholds()[entry]
    share = library.share_of(entry["share"])
    if share is None:
        raise ValueError(entry["share"])
    return library.own_threshold(
        target_kinds=entry["target_kinds"],
        labels=entry["grades"],
        share=share,
        is_at_least=entry.get("at_least", False),
        consequences=entry["consequences"],
        review_state=entry.get("review") or "",
    )


def threshold_entry(limit: LibraryThreshold) -> str | dict[str, Any]:
    """A threshold as a file writes it."""
    if not limit.is_own:
        return limit.key
    return {
        "target_kinds": list(limit.target_kinds),
        "grades": list(limit.labels),
        "share": limit.share_text,
        "at_least": limit.is_at_least,
        "consequences": list(limit.consequences),
        **({"review": limit.review_state} if limit.needs_review else {}),
    }


def scale_entry(key: str, name: str, grades: Sequence[LibraryGrade]) -> dict[str, Any]:
    """A scale of the set's own as a file writes it."""
    return {
        "key": key,
        "title": name,
        "grades": [
            {
                "label": grade.label,
                "positive": grade.is_positive,
                **({} if grade.score is None else {"score": grade.score}),
                **({} if grade.is_in_base else {"in_base": False}),
            }
            for grade in grades
        ],
    }


def _pattern(entry: Mapping[str, Any]) -> HandedPattern:
    categories = tuple((row["name"], row.get("weight")) for row in entry["categories"])
    rules = {LATER_RULES.get(name, name): value for name, value in entry.get("rules", {}).items()}
    steps = tuple(
        (step["kind"], _day(step.get("starts_on")), _day(step.get("ends_on"))) for step in entry.get("steps", ())
    )
    return HandedPattern(tuple(entry["channels"]), categories, rules, steps, entry.get("scoring"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
