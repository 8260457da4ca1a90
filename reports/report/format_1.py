"""Snapshots of format 1, in which figures are the words that were printed: as format 2, in which they are values.

Their print stays the same to the letter. A rate is exact again where its count and its base were kept beside it.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..freezing import NO_WORDS, count_of_words, day_of_words, number_of_words, rate_of_words

# Columns of a grade that have other names since.
_GRADE = {"in_base": "is_in_base", "positive": "is_positive"}
_LAST_RATE = re.compile(r"(.*?)(\d+(?:\.\d+)?%|—)", re.DOTALL)


def upgraded(report: Mapping) -> dict:
    """A whole report."""
    poll, campaign = report["poll"], report["campaign"]
    return {
        **report,
        "summary": upgraded_summary(report["summary"]),
        "poll": poll and _poll(poll),
        "campaign": campaign and {**_with_each(campaign, polls=_poll), "top": _node(campaign["top"])},
        "ledger": _with_each(report["ledger"], entries=_problem),
        "comments": _with_each(report["comments"], entries=_comment),
        "commitments": _with_each(report["commitments"], entries=_commitment),
    }


def upgraded_summary(summary: Mapping) -> dict:
    """The 小结 alone."""
    return _with_each(summary, tables=_table)


def _with_each(values: Mapping, **changes) -> dict:
    """The same with a function applied to each item of some lists."""
    return {**values, **{name: [change(item) for item in values[name]] for name, change in changes.items()}}


def _with_days(values: Mapping, *names: str) -> dict:
    return {**values, **{name: day_of_words(values[name]) for name in names}}


def _node(node: Mapping) -> dict:
    """A unit and all below it."""
    return _with_each(node, lines=_line, children=_node)


def _line(line: Mapping) -> dict:
    return {**line, "result": _with_each(line["result"], grades=_grade)}


def _grade(grade: Mapping) -> dict:
    return {_GRADE.get(name, name): value for name, value in grade.items()}


def _poll(poll: Mapping) -> dict:
    return _with_each(_with_days(poll, "sealed_on"), facts=_fact, tables=_table, crossings=_crossing)


def _fact(fact: Sequence) -> dict:
    label, words = fact
    return {"label": label, "value": None if words in NO_WORDS else words}


def _crossing(crossing: Mapping) -> dict:
    return {**crossing, "rate": rate_of_words(crossing["rate"], crossing["count"], crossing["base"])}


def _table(table: Mapping) -> dict:
    rows = [_row(row) for row in table["rows"]]
    if "splits" not in table:
        return {**table, "rows": rows}
    rates = {row["label"]: row["satisfaction"] for row in rows}
    splits = [[indicator, [_row(row) for row in group]] for indicator, group in table["splits"]]
    return {**table, "rows": rows, "splits": splits, "scores": [_score(score, rates) for score in table["scores"]]}


def _row(row: Mapping) -> dict:
    base = count_of_words(row["base"])
    figures, counts = row["figures"], [figure["count"] for figure in row["figures"]]
    positive = sum(figure["count"] for figure in figures if figure["is_positive"])
    return {
        **row,
        "base": base,
        "figures": [{**figure, "rate": rate_of_words(figure["rate"], figure["count"], base)} for figure in figures],
        "satisfaction": rate_of_words(row["satisfaction"], counts[0] if counts else None, base),
        "positive": rate_of_words(row["positive"], positive, base),
    }


def _score(score: Mapping, rates: Mapping[str, Mapping]) -> dict:
    """`rates` are the 满意率 of the table's rows, of which the score's own is one."""
    return {
        **score,
        "parts": [{**part, "score": number_of_words(part["score"])} for part in score["parts"]],
        "score": number_of_words(score["score"], exact=score["value"] and Fraction(score["value"])),
        "pooled": number_of_words(score["pooled"]),
        "satisfaction": rates[score["indicator"]],
        "weighted_satisfaction": rate_of_words(score["weighted_satisfaction"]),
    }


def _problem(entry: Mapping) -> dict:
    return _with_each(_with_days(entry, "due_on", "done_on"), measures=_measure)


def _measure(entry: Mapping) -> dict:
    return _with_days(entry, "due_on", "done_on")


def _comment(entry: Mapping) -> dict:
    return _with_days(entry, "commented_on", "followed_up_on")


def _commitment(entry: Mapping) -> dict:
    """「98.0%」, or 「效果98.0%，速度97.0%」: of several only the last rate is taken apart, which prints the same."""
    words, entry = entry["satisfaction"], _with_days(entry, "due_on", "fulfilled_on")
    parts = _LAST_RATE.fullmatch(words)
    if parts is None:
        return {**entry, "voted": {"rates": [], "hidden_reason": words}}
    return {**entry, "voted": {"rates": [{"name": parts[1], "rate": rate_of_words(parts[2])}], "hidden_reason": ""}}
