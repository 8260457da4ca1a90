"""A checked document into the database, in one transaction."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from campaigns import actions
from campaigns.ballot_form import BLANK
from campaigns.models import Campaign, Channel, Poll, Questionnaire, Scale, Target, TargetKind

from ..actions import add_batch
from ..ballot_import.plan import BallotGroup, blank_notices
from ..counting import closing, sealing
from ..models import Batch
from ..voting import casting
from .checking import check_document
from .document import CampaignEntry, Document, PollEntry, QuestionnaireEntry, TargetEntry
from .nodes import FileProblem, InvalidFile
from .parsing import parse
from .roster_writing import BATCH_SIZE, Roster, write_roster


@dataclass
class Loaded:
    """The numbers of what a load created."""

    campaign: Campaign
    roster: Roster
    is_sealed: bool
    poll_count: int = 0
    batch_count: int = 0
    ballot_count: int = 0
    opinion_count: int = 0
    # False where somebody who read the database held it up; the worker makes up for it.
    is_erased: bool = True
    # Cells of which so much is blank that they may be totals in disguise.
    notices: list[str] = field(default_factory=list)

    def __str__(self):
        return (
            f"已载入评议活动“{self.campaign}”：新建党组织{self.roster.organization_count}个、"
            f"党员{self.roster.member_count}名、公开承诺{self.roster.commitment_count}项；"
            f"评议点{self.poll_count}个、票批{self.batch_count}个、评议票{self.ballot_count}张、"
            f"意见建议{self.opinion_count}条；{'已截止、封存并计票' if self.is_sealed else '评议中，尚未截止'}"
            f"{'' if self.is_erased else '；封存已完成，痕迹清除等待中'}。"
        )


def load_campaign_file(path: Path, *, seal: bool = False) -> Loaded:
    """Load a campaign file, opened with its ballots in, or closed and sealed as well.

    Raises InvalidFile with every error, or OSError; then nothing is written.
    """
    loaded = write_document(check_document(parse(Path(path).read_bytes())), seal=seal)
    if seal:
        loaded.is_erased = sealing.erase_traces()
    return loaded


def write_document(document: Document, *, seal: bool) -> Loaded:
    """Write a document's rows; raises InvalidFile where they do not go with those that are there."""
    with transaction.atomic():
        roster = write_roster(document)
        campaign = _write_campaign(document, roster)
        polls = _write_polls(document, campaign, roster)
        actions.freeze_ballots(campaign, by=None)
        loaded = Loaded(campaign, roster, is_sealed=seal, poll_count=len(polls))
        categories = {category.name: category for category in campaign.categories.all()}
        # Read again: opening has given each poll its form.
        opened = campaign.polls.select_related("campaign", "organization").in_bulk()
        for place, (poll, entry) in enumerate(zip(polls, document.polls, strict=True)):
            facts = _write_batches(opened[poll.pk], entry, categories, loaded)
            if seal:
                _seal(opened[poll.pk], entry, facts, path=f"$.polls[{place}]")
        return loaded


def _write_campaign(document: Document, roster: Roster) -> Campaign:
    entry = document.campaign
    starts_on, ends_on = _days_of(entry)
    campaign = Campaign.objects.create(
        organizer=roster.organizations[entry.organizer],
        title=entry.title,
        period=entry.period,
        basis=entry.basis,
        starts_on=starts_on,
        ends_on=ends_on,
        channels=_channels(document.polls),
        thresholds=list(entry.thresholds),
        **_clarities(document),
        **entry.rules,
    )
    actions.replace_categories(campaign, [(category.name, category.weight) for category in entry.categories])
    for questionnaire in document.questionnaires:
        _write_questionnaire(campaign, questionnaire, document)
    return campaign


def _days_of(entry: CampaignEntry) -> tuple[date, date]:
    """The days that the file gives, else the year that its period begins with; today where it names none."""
    year = re.match(r"((?:19|20)[0-9]{2})(?![0-9])", entry.period)
    today = timezone.localdate()
    first, last = (date(int(year[1]), 1, 1), date(int(year[1]), 12, 31)) if year else (today, today)
    starts_on = entry.starts_on or min(first, entry.ends_on or first)
    return starts_on, entry.ends_on or max(last, starts_on)


def _channels(polls: Iterable[PollEntry]) -> list[str]:
    """The channels that the batches use, in the order of the format."""
    used = {batch.channel for poll in polls for batch in poll.batches} or {Channel.MEETING}
    return [channel for channel in Channel.values if channel in used]


