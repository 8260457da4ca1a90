"""The 考核指标表 in files: of a campaign, out of a file into one, and beside the one that its committee handed down."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ballots.campaign_file.configuration_checking import plain_number
from campaigns.form_sets.contents import read_contents
from campaigns.form_sets.differences import FormDifference, line_differences
from campaigns.models import Campaign, FormSet

from ..models import ScoreScheme
from .actions import SchemeLine, save_scheme

_FACTS = ("total", "score_weight", "satisfaction_weight", "measure")


def scheme_entry(campaign: Campaign) -> dict[str, Any] | None:
    """The 考核指标表 of a campaign as a file writes it; None where it has none."""
    scheme = ScoreScheme.objects.filter(campaign=campaign).select_related("questionnaire").first()
    if scheme is None:
        return None
    return {
        "total": scheme.total,
        "score_weight": scheme.score_weight,
        "satisfaction_weight": scheme.satisfaction_weight,
        "measure": scheme.measure,
        "questionnaire": scheme.questionnaire.key if scheme.questionnaire else None,
        "indicators": [
            {"group": line.group, "text": line.text, "maximum": line.maximum} for line in scheme.indicators.all()
        ],
        "raters": [{"name": rater.name, "weight": plain_number(rater.weight)} for rater in scheme.raters.all()],
    }


def write_scheme(campaign: Campaign, entry: Mapping[str, Any]) -> ScoreScheme:
    """Write the 考核指标表 that a file has to a campaign with its questionnaires. Raises StateError once it is settled."""
    facts = {name: entry[name] for name in _FACTS}
    questionnaire = campaign.questionnaires.filter(key=entry["questionnaire"]).first()
    return save_scheme(campaign, {**facts, "questionnaire": questionnaire}, scheme_lines(entry), scheme_raters(entry))


def first_scheme(campaign: Campaign) -> ScoreScheme:
    """An unsaved scheme to begin with: the points and weights that were handed down, else those of every new one."""
    handed = handed_scheme(campaign)
    return ScoreScheme(campaign=campaign, **({name: handed[name] for name in _FACTS} if handed else {}))


def scheme_lines(entry: Mapping[str, Any]) -> list[SchemeLine]:
    return [SchemeLine(line["group"], line["text"], line["maximum"]) for line in entry["indicators"]]


def scheme_raters(entry: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
    return [(rater["name"], Decimal(str(rater["weight"]))) for rater in entry["raters"]]


def handed_scheme(campaign: Campaign) -> dict[str, Any] | None:
    """The 考核指标表 of the newest set that a campaign's questionnaires came out of; None where none has such a table."""
    sets = FormSet.objects.filter(questionnaires__campaign=campaign).distinct()
    patterns = [read_contents(form_set.contents).pattern for form_set in sets]
    return next((pattern.scoring for pattern in patterns if pattern and pattern.scoring), None)


def scheme_differences(campaign: Campaign, handed: Mapping[str, Any]) -> list[FormDifference]:
    """The places in which a campaign's 考核指标表 differs from the one that was handed down."""
    own = scheme_entry(campaign)
    if own is None:
        return [FormDifference("考核指标表", f"{handed['total']}分考核", "")]
    measures = ScoreScheme.Measure
    pairs = (
        ("总分", f"{handed['total']}分", f"{own['total']}分"),
        ("考核得分权重", f"{handed['score_weight']}%", f"{own['score_weight']}%"),
        ("满意度权重", f"{handed['satisfaction_weight']}%", f"{own['satisfaction_weight']}%"),
        ("满意度取", measures(handed["measure"]).label, measures(own["measure"]).label),
    )
    return [
        *(FormDifference(what, before, now) for what, before, now in pairs if before != now),
        *line_differences("考核指标", *([_line(line) for line in entry["indicators"]] for entry in (handed, own))),
        *line_differences("考核组", *([_rater(rater) for rater in entry["raters"]] for entry in (handed, own))),
    ]


def _line(line: Mapping[str, Any]) -> str:
    return f"{line['group']}：{line['text']}（{line['maximum']}分）"


def _rater(rater: Mapping[str, Any]) -> str:
    return f"{rater['name']}（{rater['weight']}%）"
