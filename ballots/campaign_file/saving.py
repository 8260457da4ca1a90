"""A campaign as a file that makes its configuration again; ballots, results and files stay where they are."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from campaigns.form_sets.actions import forms_of, further_rules, step_entries
from campaigns.form_sets.contents import RULES, threshold_entry
from campaigns.models import Campaign, Commitment, Member, Organization, Poll, Target, TargetKind
from campaigns.models.place import ancestor_paths

from .checking import FORMAT, check_document
from .configuration_checking import CHANNELS, CLARITIES, LEADING_GROUP, plain_number
from .parsing import parse

MEETING_WORDS = ("place", "host", "supervisor", "scrutineers", "tellers")


def campaign_text(campaign: Campaign, *, scoring: dict[str, Any] | None = None) -> str:
    """The text of a campaign's file; `scoring` is its 考核指标表 as a file writes it.

    Raises InvalidFile where the format cannot say it: two units of one name, no units yet.
    """
    text = json.dumps(campaign_contents(campaign, scoring=scoring), ensure_ascii=False, indent=2) + "\n"
    check_document(parse(text.encode()))
    return text


def campaign_contents(campaign: Campaign, *, scoring: dict[str, Any] | None = None) -> dict[str, Any]:
    """The contents of a campaign's file: what is not said has what it has unless somebody chooses."""
    polls = list(campaign.polls.select_related("organization", "partner__organization").order_by("path"))
    targets = list(
        Target.objects.filter(poll__campaign=campaign)
        .select_related("organization", "member__organization", "questionnaire", "document")
        .select_related("commitment__organization", "commitment__member")
        .order_by("poll__path", "position", "pk")
    )
    scales, questionnaires = forms_of(campaign)
    return {
        "format": FORMAT,
        "organizations": _organizations(campaign, polls, targets),
        "members": _members(polls, targets),
        "commitments": [_commitment_entry(row) for row in _promises(targets)],
        **({"scales": scales} if scales else {}),
        "questionnaires": questionnaires,
        "campaign": _campaign_entry(campaign, scoring),
        "polls": [_poll_entry(poll, [target for target in targets if target.poll_id == poll.pk]) for poll in polls],
    }


def _organizations(campaign: Campaign, polls: Iterable[Poll], targets: Iterable[Target]) -> list[dict[str, Any]]:
    """The organizer, the units, the homes of those on the ballot, and all that stand above them."""
    paths = {campaign.organizer.path, *(poll.organization.path for poll in polls)}
    for target in targets:
        homes = (target.organization, target.member and target.member.organization)
        paths |= {home.path for home in homes if home}
        if target.commitment:
            paths.add(target.commitment.organization.path)
    around = {upper for path in paths for upper in ancestor_paths(path)}
    rows = Organization.objects.filter(path__in=around).select_related("parent").order_by("path")
    return [{"name": row.name, "kind": row.kind, "parent": row.parent.name if row.parent else None} for row in rows]


def _members(polls: Iterable[Poll], targets: Iterable[Target]) -> list[dict[str, str]]:
    """The active members of the units, whom the rules put on ballots, and everybody on a ballot or with a promise on it."""
    asked = {target.member_id for target in targets} | {row.member_id for row in _promises(targets)}
    rows = {row.pk: row for row in Member.objects.active().filter(organization__polls__in=[poll.pk for poll in polls])}
    rows |= Member.objects.in_bulk([key for key in asked if key])
    members = Member.objects.filter(pk__in=rows).select_related("organization").order_by("organization__path", "pk")
    return [
        {"name": row.name, "organization": row.organization.name, "status": row.status, "post": row.post}
        for row in members
    ]


def _promises(targets: Iterable[Target]) -> list[Commitment]:
    """The commitments that the ballots put to the vote, each once."""
    return list({target.commitment.pk: target.commitment for target in targets if target.commitment}.values())


