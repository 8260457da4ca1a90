"""Turns the library's JSON into its records, and refuses whatever does not hold together.

The files are part of the program: a mistake in them is a mistake in the code, so the first one found stops
everything with a LibraryError that names the file's entry.
"""

import json
from dataclasses import MISSING, fields
from pathlib import Path

from .entries import (
    MOST_CHOSEN,
    LibraryAppraisal,
    LibraryClarity,
    LibraryGrade,
    LibraryIndicator,
    LibraryQuestionnaire,
    LibraryRules,
    LibraryScale,
    LibraryTarget,
    LibraryThreshold,
)

TARGET_KINDS = frozenset({"organization", "secretary", "member", "cadre", "document", "open"})
OPINION_KINDS = frozenset({"suggestion", "satisfied_deed", "dissatisfied_matter", "prominent_problem"})
CHANNELS = frozenset({"meeting", "paper", "online", "interview", "phone", "mailbox", "instant"})
BASES = frozenset({"valid", "returned", "attended", "entitled"})
BLANKS = frozenset({"abstain", "invalid"})
STEPS = frozenset({"review", "self", "mutual", "mass", "votes", "comment", "meeting", "grade"})
WAYS_TO_100 = frozenset({"note", "last", "largest"})
# The kind of target that each rule makes, which its questionnaire has to be about.
RULE_TARGET_KINDS = {
    "organization_itself": "organization",
    "its_secretary": "secretary",
    "its_members": "member",
    "members_together": "member",
    "its_cadres": "cadre",
    "a_document": "document",
    "open_question": "open",
}
NAMED_RULES = frozenset({"a_document", "members_together"})


class LibraryError(ValueError):
    """The library's data contradicts itself."""


def read_entries(name):
    """Return the list of entries in `name`.json beside this module."""
    text = (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text, object_pairs_hook=_object_without_duplicates)


def build_scales(rows):
    return _by_key(_scale(row) for row in rows)


def build_questionnaires(rows, *, scales):
    return _by_key(_questionnaire(row, scales) for row in rows)


def build_thresholds(rows, *, scales):
    return _by_key(_threshold(row, scales) for row in rows)


def build_appraisals(rows, *, scales, questionnaires, thresholds):
    return _by_key(_appraisal(row, scales, questionnaires, thresholds) for row in rows)


def _scale(row):
    where = f"scale {row.get('key')}"
    scale = _record(LibraryScale, row, where, grades=[_record(LibraryGrade, g, where) for g in row.get("grades", [])])
    _require(2 <= len(scale.grades) <= 5, where, "needs two to five grades")
    _require_distinct(scale.labels, where, "labels")
    _require(scale.grades[0].is_positive, where, "its first grade must be positive")
    positive = [grade.is_positive for grade in scale.grades]
    _require(positive == sorted(positive, reverse=True), where, "its positive grades must come first")
    scores = [grade.score for grade in scale.grades if grade.score is not None]
    _require(len(scores) in (0, len(scale.grades)), where, "its scores are given for some grades only")
    _require(all(type(score) is int and 0 <= score <= 100 for score in scores), where, "a score is out of range")
    _require(scores == sorted(scores, reverse=True), where, "its scores must fall from grade to grade")
    return scale


def _questionnaire(row, scales):
    where = f"questionnaire {row.get('key')}"
    row = {"unknown": False, "opinion_kind": "suggestion", **row}
    row["has_unknown"] = row.pop("unknown")
    entry = _record(
        LibraryQuestionnaire, row, where, indicators=[_indicator(item, where) for item in row.get("indicators", [])]
    )
    _require_in(entry.target_kind, TARGET_KINDS, where, "target_kind")
    _require_in(entry.opinion_kind, OPINION_KINDS, where, "opinion_kind")
    for name in ("title", "short_name", "opinion_prompt", "source"):
        _require(getattr(entry, name), where, f"{name} is empty")
    _require_in(entry.scale, scales, where, "scale")
    is_open = entry.target_kind == "open"
    _require(is_open != bool(entry.indicators), where, "has indicators exactly when it is not an open question")
    _require(all(indicator.text for indicator in entry.indicators), where, "has an empty indicator")
    _require_distinct([indicator.text for indicator in entry.indicators], where, "indicators")
    _require(sum(i.is_overall for i in entry.indicators) <= 1, where, "has more than one overall indicator")
    if entry.most_chosen is not None:
        _require(entry.target_kind == "document", where, "is a list to choose from, but not of documents")
        _require(
            type(entry.most_chosen) is int and 1 <= entry.most_chosen <= MOST_CHOSEN, where, "most_chosen out of range"
        )
        _require(len(entry.indicators) == 1, where, "is a list to choose from with more than one indicator")
        grades = scales[entry.scale].grades
        _require(len(grades) == 2 and not entry.has_unknown, where, "is a list to choose from without two grades")
    return entry


def _indicator(item, where):
    if isinstance(item, str):
        return LibraryIndicator(text=item)
    row = dict(item)
    for short, name in (("overall", "is_overall"), ("editable", "is_editable")):
        if short in row:
            row[name] = row.pop(short)
    return _record(LibraryIndicator, row, where)


