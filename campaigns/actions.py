"""Deeds on campaigns that write several tables together."""

from collections.abc import Iterable
from dataclasses import asdict
from uuid import uuid4

from django.db import transaction

from . import library, readiness
from .ballot_form import BallotForm, FormGrade, FormIndicator, Section
from .models import (
    Campaign,
    Category,
    Grade,
    Indicator,
    Member,
    Organization,
    Poll,
    Questionnaire,
    Scale,
    Target,
    TargetKind,
)
from .models.organization import STEP

DEFAULT_RULES = {
    TargetKind.ORGANIZATION: Questionnaire.TargetRule.ORGANIZATION_ITSELF,
    TargetKind.SECRETARY: Questionnaire.TargetRule.ITS_SECRETARY,
    TargetKind.MEMBER: Questionnaire.TargetRule.ITS_MEMBERS,
    TargetKind.CADRE: Questionnaire.TargetRule.ITS_CADRES,
    TargetKind.DOCUMENT: Questionnaire.TargetRule.A_DOCUMENT,
    TargetKind.OPEN: Questionnaire.TargetRule.OPEN_QUESTION,
}
POSTS_OF_RULE = {
    Questionnaire.TargetRule.ITS_SECRETARY: {Member.Post.SECRETARY},
    Questionnaire.TargetRule.ITS_CADRES: {Member.Post.SECRETARY, Member.Post.DEPUTY, Member.Post.CADRE},
}


class NotReady(Exception):
    """A campaign that cannot be opened; `missing` lists what is missing."""

    def __init__(self, missing: list["readiness.Missing"]):
        super().__init__("；".join(item.text for item in missing))
        self.missing = missing


class Frozen(Exception):
    """The ballot of an opened campaign does not change."""


def add_organization(*, name: str, kind: str, parent: Organization | None = None, **facts) -> Organization:
    """Put an organization into the tree; its path follows from its key, so it is written in two steps."""
    with transaction.atomic():
        # A path that no tree has, until the key is known.
        organization = Organization.objects.create(name=name, kind=kind, parent=parent, path=f"new {uuid4()}", **facts)
        organization.path = path_of(organization.pk, parent)
        organization.save(update_fields=["path"])
        return organization


def move_organization(organization: Organization, parent: Organization | None) -> None:
    """Put an organization with all below it under another parent; ValueError where that would make a loop."""
    if parent and organization.contains(parent):
        raise ValueError(f"“{parent}”在“{organization}”之下，不能作它的上级。")
    with transaction.atomic():
        old, new = organization.path, path_of(organization.pk, parent)
        moved = list(Organization.objects.within(organization))
        for one in moved:
            one.path = new + one.path[len(old) :]
        organization.parent = parent
        organization.path = new
        organization.save(update_fields=["parent"])
        Organization.objects.bulk_update(moved, ["path"], batch_size=200)


def path_of(key: int, parent: Organization | None) -> str:
    """The path of an organization by its key and its parent."""
    return (parent.path if parent else "") + str(key).zfill(STEP)


def scale_from_library(key: str, *, unknown: bool = False) -> Scale:
    """The scale of the library as rows, made on first use; with 不了解 added it is a scale of its own."""
    found = library.scales()[key]
    row_key = f"{key}+unknown" if unknown else key
    with transaction.atomic():
        scale, created = Scale.objects.get_or_create(
            key=row_key, defaults={"name": found.name + ("（含不了解）" if unknown else "")}
        )
        if created:
            Grade.objects.bulk_create(
                Grade(
                    scale=scale,
                    position=position,
                    label=grade.label,
                    is_in_base=grade.is_in_base,
                    is_positive=grade.is_positive,
                    score=grade.score,
                )
                for position, grade in enumerate(library.grades_of(key, unknown=unknown), start=1)
            )
        return scale


def copy_questionnaire(
    campaign: Campaign, key: str, *, rule: str | None = None, target_name: str = ""
) -> Questionnaire:
    """Copy a questionnaire of the library into a campaign, where it can be edited."""
    found = library.questionnaires()[key]
    with transaction.atomic():
        questionnaire = Questionnaire.objects.create(
            campaign=campaign,
            key=found.key,
            title=found.title,
            target_kind=found.target_kind,
            target_rule=rule or DEFAULT_RULES[found.target_kind],
            target_name=target_name,
            scale=scale_from_library(found.scale, unknown=found.has_unknown),
            opinion_prompt=found.opinion_prompt,
            opinion_kind=found.opinion_kind,
            position=campaign.questionnaires.count() + 1,
        )
        Indicator.objects.bulk_create(
            Indicator(
                questionnaire=questionnaire, text=indicator.text, is_overall=indicator.is_overall, position=position
            )
            for position, indicator in enumerate(found.indicators, start=1)
        )
        return questionnaire


def create_campaign(*, organizer: Organization, appraisal: str, title: str, period: str, by, **facts) -> Campaign:
    """A campaign from a ready-made appraisal of the library: rules, 五明确, categories and questionnaires filled in.

    `facts` are further fields of the campaign and win over the appraisal's.
    """
    found = library.appraisals()[appraisal]
    prepared = {
        **asdict(found.rules),
        **asdict(found.clarity),
        "channels": list(found.channels),
        "thresholds": list(found.thresholds),
        **facts,
    }
    with transaction.atomic():
        campaign = Campaign.objects.create(
            organizer=organizer, appraisal_key=appraisal, title=title, period=period, created_by=by, **prepared
        )
        set_categories(campaign, found.categories)
        for target in found.targets:
            copy_questionnaire(campaign, target.questionnaire, rule=target.rule, target_name=target.name)
        return campaign


