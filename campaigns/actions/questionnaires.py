"""Copying questionnaires from the library and changing them."""

from collections.abc import Iterable
from itertools import count

from django.db import transaction
from django.db.models import Max

from .. import library
from ..models import Campaign, Indicator, Questionnaire, Target, TargetKind
from .going import GoingRows
from .scales import scale_from_library

# In the place of a questionnaire of the library: an empty one.
BLANK_SOURCE = "blank"
DEFAULT_RULES: dict[str, str] = {
    TargetKind.ORGANIZATION: Questionnaire.TargetRule.ORGANIZATION_ITSELF,
    TargetKind.SECRETARY: Questionnaire.TargetRule.ITS_SECRETARY,
    TargetKind.MEMBER: Questionnaire.TargetRule.ITS_MEMBERS,
    TargetKind.CADRE: Questionnaire.TargetRule.ITS_CADRES,
    TargetKind.DOCUMENT: Questionnaire.TargetRule.A_DOCUMENT,
    TargetKind.OPEN: Questionnaire.TargetRule.OPEN_QUESTION,
}
KIND_OF_RULE: dict[str, str] = {rule: kind for kind, rule in DEFAULT_RULES.items()} | {
    Questionnaire.TargetRule.MEMBERS_TOGETHER: TargetKind.MEMBER
}


def copy_questionnaire(
    campaign: Campaign, key: str, *, rule: str | None = None, target_name: str = ""
) -> Questionnaire:
    """Copy a questionnaire of the library into a campaign, where it can be edited; a second copy is numbered."""
    entry = library.questionnaires()[key]
    with transaction.atomic():
        questionnaire = add_questionnaire(
            campaign,
            key=entry.key,
            title=entry.title,
            rule=rule or DEFAULT_RULES[entry.target_kind],
            target_name=target_name,
            scale=scale_from_library(entry.scale, unknown=entry.has_unknown),
            opinion_prompt=entry.opinion_prompt,
            opinion_kind=entry.opinion_kind,
            most_chosen=entry.most_chosen,
        )
        write_indicators(questionnaire, ((indicator.text, indicator.is_overall) for indicator in entry.indicators))
        return questionnaire


def add_chosen_questionnaire(campaign: Campaign, *, source: str, rule: str) -> Questionnaire:
    """A questionnaire that somebody chose, from the library by its key or BLANK_SOURCE, which then asks by the rule."""
    if source != BLANK_SOURCE:
        return copy_questionnaire(campaign, source)
    scale = scale_from_library("satisfaction-3")
    return add_questionnaire(campaign, key=Questionnaire.OWN_KEY, title="新评议表", rule=rule, scale=scale)


def add_questionnaire(campaign: Campaign, *, key: str, title: str, rule: str, **facts) -> Questionnaire:
    """An empty questionnaire at the end of the ballot; key and title are numbered where they are taken."""
    last = campaign.questionnaires.aggregate(last=Max("position"))["last"] or 0
    return Questionnaire.objects.create(
        campaign=campaign,
        key=free_name(key, "{}-{}", campaign.questionnaires.values_list("key", flat=True)),
        title=free_name(title, "{}（{}）", campaign.questionnaires.values_list("title", flat=True)),
        target_kind=KIND_OF_RULE[rule],
        target_rule=rule,
        position=last + 1,
        **facts,
    )


def write_indicators(questionnaire: Questionnaire, rows: Iterable[tuple[str, bool]]) -> None:
    """Write the indicators anew: text and whether it is the 总体评价, in order. Before opening nothing refers to them."""
    questionnaire.indicators.all().delete()
    Indicator.objects.bulk_create(
        Indicator(questionnaire=questionnaire, text=text, is_overall=is_overall, position=position)
        for position, (text, is_overall) in enumerate(rows, start=1)
    )


def remove_questionnaire(questionnaire: Questionnaire) -> None:
    """Delete a questionnaire with its targets on all ballots."""
    GoingRows(Target, {"questionnaire": questionnaire.pk}).delete()
    questionnaire.delete()


def free_name(name: str, pattern: str, taken: Iterable[str]) -> str:
    """The name itself, or the first numbered one that is not taken."""
    taken = set(taken)
    if name not in taken:
        return name
    return next(candidate for number in count(2) if (candidate := pattern.format(name, number)) not in taken)
