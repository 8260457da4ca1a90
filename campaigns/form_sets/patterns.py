"""The pattern of appraisal of a set in words: what a page shows of it, and what a unit's own is compared by."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..models import Campaign, CampaignStep, Channel
from ..models.columns import column
from .contents import HandedPattern, HandedStep


def pattern_lines(pattern: HandedPattern) -> list[tuple[str, str]]:
    """Label and words of everything in a pattern."""
    channels = "、".join(Channel(channel).label for channel in pattern.channels)
    categories = "、".join(name if weight is None else f"{name}（{weight:g}%）" for name, weight in pattern.categories)
    steps = "；".join(step_words(step) for step in pattern.steps)
    return [
        ("评议渠道", channels),
        ("参评人员类别", categories),
        *rule_lines(pattern.rules),
        *([("评议步骤", steps)] if steps else []),
        *([("考核指标表", _scoring_words(pattern.scoring))] if pattern.scoring else []),
    ]


def rule_lines(rules: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and words of rules, as an unsaved campaign would show them."""
    campaign = Campaign(**rules)
    return [(str(column(Campaign, name).verbose_name), _shown(campaign, name)) for name in rules]


def step_words(step: HandedStep) -> str:
    """「党员自评（2026年11月1日至2026年11月5日）」."""
    kind, starts_on, ends_on = step
    label = CampaignStep.Kind(kind).label
    if starts_on is None and ends_on is None:
        return label
    return f"{label}（{_day(starts_on)}{'至' if ends_on else '起'}{_day(ends_on)}）"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _shown(campaign: Campaign, name: str) -> str:
    display = getattr(campaign, f"get_{name}_display", None)
    value = display() if display else getattr(campaign, name)
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _scoring_words(scoring: Mapping[str, Any]) -> str:
    raters = "、".join(f"{rater['name']}{rater['weight']}%" for rater in scoring["raters"])
    return f"{scoring['total']}分，{len(scoring['indicators'])}项指标；考核组：{raters}"