def set_categories(campaign: Campaign, names: Iterable[str]) -> None:
    """Give a campaign its categories of participants, in order."""
    Category.objects.bulk_create(
        Category(campaign=campaign, name=name, position=position) for position, name in enumerate(names, start=1)
    )


def make_polls(campaign: Campaign, organizations: Iterable[Organization]) -> list[Poll]:
    """Make the polls of the chosen units with the targets that the campaign's questionnaires ask for.

    Units that have a poll already keep it. Raises Frozen after opening, ValueError for a unit not below the organizer.
    """
    if campaign.is_frozen:
        raise Frozen("评议活动已经开启，不能再增加评议点。")
    taken = set(campaign.polls.values_list("organization_id", flat=True))
    chosen = [organization for organization in organizations if organization.pk not in taken]
    for organization in chosen:
        if not campaign.organizer.contains(organization):
            raise ValueError(f"“{organization}”不在“{campaign.organizer}”之下。")
    with transaction.atomic():
        polls = Poll.objects.bulk_create(Poll(campaign=campaign, organization=organization) for organization in chosen)
        questionnaires = list(campaign.questionnaires.all())
        members = _members_by_organization(chosen)
        Target.objects.bulk_create(
            target
            for poll in polls
            for target in targets_of(poll, questionnaires, members.get(poll.organization_id, []))
        )
    return polls


def _members_by_organization(organizations) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = {}
    for member in Member.objects.active().filter(organization__in=[o.pk for o in organizations]):
        found.setdefault(member.organization_id, []).append(member)
    return found


def targets_of(poll: Poll, questionnaires: Iterable[Questionnaire], members: Iterable[Member]) -> list[Target]:
    """The targets, unsaved, that a poll gets by its questionnaires' rules.

    A member whom a questionnaire of their own covers (secretary, cadre) is not asked about again among the members.
    """
    questionnaires, members = list(questionnaires), list(members)
    covered = set()
    for questionnaire in questionnaires:
        covered |= POSTS_OF_RULE.get(questionnaire.target_rule, set())
    targets: list[Target] = []
    for questionnaire in questionnaires:
        for facts in _wanted(poll, questionnaire, members, covered):
            targets.append(
                Target(
                    poll=poll,
                    kind=questionnaire.target_kind,
                    questionnaire=questionnaire,
                    position=len(targets) + 1,
                    **facts,
                )
            )
    return targets


def _wanted(poll: Poll, questionnaire: Questionnaire, members: list[Member], covered: set[str]) -> list[dict]:
    """Name, organization and member of each target that one questionnaire asks for."""
    rule = questionnaire.target_rule
    if rule == Questionnaire.TargetRule.ORGANIZATION_ITSELF:
        return [{"name": poll.organization.name, "organization": poll.organization}]
    if rule == Questionnaire.TargetRule.MEMBERS_TOGETHER:
        return [{"name": questionnaire.target_name or "全体党员", "organization": poll.organization}]
    if rule in POSTS_OF_RULE:
        return [{"name": one.name, "member": one} for one in members if one.post in POSTS_OF_RULE[rule]]
    if rule == Questionnaire.TargetRule.ITS_MEMBERS:
        return [{"name": one.name, "member": one} for one in members if one.post not in covered]
    return [{"name": questionnaire.target_name or questionnaire.title}]


def compose_form(poll: Poll) -> BallotForm:
    """The ballot as the poll's targets and questionnaires say now."""
    return BallotForm(sections=tuple(_section(target) for target in poll.targets.all()))


def _with_ballots(polls):
    """Polls with all that `compose_form` reads, in a constant number of queries."""
    return polls.select_related("organization").prefetch_related(
        "targets__questionnaire__indicators", "targets__questionnaire__scale__grades"
    )


def _section(target: Target) -> Section:
    questionnaire = target.questionnaire
    return Section(
        id=target.pk,
        kind=target.kind,
        name=target.name,
        questionnaire=questionnaire.key,
        title=questionnaire.title,
        opinion_prompt=questionnaire.opinion_prompt,
        opinion_kind=questionnaire.opinion_kind,
        grades=tuple(
            FormGrade(grade.label, grade.is_in_base, grade.is_positive, grade.score)
            for grade in questionnaire.scale.grades.all()
        ),
        indicators=tuple(
            FormIndicator(indicator.pk, indicator.text, indicator.is_overall)
            for indicator in questionnaire.indicators.all()
        ),
    )


def open_polls(campaign: Campaign, *, by) -> None:
    """Freeze the ballots and open every poll; raises NotReady with what is missing. Rehearsals must have ended."""
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        missing = readiness.missing(locked)
        if missing:
            raise NotReady(missing)
        for poll in _with_ballots(locked.polls):
            poll.open(form=compose_form(poll).to_json())
        locked.open(by=by)
    campaign.refresh_from_db()
