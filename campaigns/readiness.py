"""「还缺什么」: what a campaign lacks before it can be opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from .documents.reading import unready
from .library import appraisals, threshold_faults
from .models import Campaign, Indicator, Poll, Target, TargetKind
from .models.columns import column
from .polls_for_deed import keys_of, mark_of

FIVE_CLARITIES = ("participant_scope", "procedure", "method", "content", "use_of_results")
# The facts that a count sheet has a place for, in the words of the sheet.
FACTS_BEFORE_THE_SEAL = (
    ("meeting_on", "评议时间"),
    ("place", "地点"),
    ("host", "主持人"),
    ("scrutineers", "监票人"),
    ("entitled_count", "应参评人数"),
)

# So many units that lack the same are named.
UNITS_NAMED = 20

# The steps of preparation: label, its page, and the further pages where something of it may be missing.
STEPS = (
    ("基本情况", "campaigns:campaign_edit", ()),
    ("五明确", "campaigns:campaign_clarities", ()),
    ("评议表", "campaigns:questionnaire_list", ("campaigns:questionnaire_edit",)),
    ("参评人员类别", "campaigns:category_list", ()),
    ("计票规则", "campaigns:campaign_rules", ()),
    ("结果运用阈值", "campaigns:threshold_list", ()),
    ("评议单位", "campaigns:poll_list", ("campaigns:poll_targets", "campaigns:poll_edit", "campaigns:document_list")),
)
NO_SCHEME = "没有考核指标表：本活动按指标打分，指标、满分、考核组和权重要在开启以前定好。"
# The pages that mend what the ballot of one poll lacks, whose key each of them has.
PAGES_OF_ONE_POLL = ("campaigns:poll_targets", "campaigns:poll_edit", "campaigns:document_list")
# A further step of campaigns whose units are scored; its pages are in the room above.
SCORING_STEP = ("考核打分", "reports:scoring_detail", ("reports:scheme_edit",))


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


@dataclass(frozen=True)
class OpeningPlan:
    """Where a campaign stands before its opening: what it lacks as a whole, the keys of the polls that are ready, and those of
    the others with what they lack, both in the order of the tree.
    """

    whole: list[Missing]
    ready: list[int]
    lacks: dict[int, list[Missing]]

    @property
    def mark(self) -> str:
        """A short text that is another where other polls are ready."""
        return mark_of(self.ready)


def missing(campaign: Campaign) -> list[Missing]:
    """Everything that is missing, in the order of the steps; empty when the campaign can be opened."""
    return [
        *_missing_facts(campaign),
        *_missing_questionnaires(campaign),
        *_missing_people(campaign),
        *_missing_grades(campaign),
        *_missing_polls(campaign),
        *_missing_drafts(campaign.polls.all()),
        *_missing_scheme(campaign),
    ]


def missing_of_poll(poll: Poll) -> list[Missing]:
    """The same of a poll that was taken back by itself, whose campaign is opened: what its own ballot lacks."""
    return lacks_of_polls(poll.campaign, Poll.objects.filter(pk=poll.pk)).get(poll.pk, [])


def lacks_of_polls(campaign: Campaign, polls: QuerySet[Poll]) -> dict[int, list[Missing]]:
    """Everything that the ballots of some polls lack, by the keys of the polls that lack anything; a constant number of
    queries.
    """
    lacks: dict[int, list[Missing]] = {}
    for item in _lacks_of(campaign, polls.select_related("organization")):
        lacks.setdefault(item.key, []).append(item)
    return lacks


def lacks_of_whole(missing: Iterable[Missing]) -> list[Missing]:
    """The lacks that stop every poll; the others stop one poll each."""
    return [item for item in missing if item.route not in PAGES_OF_ONE_POLL]


def plan_opening(campaign: Campaign) -> OpeningPlan:
    """Sort the polls of a campaign in preparation; a constant number of queries."""
    lacks = lacks_of_polls(campaign, campaign.polls.all())
    keys = keys_of(campaign.polls.all())
    return OpeningPlan(
        whole=lacks_of_whole(missing(campaign)),
        ready=[key for key in keys if key not in lacks],
        lacks={key: lacks[key] for key in keys if key in lacks},
    )


def _lacks_of(campaign: Campaign, polls: QuerySet[Poll]) -> list[Missing]:
    """Everything that the ballots of some polls lack, each of them by name; the key of a lack is its poll's."""
    return [*_without_targets(polls), *_without_entitled(campaign, polls), *_missing_drafts(polls)]


