"""A set of forms as a file, `pingyi-library/1`: read whole, or refused with every error. No Django."""

from collections.abc import Mapping, Sequence
from typing import Any

from campaigns import library
from campaigns.form_sets.contents import FORMAT, LATER_RULES, RULES, scale_entry, threshold_entry
from campaigns.library.loader import NAMED_RULES, RULE_TARGET_KINDS

from .checking import check_categories, check_questionnaires, check_rules, check_scales, own_forms
from .configuration_checking import CHANNELS, check_scoring, check_steps
from .document import QuestionnaireEntry, StepEntry
from .nodes import ABSENT, FileProblem, InvalidFile, JsonNode, described
from .parsing import parse
from .threshold_checking import asked_of, check_thresholds

MAX_LIBRARY_BYTES = 2 * 1024 * 1024
DEFAULT_PROMPT, DEFAULT_OPINION_KIND = "您的意见和建议", "suggestion"


def read_library_file(content: bytes) -> dict[str, Any]:
    """The contents of a set, in the one way in which this program writes them; raises InvalidFile."""
    problems: list[FileProblem] = []
    top = JsonNode(parse(content), "$", problems).fields(
        "format", "title", "questionnaires", optional=("note", "scales", "thresholds", "pattern")
    )
    if top is None:
        raise InvalidFile(problems)
    if top["format"].value is not ABSENT and top["format"].value != FORMAT:
        top["format"].refuse(f"现为{described(top['format'].value)}，应为“{FORMAT}”。")
    title = top["title"].name(most=100)
    note = top["note"].name(most=300, may_be_empty=True) if top["note"].is_given else ""
    scales = check_scales(top["scales"])
    entries = check_questionnaires(top["questionnaires"], [*library.scales(), *scales])
    nodes = top["questionnaires"].items() if not problems else []
    further = [_further(entry, node) for entry, node in zip(entries, nodes, strict=False)]
    limits = check_thresholds(top["thresholds"], asked_of(entries, scales))
    pattern = _pattern(top["pattern"], own_forms(entries)) if top["pattern"].is_given else None
    if problems:
        raise InvalidFile(problems)
    return {
        "format": FORMAT,
        "title": title,
        "note": note or "",
        "scales": [scale_entry(entry.key, entry.title, entry.grades) for entry in scales.values() if entry],
        "questionnaires": [_written(entry, more) for entry, more in zip(entries, further, strict=True)],
        "thresholds": [threshold_entry(limit) for limit in limits],
        **({"pattern": pattern} if pattern else {}),
    }


def _further(entry: QuestionnaireEntry, node: JsonNode) -> dict[str, Any]:
    """The keys of a questionnaire that may be left out, each with what stands for it where it is absent."""
    facts = entry.facts
    rule = facts.target_rule or next(rule for rule, kind in RULE_TARGET_KINDS.items() if kind == entry.target_kind)
    if rule in NAMED_RULES and not facts.target_name and facts.most_chosen is None:
        given = (node.members() or {}).get("target_name", node)
        given.refuse("缺少票面上的名称“target_name”。")
    return {
        "target_rule": rule,
        "target_name": facts.target_name or "",
        "opinion_prompt": facts.opinion_prompt or DEFAULT_PROMPT,
        "opinion_kind": facts.opinion_kind or DEFAULT_OPINION_KIND,
        **({} if facts.most_chosen is None else {"most_chosen": facts.most_chosen}),
    }


def _written(entry: QuestionnaireEntry, further: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": entry.key,
        "title": entry.title,
        "target_kind": entry.target_kind,
        "scale": entry.scale,
        **({"unknown": True} if entry.has_unknown else {}),
        "indicators": [
            {"text": asked.text, "overall": True} if asked.is_overall else asked.text for asked in entry.indicators
        ],
        **further,
    }


def _pattern(node: JsonNode, own: Sequence[str]) -> dict[str, Any] | None:
    """The pattern of a set; `own` are the keys of the questionnaires about a unit itself."""
    fields = node.fields("channels", "categories", optional=("rules", "steps", "scoring"))
    if fields is None:
        return None
    channels = [item.choice(CHANNELS, what="评议渠道") for item in fields["channels"].items(least=1)]
    categories = check_categories(fields["categories"])
    rules = check_rules(fields["rules"]) if fields["rules"].is_given else {}
    for field, name in (("is_stopped_on_time", "stop_on_time"), ("is_single_keying_allowed", "single_keying")):
        if field in rules:
            fields["rules"].refuse(f"规范表格不带“{name}”，这里可以有：{'、'.join((*RULES, *LATER_RULES))}。")
    names = {field: name for name, field in LATER_RULES.items()}
    steps = check_steps(fields["steps"])
    scoring = check_scoring(fields["scoring"], own) if fields["scoring"].is_given else None
    return {
        "channels": [channel for channel in CHANNELS if channel in channels],
        "categories": [
            {"name": entry.name, "weight": None if entry.weight is None else float(entry.weight)}
            for entry in categories
        ],
        "rules": {names.get(name, name): value for name, value in rules.items() if value is not None},
        **({"steps": [step_entry(step) for step in steps]} if steps else {}),
        **({"scoring": scoring} if scoring else {}),
    }


def step_entry(step: StepEntry) -> dict[str, str]:
    days = {"starts_on": step.starts_on, "ends_on": step.ends_on}
    return {"kind": step.kind, **{name: day.isoformat() for name, day in days.items() if day}}
