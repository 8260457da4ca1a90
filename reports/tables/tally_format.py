"""The tally as a file, format `pingyi-tally/1`: JSON and CSV, the same bytes for the same input (formats/README 3)."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ballots.counting import tally
from campaigns.models import Campaign, Organization, Poll
from campaigns.models.reach import within_paths
from campaigns.units import unit_of

from .. import wording
from ..findings import Crossing, crossings_of
from ..results.poll import Line, PollResults, Split, TargetResults, all_results
from ..results.rollup import Node, RolledLine, roll_up
from ..results.scores import LineScore, scores_of
from ..scope import Scope
from .instant import Taps, taps_of

FORMAT = "pingyi-tally/1"
RATE_CHECKS = {tally.SUM_NOTE: "sum-not-100", tally.HELD_NOTE: "rate-not-whole"}


@dataclass(frozen=True)
class Tally:
    """The content of the file, as plain values in the file's order."""

    campaign: str
    rows: list[dict]
    rollup: list[dict]
    findings: list[dict]
    checks: list[dict]
    # 窗口即时评议, in 人次; a file without any has no such key.
    instant: list[dict]


def build(campaign: Campaign, *, unit: Organization | None = None) -> Tally:
    """The tally of a campaign's sealed polls, or of those at and below one unit."""
    top = unit_of(campaign, unit or campaign.organizer)
    polls = campaign.polls.filter(within_paths([top.path]))
    listed = all_results(polls)
    for results in listed:
        if problems := results.problems():
            raise tally.IdentityError(f"“{results.unit}”的计票数字不能同时成立：{problems[0]}")
    scores = scores_of(listed)
    waiting = polls.exclude(state=Poll.State.SEALED).order_by("path").select_related("organization")
    return Tally(
        campaign=campaign.title,
        rows=[row for results in listed for row in _rows(results, scores)],
        rollup=_rollup_rows(roll_up(campaign, top=top), always=unit is None),
        findings=[_finding(crossing) for crossing in crossings_of(listed)],
        checks=[
            *(check for results in listed for check in _checks(results)),
            *(_check("not-sealed", poll.unit_name, "评议点尚未封存，未列入结果。") for poll in waiting),
        ],
        instant=[_instant_row(taps) for taps in taps_of(Scope.of(campaign, unit or campaign.organizer))],
    )


def _instant_row(taps: Taps) -> dict:
    """The taps of one window that a poll took: a channel of its own, in no row of ballots."""
    figures = _figures(taps.result)
    told = ("counts", "unknown", "base", "rates", "satisfaction", "positive")
    return {
        "unit": taps.unit,
        "path": list(taps.path),
        "channel": "instant",
        "window": taps.window,
        "question": taps.question,
        "from": taps.first_on.isoformat(),
        "to": taps.last_on.isoformat(),
        "taps": taps.count,
        **{key: figures[key] for key in told},
        "sha256": taps.sha256,
    }


def _rows(results: PollResults, scores: Mapping[tuple[int, int], LineScore]) -> Iterable[dict]:
    if results.hidden_reason:
        yield from _hidden_rows(results)
    for target in results.targets:
        for line in target.lines:
            score = scores.get((target.id, line.indicator_id))
            yield _row(results, target, line, None) | _score(score)
            for split in line.splits:
                of_category = split.category and not split.reason
                yield _row(results, target, line, split) | _score(score if of_category else None, split.category)


def _score(score: LineScore | None, category: str | None = None) -> dict:
    """The 满意度得分 where categories have weights: of all, or of one category."""
    if score is None or not score.parts:
        return {}
    shown = score.score
    if category:
        shown = next((part.score for part in score.parts if part.name == category), tally.Number())
    return {"score": shown.digits}


def _hidden_rows(results: PollResults) -> Iterable[dict]:
    """The rows of a poll without figures: its results are not shown."""
    for section in results.poll.ballot_form.sections:
        for indicator in section.indicators:
            yield {
                **_place(results, section.name, indicator.text, is_overall=indicator.is_overall),
                **_papers(results.sheets),
                **_nothing(),
                "suppressed": True,
                "note": results.hidden_reason,
            }


def _row(results: PollResults, target: TargetResults, line: Line, split: Split | None) -> dict:
    result = split.result if split else line.total
    is_suppressed = bool(split and split.is_suppressed)
    return {
        **_place(results, target.name, line.text, is_overall=line.is_overall, split=split),
        **_papers(result.sheets),
        **(_nothing() if is_suppressed else _figures(result)),
        "suppressed": is_suppressed,
        **({"joined": True} if split and split.is_joined else {}),
    }


def _place(results: PollResults, target: str, indicator: str, *, is_overall: bool, split: Split | None = None) -> dict:
    return {
        "unit": results.unit,
        "path": list(results.path),
        "level": "poll",
        "target": target,
        "indicator": indicator,
        "overall": is_overall,
        "category": split.category if split else None,
        "channel": split.channel if split else None,
    }


def _papers(sheets: tally.Sheets) -> dict:
    return {"issued": sheets.issued, "returned": sheets.returned, "void": sheets.void, "valid": sheets.valid}