def _threshold(row, scales):
    where = f"threshold {row.get('key')}"
    entry = _record(LibraryThreshold, row, where)
    for kind in entry.target_kinds:
        _require_in(kind, TARGET_KINDS - {"open"}, where, "target_kinds")
    _require(entry.labels, where, "counts no grade")
    _require(
        any(set(entry.labels) <= set(scale.labels) for scale in scales.values()), where, "no scale has all its labels"
    )
    _require(0 < entry.numerator < entry.denominator, where, "must be a fraction between 0 and 1")
    _require(entry.consequences, where, "has no consequence")
    _require(entry.needs_review == bool(entry.review_state), where, "has a review state exactly when it needs a review")
    return entry


def _appraisal(row, scales, questionnaires, thresholds):
    where = f"appraisal {row.get('key')}"
    entry = _record(
        LibraryAppraisal,
        row,
        where,
        targets=[_record(LibraryTarget, target, where) for target in row.get("targets", [])],
        rules=_record(LibraryRules, row.get("rules", {}), where),
        clarity=_record(LibraryClarity, row.get("clarity", {}), where),
    )
    _require_targets(entry, questionnaires, where)
    for names, what in ((entry.categories, "categories"), (entry.channels, "channels")):
        _require(names, where, f"has no {what}")
        _require_distinct(names, where, what)
    _require(not entry.weights or len(entry.weights) == len(entry.categories), where, "weighs not every category")
    _require(not entry.weights or sum(entry.weights) == 100, where, "has weights that are not 100 together")
    for channel in entry.channels:
        _require_in(channel, CHANNELS, where, "channel")
    _require_in(entry.rules.base, BASES, where, "base")
    _require_in(entry.rules.blank, BLANKS, where, "blank")
    _require_in(entry.rules.sum_to_100, WAYS_TO_100, where, "sum_to_100")
    _require(0 <= entry.rules.decimals <= 2 and entry.rules.min_group >= 0, where, "decimals or min_group out of range")
    _require_distinct(entry.steps, where, "steps")
    for step in entry.steps:
        _require_in(step, STEPS, where, "step")
    for field in fields(LibraryClarity):
        _require(getattr(entry.clarity, field.name), where, f"clarity.{field.name} is empty")
    for key in entry.thresholds:
        _require_in(key, thresholds, where, "threshold")
        _require_judgeable(entry, thresholds[key], scales, questionnaires, where)
    return entry


def _require_targets(entry, questionnaires, where):
    _require(entry.targets, where, "has no targets")
    for target in entry.targets:
        _require_in(target.rule, RULE_TARGET_KINDS, where, "rule")
        _require_in(target.questionnaire, questionnaires, where, "questionnaire")
        kind = questionnaires[target.questionnaire].target_kind
        _require(
            kind == RULE_TARGET_KINDS[target.rule], where, f"{target.rule} asks {target.questionnaire}, of kind {kind}"
        )
        is_choice = questionnaires[target.questionnaire].most_chosen is not None
        has_name, wants_name = bool(target.name), target.rule in NAMED_RULES and not is_choice
        _require(has_name == wants_name, where, f"{target.rule}: name wrongly given or missing")
    titles = [questionnaires[key].title for key in entry.questionnaires]
    _require_distinct(titles, where, "titles of questionnaires")


def _require_judgeable(entry, threshold, scales, questionnaires, where):
    """A threshold in an appraisal that none of its targets could ever cross would be an empty threat."""
    asked = [questionnaires[key] for key in entry.questionnaires]
    judged = [q for q in asked if q.target_kind in threshold.target_kinds]
    _require(
        any(set(threshold.labels) <= set(scales[q.scale].labels) for q in judged),
        where,
        f"no questionnaire can cross {threshold.key}",
    )


def _record(record_class, row, where, **built):
    """Make a record from a JSON object whose keys are exactly the record's fields; lists become tuples."""
    names = {field.name for field in fields(record_class)}
    required = {field.name for field in fields(record_class) if field.default is MISSING}
    extra, missing = set(row) - names, required - set(row)
    _require(not extra, where, f"{record_class.__name__} does not know {sorted(extra)}")
    _require(not missing, where, f"{record_class.__name__} lacks {sorted(missing)}")
    values = {**row, **built}
    return record_class(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})


def _by_key(entries):
    by_key = {}
    for entry in entries:
        _require(entry.key not in by_key, type(entry).__name__, f"key {entry.key} twice")
        by_key[entry.key] = entry
    return by_key


def _object_without_duplicates(pairs):
    _require_distinct([name for name, _ in pairs], "JSON object", "keys")
    return dict(pairs)


def _require(holds, where, what):
    if not holds:
        raise LibraryError(f"{where}: {what}")


def _require_in(value, allowed, where, what):
    _require(value in allowed, where, f"{what} {value!r} is not one of {sorted(allowed)}")


def _require_distinct(values, where, what):
    repeated = sorted({value for value in values if values.count(value) > 1})
    _require(not repeated, where, f"{what} repeated: {repeated}")