def steps_to_open(campaign: Campaign) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The rows of STEPS that a campaign goes through, and the scoring of one whose units are scored."""
    return (*STEPS, SCORING_STEP) if _is_scored(campaign) or _scheme_of(campaign) else STEPS


def preparation_steps(campaign: Campaign, missing: list[Missing]) -> list[PreparationStep]:
    """The steps of preparation, given what `missing` found."""
    return [
        PreparationStep(label, route, sum(item.route in (route, *further) for item in missing))
        for label, route, further in steps_to_open(campaign)
    ]


def blank_at_the_seal(polls: Iterable[Poll]) -> list[Missing]:
    """The facts of meetings that polls about to be sealed leave blank, one line for each poll that leaves any."""
    blanks = (
        (poll, [label for name, label in FACTS_BEFORE_THE_SEAL if getattr(poll, name) in (None, "")]) for poll in polls
    )
    return [
        Missing(f"“{poll.unit_name}”没有填写：{'、'.join(labels)}。", "campaigns:poll_edit", poll.pk)
        for poll, labels in blanks
        if labels
    ]


def with_blanks_at_the_seal(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """The polls among some that leave any of those facts blank."""
    blank = Q()
    for name, _ in FACTS_BEFORE_THE_SEAL:
        blank |= Q(**{f"{name}__isnull": True}) if column(Poll, name).null else Q(**{name: ""})
    return polls.filter(blank)


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
    missing = [
        Missing(f"评议表“{questionnaire.title}”没有评议内容。", "campaigns:questionnaire_edit", questionnaire.pk)
        for questionnaire in questionnaires
        if questionnaire.pk not in filled and questionnaire.target_kind != TargetKind.OPEN
    ]
    return missing + _missing_choices(campaign)


def _missing_choices(campaign: Campaign) -> list[Missing]:
    """The lists to choose from that have more than one thing to answer, or another scale than chosen and not chosen."""
    asked = campaign.questionnaires.exclude(most_chosen=None).prefetch_related("indicators", "scale__grades")
    missing = []
    for questionnaire in asked:
        page = ("campaigns:questionnaire_edit", questionnaire.pk)
        if len(questionnaire.indicators.all()) > 1:
            text = f"评议表“{questionnaire.title}”至多选{questionnaire.most_chosen}项，是一张清单，评议内容只能有一项。"
            missing.append(Missing(text, *page))
        if len(questionnaire.scale.grades.all()) != 2:
            text = f"评议表“{questionnaire.title}”是选择清单，等次应为“最满意、未勾选”这样的两档，不加“不了解”。"
            missing.append(Missing(text, *page))
    return missing


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


def _missing_grades(campaign: Campaign) -> list[Missing]:
    """Own thresholds that no questionnaire could cross any more, since its scale or its targets were changed."""
    own = [limit for limit in campaign.limits if limit.is_own]
    asked = campaign.questionnaires.asked_grades() if own else []
    return [
        Missing(f"阈值“{limit.title}”：{fault.message}", "campaigns:threshold_list", campaign.pk)
        for limit in own
        for fault in threshold_faults(limit, asked)[:1]
    ]


def _missing_polls(campaign: Campaign) -> list[Missing]:
    page = ("campaigns:poll_list", campaign.pk)
    polls = campaign.polls.select_related("organization")
    count = polls.count()
    if not count:
        return [Missing("没有选定评议单位。", *page)]
    # Counted from an index; which polls have none is looked for only where some have none.
    all_have_some = _with_targets_count(campaign) == count
    without_targets = [] if all_have_some else _first_few(_without_targets(polls))
    return [*(without_targets or _unused(campaign)), *_first_few(_without_entitled(campaign, polls))]


def _with_targets_count(campaign: Campaign) -> int:
    """How many polls have a target."""
    targets = Target.objects.filter(questionnaire__campaign=campaign)
    return targets.aggregate(polls=Count("poll", distinct=True))["polls"]


def _unused(campaign: Campaign) -> list[Missing]:
    """The questionnaires that are on no ballot. Where a ballot has no target yet, that is said instead: one lack, one line."""
    page = ("campaigns:poll_list", campaign.pk)
    unused = campaign.questionnaires.filter(targets=None)
    return [Missing(f"评议表“{questionnaire.title}”没有用在任何票上。", *page) for questionnaire in unused]


def _without_targets(polls: QuerySet[Poll]) -> list[Missing]:
    return [
        Missing(f"“{poll.organization}”的票上没有评议对象。", "campaigns:poll_targets", poll.pk)
        for poll in polls.filter(targets=None)
    ]


def _first_few(missing: list[Missing]) -> list[Missing]:
    """The same lack of so many units by name, and how many others have it; the page of the next one mends that."""
    if len(missing) <= UNITS_NAMED:
        return missing
    following = missing[UNITS_NAMED]
    rest = Missing(f"另有{len(missing) - UNITS_NAMED}个单位也一样。", following.route, following.key)
    return [*missing[:UNITS_NAMED], rest]


def _without_entitled(campaign: Campaign, polls: QuerySet[Poll]) -> list[Missing]:
    """The polls without a number of those entitled, where it is the base of every rate."""
    if campaign.base != Campaign.Base.ENTITLED:
        return []
    return [
        Missing(f"“{poll.organization}”没有填写应参评人数（分母为全体应参评人员）。", "campaigns:poll_edit", poll.pk)
        for poll in polls.filter(entitled_count=None)
    ]


def _missing_drafts(polls: QuerySet[Poll]) -> list[Missing]:
    """Reports that participants could not read."""
    return [
        Missing(
            f"“{document.poll.organization}”的报告“{document}”{lack}。", "campaigns:document_list", document.poll_id
        )
        for document, lack in unready(polls)
    ]


def _is_scored(campaign: Campaign) -> bool:
    """Whether the form that a campaign was made from scores the units by a 考核指标表."""
    entry = appraisals().get(campaign.appraisal_key)
    return entry is not None and entry.is_scored


def _scheme_of(campaign: Campaign) -> Any:
    """The 考核指标表 of a campaign, whose rows are in the room above; None where it has none."""
    return getattr(campaign, "score_scheme", None)


def _missing_scheme(campaign: Campaign) -> list[Missing]:
    """The 考核指标表 of a form that scores, or the questionnaire whose satisfaction it counts, since taken out."""
    page = ("reports:scheme_edit", campaign.pk)
    scheme = _scheme_of(campaign)
    if scheme is None:
        return [Missing(NO_SCHEME, *page)] if _is_scored(campaign) else []
    if scheme.has_satisfaction and scheme.questionnaire_id is None:
        return [Missing("考核指标表里满意度有权重，没有选定取自哪张评议表。", *page)]
    return []