def _clarities(document: Document) -> dict[str, str]:
    """The 五明确 that a file does not give, said from what it gives."""
    entry: CampaignEntry = document.campaign
    channels = "、".join(Channel(channel).label for channel in _channels(document.polls))
    asked = "；".join(
        f"{questionnaire.title}：{'、'.join(indicator.text for indicator in questionnaire.indicators)}"
        if questionnaire.indicators
        else questionnaire.title
        for questionnaire in document.questionnaires
    )
    return {
        "participant_scope": f"{'、'.join(category.name for category in entry.categories)}。",
        "procedure": "发放评议表，无记名填写，收回后清点票数，核对无误后统计、封存。",
        "method": f"{channels}，无记名填写。",
        "content": f"{asked}。",
        "use_of_results": "评议结果在一定范围内通报，作为改进工作和考核评价的依据。",
    }


def _write_questionnaire(campaign: Campaign, entry: QuestionnaireEntry, document: Document) -> None:
    targets = [target for poll in document.polls for target in poll.targets if target.questionnaire == entry.key]
    is_together = (
        bool(targets) and entry.target_kind == TargetKind.MEMBER and all(asked.organization for asked in targets)
    )
    is_named = is_together or entry.target_kind in (TargetKind.DOCUMENT, TargetKind.OPEN)
    questionnaire = actions.add_questionnaire(
        campaign,
        key=entry.key,
        title=entry.title,
        rule=Questionnaire.TargetRule.MEMBERS_TOGETHER if is_together else actions.DEFAULT_RULES[entry.target_kind],
        target_name=targets[0].name if targets and is_named else "",
        scale=_scale(entry, document),
    )
    actions.write_indicators(questionnaire, [(asked.text, asked.is_overall) for asked in entry.indicators])


def _scale(entry: QuestionnaireEntry, document: Document) -> Scale:
    own = next((scale for scale in document.scales if scale.key == entry.scale), None)
    if own:
        return actions.own_scale(own.title, own.grades)
    return actions.scale_from_library(entry.scale, unknown=entry.has_unknown)


def _write_polls(document: Document, campaign: Campaign, roster: Roster) -> list[Poll]:
    """The polls with their targets, in the order of the file."""
    polls = Poll.objects.bulk_create(
        (
            Poll(
                campaign=campaign,
                organization=roster.organizations[entry.organization],
                path=roster.organizations[entry.organization].path,
                entitled_count=entry.entitled,
                attended_count=entry.attended,
            )
            for entry in document.polls
        ),
        batch_size=BATCH_SIZE,
    )
    questionnaires = {row.key: row for row in campaign.questionnaires.all()}
    Target.objects.bulk_create(
        (
            _target(poll, target, position, questionnaires, roster)
            for poll, entry in zip(polls, document.polls, strict=True)
            for position, target in enumerate(entry.targets, start=1)
        ),
        batch_size=BATCH_SIZE,
    )
    return polls


def _target(poll: Poll, entry: TargetEntry, position: int, questionnaires: dict, roster: Roster) -> Target:
    return Target(
        poll=poll,
        kind=entry.kind,
        name=entry.name,
        organization=roster.organizations[entry.organization] if entry.organization else None,
        member=roster.members[entry.member] if entry.member else None,
        questionnaire=questionnaires[entry.questionnaire],
        position=position,
    )


def _write_batches(poll: Poll, entry: PollEntry, categories: dict, loaded: Loaded) -> dict[int, closing.BatchFacts]:
    """The poll's batches with their ballots and opinions; returns what was counted of each."""
    target_ids = {target.name: target.pk for target in poll.targets.all()}
    facts = {}
    for sheets in entry.batches:
        batch = add_batch(
            poll, channel=sheets.channel, category=categories[sheets.category], method=Batch.Method.ENTERED
        )
        opinions = [casting.OpinionText(target_ids[name], text) for name, text in sheets.opinions]
        marks: Counter[str] = Counter()
        for ballot in sheets.ballots:
            marks[ballot.marks] += ballot.count
        loaded.ballot_count += casting.record_ballots(batch=batch, marks=marks.items(), opinions=opinions)
        if any(BLANK in sheet for sheet in marks):
            group = BallotGroup(poll.pk, entry.organization, sheets.channel, batch.category_id, sheets.category, marks)
            loaded.notices += blank_notices([group], {poll.pk: poll.ballot_form})
        loaded.opinion_count += len(opinions)
        loaded.batch_count += 1
        # Kept for the closing, which fixes them.
        batch.issued_count, batch.returned_count, batch.void_count = sheets.issued, sheets.returned, sheets.void
        batch.save(update_fields=["issued_count", "returned_count", "void_count"])
        facts[batch.pk] = closing.BatchFacts(issued=sheets.issued, returned=sheets.returned, void=sheets.void)
    return facts


def _seal(poll: Poll, entry: PollEntry, facts: dict[int, closing.BatchFacts], *, path: str) -> None:
    try:
        closing.close(poll, by=None, attended=entry.attended, facts=facts)
    except closing.CannotClose as error:
        raise InvalidFile([FileProblem(path, problem) for problem in error.problems]) from None
    sealing.seal(poll, by=None)