def _commitment_entry(row: Commitment) -> dict[str, Any]:
    return {
        "organization": row.organization.name,
        "member": row.member.name if row.member else None,
        "content": row.content,
        "due_on": _day(row.due_on),
        "status": row.status,
        **({} if row.kind == Commitment.Kind.PROMISE else {"kind": row.kind}),
        **({"fulfilled_on": _day(row.fulfilled_on)} if row.fulfilled_on else {}),
        **({"note": row.note} if row.note else {}),
    }


def _campaign_entry(campaign: Campaign, scoring: dict[str, Any] | None) -> dict[str, Any]:
    steps, stages = step_entries(campaign), _stage_entries(campaign)
    partner_category = campaign.partner_category
    words = {part: getattr(campaign, f"group_{part}") for part in LEADING_GROUP}
    group = {part: text for part, text in words.items() if text}
    return {
        "title": campaign.title,
        "organizer": campaign.organizer.name,
        "period": campaign.period,
        "basis": campaign.basis,
        "starts_on": _day(campaign.starts_on),
        "ends_on": _day(campaign.ends_on),
        "rules": _rules(campaign),
        "categories": [
            {"name": name, "weight": None if weight is None else plain_number(weight)}
            for name, weight in campaign.categories.values_list("name", "weight")
        ],
        "thresholds": [threshold_entry(limit) for limit in campaign.limits],
        "channels": [channel for channel in CHANNELS if channel in campaign.channels],
        "clarity": {name: getattr(campaign, name).strip() for name in CLARITIES},
        **({"leading_group": group} if group else {}),
        **({"partner_category": partner_category} if partner_category else {}),
        **({"steps": steps} if steps else {}),
        **({"stages": stages} if stages else {}),
        **({"scoring": scoring} if scoring else {}),
    }


def _rules(campaign: Campaign) -> dict[str, Any]:
    return {
        **{name: getattr(campaign, name) for name in RULES},
        "stop_on_time": campaign.is_stopped_on_time,
        **further_rules(campaign),
        **({"single_keying": True} if campaign.is_single_keying_allowed else {}),
    }


def _stage_entries(campaign: Campaign) -> list[dict[str, Any]]:
    return [
        {
            "title": stage.title,
            **({"due_on": _day(stage.due_on)} if stage.due_on else {}),
            "artefacts": [paper.title for paper in stage.artefacts.all()],
        }
        for stage in campaign.stages.prefetch_related("artefacts")
    ]


def _poll_entry(poll: Poll, targets: Iterable[Target]) -> dict[str, Any]:
    words = {name: getattr(poll, name) for name in MEETING_WORDS if getattr(poll, name)}
    meeting = {**({"held_on": _day(poll.meeting_on)} if poll.meeting_on else {}), **words}
    return {
        "organization": poll.organization.name,
        "entitled": poll.entitled_count,
        "attended": poll.attended_count,
        **({"partner": poll.partner.organization.name} if poll.partner else {}),
        **({"meeting": meeting} if meeting else {}),
        "targets": [_target_entry(target, poll) for target in targets],
        "batches": [],
    }


def _target_entry(target: Target, poll: Poll) -> dict[str, Any]:
    promise, report = target.commitment, getattr(target, "document", None)
    return {
        "kind": target.kind,
        "name": target.name,
        "questionnaire": target.questionnaire.key,
        **_reference(target, poll),
        **(
            {
                "commitment": {
                    "organization": promise.organization.name,
                    "member": promise.member.name if promise.member else None,
                    "content": promise.content,
                }
            }
            if promise
            else {}
        ),
        **(
            {
                "document": {
                    "kind": report.kind,
                    "title": report.title,
                    **({"speaking_order": report.speaking_order} if report.speaking_order else {}),
                }
            }
            if report
            else {}
        ),
    }


def _reference(target: Target, poll: Poll) -> dict[str, Any]:
    """The organization or person that a target's name does not tell by itself."""
    if target.organization:
        is_told = target.kind == TargetKind.ORGANIZATION and target.name == target.organization.name
        return {} if is_told else {"organization": target.organization.name}
    if target.member is None:
        return {}
    home = target.member.organization
    if target.name == target.member.name and home.pk == poll.organization_id:
        return {}
    return {"member": {"organization": home.name, "name": target.member.name}}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