def _counts(result: tally.Result) -> dict:
    return {
        "counts": dict(zip(result.labels, result.cell.grades, strict=True)),
        "unknown": result.cell.unknown,
        "abstained": result.cell.abstained,
        "spoiled": result.cell.spoiled,
    }


def _figures(result: tally.Result) -> dict:
    return {
        **_counts(result),
        "base": result.base,
        "rates": {share.label: share.rate.digits for share in result.shares},
        "satisfaction": result.satisfaction.digits,
        "positive": result.positive.digits,
        "score": None,
    }


def _nothing() -> dict:
    """The keys of `_figures` for what is not shown."""
    keys = ("counts", "unknown", "abstained", "spoiled", "base", "rates", "satisfaction", "positive", "score")
    return dict.fromkeys(keys)


def _rollup_rows(top: Node, *, always: bool) -> list[dict]:
    """A row for each questionnaire and indicator at the organizer and at each unit that has polls below it."""
    return [
        {
            "unit": node.name,
            "questionnaire": line.questionnaire,
            "indicator": line.indicator,
            "polls": line.polls,
            "units": node.units,
            "units_sealed": node.units_sealed,
            **_sums(node, line),
        }
        for node in top.walk()
        if node.has_polls_below or (always and node is top)
        for line in node.lines or node.hidden_lines
    ]


def _sums(node: Node, line: RolledLine) -> dict:
    """The sums of a line, or nulls with the reason where they are not shown."""
    if node.hidden_reason:
        keys = ("counts", "unknown", "abstained", "spoiled", "base", "satisfaction")
        return {**dict.fromkeys(keys), "suppressed": True, "note": node.hidden_reason}
    result = line.result
    return {**_counts(result), "base": result.base, "satisfaction": result.satisfaction.digits}


def _finding(crossing: Crossing) -> dict:
    lines = [
        {"indicator": line.indicator, "numerator": line.count, "denominator": line.base} for line in crossing.lines
    ]
    return {
        "rule": crossing.threshold.key,
        "unit": crossing.unit,
        "target": crossing.target,
        "indicator": crossing.indicator or None,
        "numerator": crossing.count,
        "denominator": crossing.base,
        "state": crossing.state,
        **({"lines": lines} if lines else {}),
    }


def _check(code: str, unit: str, message: str) -> dict:
    return {"code": code, "unit": unit, "message": message}


def _checks(results: PollResults) -> Iterable[dict]:
    """The things that a reader of the figures should know about one poll."""
    sheets = results.sheets
    for batch in results.voided:
        yield _check("batch-void", results.unit, wording.voided_batch(batch))
    if not sheets.returned:
        yield _check("nothing-returned", results.unit, wording.NOTHING_RETURNED)
    elif results.unentered:
        yield _check("channel-not-entered", results.unit, wording.unentered_sentence(sheets, *results.unentered))
    elif sheets.attended is not None and sheets.returned < sheets.attended:
        yield _check("returned-below-attended", results.unit, wording.returned_below_attended(sheets))
    for reason in filter(None, (results.hidden_reason, *results.split_reasons)):
        yield _check("group-suppressed", results.unit, f"{reason}。")
    for note in results.rate_notes:
        yield _check(RATE_CHECKS[note], results.unit, note)


def to_json(document: Tally) -> str:
    """The tally as JSON, one row a line, so that two files can be compared by eye."""
    lists = {"rows": document.rows, "rollup": document.rollup, "findings": document.findings, "checks": document.checks}
    lists |= {"instant": document.instant} if document.instant else {}
    parts = [f'{{"format": {_json(FORMAT)}, "campaign": {_json(document.campaign)}']
    for name, rows in lists.items():
        body = ",\n".join(f"  {_json(row)}" for row in rows)
        parts.append(f' "{name}": [\n{body}\n ]' if rows else f' "{name}": []')
    return ",\n".join(parts) + "}\n"


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def to_csv(document: Tally) -> str:
    """The rows alone, with `counts` and `rates` as one column a label: `counts.满意`, `rates.满意`.

    A last column `note` says why a poll's results are not shown, where there is such a poll.
    """
    counted = _labels(document.rows, "counts")
    rated = _labels(document.rows, "rates")
    plain = ("unit", "path", "level", "target", "indicator", "overall", "category", "channel")
    sheets = ("issued", "returned", "void", "valid")
    header = [*plain, *sheets, *(f"counts.{label}" for label in counted), "unknown", "abstained", "spoiled", "base"]
    header += [*(f"rates.{label}" for label in rated), "satisfaction", "positive", "score", "suppressed"]
    if any("note" in row for row in document.rows):
        header.append("note")
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for row in document.rows:
        writer.writerow(_cell(_value(row, name)) for name in header)
    return buffer.getvalue()


def _labels(rows: list[dict], key: str) -> list[str]:
    """Every label that occurs, in the order in which they first do."""
    return list(dict.fromkeys(label for row in rows for label in row[key] or ()))


def _value(row: dict, name: str):
    key, _, label = name.partition(".")
    return (row[key] or {}).get(label) if label else row.get(key)


def _cell(value) -> str:
    """A value as CSV text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = "/".join(value)
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
