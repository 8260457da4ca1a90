"""Copying a campaign for the next period: what was configured, the units that are there today, the roster of today."""

from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Count, Q, QuerySet

from ..models import Campaign, CampaignStep, Category, Indicator, Organization, Questionnaire
from ..models.reach import within_paths
from ..models.states import StateError
from ..next_period import COPY, next_name, next_title
from ..polls_for_deed import NAMED_AT_ONCE
from ..stages.arranging import copy_stages
from ..ways import way_to
from .organizations import lock_trees
from .pairing import copy_pairs
from .polls import add_polls_of
from .questionnaires import free_name

# Of more units than are named at once, so many are.
FIRST_NAMES = 5
# Columns of a campaign that belong to its own period or its own place; every other one is copied.
OWN_COLUMNS = {
    "id",
    "path",
    "names",
    "title",
    "period",
    "starts_on",
    "ends_on",
    "copied_from",
    "created_by",
    "created_at",
    "opened_by",
    "opened_at",
}


@dataclass(frozen=True)
class LeftOut:
    """Units of the source that have no part in the copy, and why; `names` are all of them, or the first of many."""

    names: tuple[str, ...]
    count: int
    reason: str

    def __str__(self):
        if self.count > len(self.names):
            return f"{'、'.join(self.names)}等{self.count}个（{self.reason}）"
        return "、".join(f"{name}（{self.reason}）" for name in self.names)


@dataclass(frozen=True)
class UnitsOfCopy:
    """How many units a copy has, and what it leaves out, by reason."""

    staying_count: int
    left_out: tuple[LeftOut, ...]

    @property
    def left_out_count(self) -> int:
        return sum(part.count for part in self.left_out)

    @property
    def left_out_words(self) -> str:
        return "、".join(map(str, self.left_out))


@dataclass(frozen=True)
class NextNames:
    """The title and the period that are proposed for a copy."""

    title: str
    period: str


def names_of_copy(source: Campaign) -> NextNames:
    """The proposed names of the next period; a title that the organizer has used already is numbered."""
    taken = set(source.organizer.campaigns.values_list("title", flat=True))
    title = next_title(source.title)
    if title in taken:
        title = free_name(title if title.endswith(COPY) else title + COPY, "{}{}", taken)
    return NextNames(title, next_name(source.period) or source.period)


def units_of_copy(source: Campaign) -> UnitsOfCopy:
    """The units of a campaign as a copy made today takes them, counted by the database: a province has 102,000."""
    units = _units_of(source)
    reasons = {
        "已停用或合并": Q(is_active=False),
        f"已不在{source.organizer.name}之下": Q(is_active=True) & ~_is_below(source),
    }
    wanted = [_is_staying(source), *reasons.values()]
    counts = units.aggregate(**{f"n{place}": Count("pk", filter=condition) for place, condition in enumerate(wanted)})
    staying_count, *left_counts = (counts[f"n{place}"] for place in range(len(wanted)))
    parts = zip(reasons.items(), left_counts, strict=True)
    left_out = (_left_out(units.filter(condition), count, reason) for (reason, condition), count in parts if count)
    return UnitsOfCopy(staying_count, tuple(left_out))


def _units_of(source: Campaign) -> QuerySet[Organization]:
    return Organization.objects.filter(polls__campaign=source).order_by("path")


def _is_below(source: Campaign) -> Q:
    return within_paths([source.organizer.path])


def _is_staying(source: Campaign) -> Q:
    """The condition that a unit is in use, and still below the organizer."""
    return Q(is_active=True) & _is_below(source)


def _left_out(units: QuerySet[Organization], count: int, reason: str) -> LeftOut:
    named = units[: count if count <= NAMED_AT_ONCE else FIRST_NAMES]
    return LeftOut(tuple(named.values_list("name", flat=True)), count, reason)


def copy_campaign(source: Campaign, *, title: str, period: str, by, **facts) -> Campaign:
    """The next campaign of a source's organizer, in preparation: nothing of it is the source's, so that neither changes the other.

    `facts` are further columns of the copy, its days first of all. Ballots, results and meeting facts stay behind. Raises StateError where the organizer is
    no longer in use. The queries are as many for one unit as for hundreds.
    """
    with transaction.atomic():
        lock_trees()
        source = Campaign.objects.select_for_update(of=["self"]).select_related("organizer").get(pk=source.pk)
        if not source.organizer.is_active:
            raise StateError(
                f"“{source.organizer.name}”已停用，不能再组织评议活动。",
                way=way_to("启用", "campaigns:organization_detail", source.organizer_id),
            )
        campaign = Campaign.objects.create(
            **{**_columns(source, OWN_COLUMNS), **facts}, title=title, period=period, created_by=by, copied_from=source
        )
        Category.objects.bulk_create(_copies(source.categories.all(), campaign=campaign))
        _copy_questionnaires(source, campaign)
        copy_stages(source, campaign)
        _copy_steps(source, campaign)
        add_polls_of(campaign, _units_of(source).filter(_is_staying(source)))
        copy_pairs(source, campaign)
        return campaign


def _copy_questionnaires(source: Campaign, campaign: Campaign) -> None:
    asked = list(source.questionnaires.all())
    copies = Questionnaire.objects.bulk_create(_copies(asked, campaign=campaign))
    copy_of = {questionnaire.pk: copy for questionnaire, copy in zip(asked, copies, strict=True)}
    Indicator.objects.bulk_create(
        Indicator(questionnaire=copy_of[indicator.questionnaire_id], **_columns(indicator, {"id", "questionnaire"}))
        for indicator in Indicator.objects.filter(questionnaire__in=asked)
    )


def _copy_steps(source: Campaign, campaign: Campaign) -> None:
    """The steps of the appraisal of members, whose days are the new period's own."""
    CampaignStep.objects.bulk_create(
        CampaignStep(campaign=campaign, kind=step.kind, position=step.position)
        for step in CampaignStep.objects.filter(campaign=source)
    )


def _copies(rows, *, campaign: Campaign) -> list:
    """Rows of a campaign as rows of another."""
    return [type(row)(campaign=campaign, **_columns(row, {"id", "campaign"})) for row in rows]


def _columns(row: models.Model, but: Collection[str]) -> dict:
    """The columns of a row with their values, some left out; lists are copied, so that rows in memory share none."""
    kept = (field for field in row._meta.concrete_fields if field.name not in but)
    return {field.attname: deepcopy(getattr(row, field.attname)) for field in kept}
