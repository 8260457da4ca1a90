"""「还缺什么」: what a campaign lacks before it can be opened."""

from dataclasses import dataclass

from django.db.models import Sum

from .models import Campaign, Indicator, TargetKind
from .models.columns import column

FIVE_CLARITIES = ("participant_scope", "procedure", "method", "content", "use_of_results")


# The steps of preparation: label, its page, and the further pages where something of it may be missing.
STEPS = (
    ("基本情况", "campaigns:campaign_edit", ()),
    ("五明确", "campaigns:campaign_clarities", ()),
    ("评议表", "campaigns:questionnaire_list", ("campaigns:questionnaire_edit",)),
    ("参评人员类别", "campaigns:category_list", ()),
    ("计票规则", "campaigns:campaign_rules", ()),
    ("评议单位", "campaigns:poll_list", ("campaigns:poll_targets", "campaigns:poll_edit")),
)


@dataclass(frozen=True)
class PreparationStep:
    """A step of preparation with the number of things it still lacks."""

    label: str
    route: str
    lacks: int


@dataclass(frozen=True)
class Missing:
    """A missing thing: a sentence for the user, and the route and key of the page that mends it."""

    text: str
    route: str
    key: int


def missing(campaign: Campaign) -> list[Missing]:
    """Everything that is missing, in the order of the steps; empty when the campaign can be opened."""
    return [
        *_missing_facts(campaign),
        *_missing_questionnaires(campaign),
        *_missing_people(campaign),
        *_missing_polls(campaign),
    ]


def preparation_steps(missing: list[Missing]) -> list[PreparationStep]:
    """The steps of preparation, given what `missing` found."""
    return [
        PreparationStep(label, route, sum(item.route in (route, *further) for item in missing))
        for label, route, further in STEPS
    ]


def _missing_facts(campaign: Campaign) -> list[Missing]:
    missing = []
    page = ("campaigns:campaign_edit", campaign.pk)
    if campaign.is_frozen:
        missing.append(Missing("评议活动已经开启过。", *page))
    if not campaign.starts_on or not campaign.ends_on:
        missing.append(Missing("评议的起止日期未填。", *page))
    for name in FIVE_CLARITIES:
        if not getattr(campaign, name).strip():
            label = column(Campaign, name).verbose_name
            missing.append(Missing(f"五明确：{label}未填。", "campaigns:campaign_clarities", campaign.pk))
    if not campaign.channels:
        missing.append(Missing("没有选定评议渠道。", "campaigns:campaign_rules", campaign.pk))
    return missing


def _missing_questionnaires(campaign: Campaign) -> list[Missing]:
    page = ("campaigns:questionnaire_list", campaign.pk)
    questionnaires = list(campaign.questionnaires.all())
    if not questionnaires:
        return [Missing("没有评议表。", *page)]
    filled = set(Indicator.objects.filter(questionnaire__campaign=campaign).values_list("questionnaire_id", flat=True))
    return [
        Missing(f"评议表“{questionnaire.title}”没有评议内容。", "campaigns:questionnaire_edit", questionnaire.pk)
        for questionnaire in questionnaires
        if questionnaire.pk not in filled and questionnaire.target_kind != TargetKind.OPEN
    ]


def _missing_people(campaign: Campaign) -> list[Missing]:
    page = ("campaigns:category_list", campaign.pk)
    categories = list(campaign.categories.all())
    if not categories:
        return [Missing("没有参评人员类别。", *page)]
    weighted = [category for category in categories if category.weight is not None]
    if weighted and len(weighted) < len(categories):
        return [Missing("有的类别填了权重，有的没有填；应全部填写或全部不填。", *page)]
    if weighted:
        total = campaign.categories.aggregate(total=Sum("weight"))["total"]
        if total != 100:
            return [Missing(f"各类别权重之和为{total.normalize():f}%，应为100%。", *page)]
    return []


def _missing_polls(campaign: Campaign) -> list[Missing]:
    page = ("campaigns:poll_list", campaign.pk)
    polls = campaign.polls.select_related("organization")
    if not polls.exists():
        return [Missing("没有选定评议单位。", *page)]
    missing = [
        Missing(f"“{poll.organization}”的票上没有评议对象。", "campaigns:poll_targets", poll.pk)
        for poll in polls.filter(targets=None)[:20]
    ]
    unused = campaign.questionnaires.filter(targets=None)
    missing += [Missing(f"评议表“{questionnaire.title}”没有用在任何票上。", *page) for questionnaire in unused]
    if campaign.base in (Campaign.Base.ENTITLED,):
        missing += [
            Missing(
                f"“{poll.organization}”没有填写应参评人数（分母为全体应参评人员）。", "campaigns:poll_edit", poll.pk
            )
            for poll in polls.filter(entitled_count=None)[:20]
        ]
    return missing
