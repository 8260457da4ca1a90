"""Handing a campaign's forms down as a set, and using a set in a campaign."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from .. import actions
from ..library import LibraryGrade
from ..models import Campaign, FormSet, Questionnaire, Scale
from .contents import (
    FORMAT,
    LATER_RULES,
    RULES,
    HandedPattern,
    HandedScale,
    read_contents,
    scale_entry,
    threshold_entry,
)


def hand_down(campaign: Campaign, *, title: str, note: str, by, scoring: dict[str, Any] | None = None) -> FormSet:
    """A set of the organizer's, made of all that a campaign asks and of how it counts.

    `scoring` is its 考核指标表 as a file writes it.
    """
    return FormSet.objects.create(
        organization=campaign.organizer,
        title=title,
        note=note,
        contents=contents_of(campaign, title=title, note=note, scoring=scoring),
        issued_by=by,
    )


def contents_of(
    campaign: Campaign, *, title: str, note: str = "", scoring: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The contents of a set with a campaign's questionnaires, scales, thresholds and pattern."""
    scales, questionnaires = forms_of(campaign)
    steps = step_entries(campaign)
    return {
        "format": FORMAT,
        "title": title,
        "note": note,
        "scales": scales,
        "questionnaires": questionnaires,
        "thresholds": [threshold_entry(limit) for limit in campaign.limits],
        "pattern": {
            "channels": list(campaign.channels),
            "categories": [
                {"name": name, "weight": None if weight is None else float(weight)}
                for name, weight in campaign.categories.values_list("name", "weight")
            ],
            "rules": {name: getattr(campaign, name) for name in RULES} | further_rules(campaign),
            **({"steps": steps} if steps else {}),
            **({"scoring": scoring} if scoring else {}),
        },
    }


def forms_of(campaign: Campaign) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The scales of a campaign's own and its questionnaires, as files write them."""
    rows = campaign.questionnaires.select_related("scale").prefetch_related("scale__grades", "indicators")
    own: dict[int, dict[str, Any]] = {}
    questionnaires = [_questionnaire_entry(row, own) for row in rows]
    return list(own.values()), questionnaires


def further_rules(campaign: Campaign) -> dict[str, Any]:
    """The rules that came to the files later, where they are not what a campaign has unless somebody chooses."""
    plain = Campaign()
    return {
        name: getattr(campaign, field)
        for name, field in LATER_RULES.items()
        if getattr(campaign, field) != getattr(plain, field)
    }


def step_entries(campaign: Campaign) -> list[dict[str, str]]:
    """The steps of a campaign as files write them; a day that is open is left out."""
    return [
        {
            "kind": step.kind,
            **({"starts_on": step.starts_on.isoformat()} if step.starts_on else {}),
            **({"ends_on": step.ends_on.isoformat()} if step.ends_on else {}),
        }
        for step in campaign.steps.all()
    ]


def _questionnaire_entry(row: Questionnaire, own: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """A questionnaire as a file writes it; a scale that is not the library's as it stands goes into `own`."""
    key, _, scores = row.scale.key.partition(actions.SCORES_MARK)
    unknown = key.endswith(actions.UNKNOWN_SUFFIX)
    key = key.removesuffix(actions.UNKNOWN_SUFFIX)
    if row.scale.is_own or scores:
        entry = own.setdefault(
            row.scale_id, scale_entry(f"own-{len(own) + 1}", row.scale.name, scale_grades(row.scale))
        )
        key, unknown = entry["key"], False
    return {
        "key": row.key,
        "title": row.title,
        "target_kind": row.target_kind,
        "target_rule": row.target_rule,
        "target_name": row.target_name,
        "scale": key,
        **({"unknown": True} if unknown else {}),
        "indicators": [
            {"text": asked.text, "overall": True} if asked.is_overall else asked.text for asked in row.indicators.all()
        ],
        "opinion_prompt": row.opinion_prompt,
        "opinion_kind": row.opinion_kind,
        **({"most_chosen": row.most_chosen} if row.is_choice else {}),
    }


def scale_grades(scale: Scale) -> list[LibraryGrade]:
    return [
        LibraryGrade(label=grade.label, is_positive=grade.is_positive, score=grade.score, is_in_base=grade.is_in_base)
        for grade in scale.grades.all()
    ]


def use_set(
    form_set: FormSet, campaign: Campaign, keys: Collection[str], *, takes_pattern: bool
) -> list[Questionnaire]:
    """Copy the chosen questionnaires of a set into a campaign, and with its pattern its thresholds. Raises Frozen."""
    handed = read_contents(form_set.contents)
    with actions.targets_following(campaign) as locked:
        copies = []
        for entry in handed.questionnaires:
            if entry.key in keys:
                copy = actions.add_questionnaire(
                    locked,
                    key=entry.key,
                    title=entry.title,
                    rule=entry.rule,
                    target_name=entry.target_name,
                    scale=_scale(entry.scale),
                    opinion_prompt=entry.opinion_prompt,
                    opinion_kind=entry.opinion_kind,
                    most_chosen=entry.most_chosen,
                    form_set=form_set,
                    form_key=entry.key,
                )
                actions.write_indicators(copy, entry.indicators)
                copies.append(copy)
        if takes_pattern:
            actions.keep_thresholds(locked, list(handed.thresholds))
            if handed.pattern:
                _take_pattern(locked, handed.pattern)
        return copies


def _scale(entry: HandedScale) -> Scale:
    if entry.library_key:
        return actions.scale_from_library(entry.library_key, unknown=entry.has_unknown)
    return actions.own_scale(entry.name, entry.grades)


def _take_pattern(campaign: Campaign, pattern: HandedPattern) -> None:
    campaign.channels = list(pattern.channels)
    for name, value in pattern.rules.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=["channels", *pattern.rules])
    rows = [(name, None if weight is None else Decimal(str(weight))) for name, weight in pattern.categories]
    actions.replace_categories(campaign, rows)
    if pattern.steps:
        actions.write_steps(campaign, pattern.steps)
