"""A checked document into the database, in one transaction."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns import actions
from campaigns.ballot_form import BLANK
from campaigns.library import kept_threshold
from campaigns.models import Campaign, Channel, Poll, Questionnaire, Scale, Target, TargetKind

from ..actions import add_batch
from ..ballot_import.plan import BallotGroup, blank_notices
from ..counting import closing, sealing
from ..models import Batch
from ..voting import casting
from .checking import check_document
from .configuration_writing import promises_by_key, write_parts
from .document import CampaignEntry, Document, PollEntry, QuestionnaireEntry, TargetEntry
from .nodes import FileProblem, InvalidFile
from .parsing import parse
from .roster_writing import BATCH_SIZE, Roster, write_roster


class Outcome(Enum):
    """How far a load takes a campaign."""

    PREPARING = "筹备中，可以继续修改"
    OPEN = "评议中，尚未截止"
    SEALED = "已截止、封存并计票"


@dataclass
class Loaded:
    """The numbers of what a load created."""

    campaign: Campaign
    roster: Roster
    outcome: Outcome
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
            f"意见建议{self.opinion_count}条；{self.outcome.value}"
            f"{'' if self.is_erased else '；封存已完成，痕迹清除等待中'}。"
        )


# Writes the 考核指标表 of a file to a campaign; its rows are no business of this app.
SchemeWriter = Callable[[Campaign, Mapping[str, Any]], object]


def load_campaign_file(
    path: Path, *, seal: bool = False, prepare: bool = False, write_scheme: SchemeWriter | None = None
) -> Loaded:
    """Load a campaign file: opened with its ballots in, closed and sealed as well, or its configuration alone to `prepare`.

    Raises InvalidFile with every error, or OSError; then nothing is written.
    """
    document = check_document(parse(Path(path).read_bytes()))
    loaded = write_document(document, seal=seal, prepare=prepare, write_scheme=write_scheme)
    if loaded.outcome == Outcome.SEALED:
        loaded.is_erased = sealing.erase_traces()
    return loaded


def write_document(
    document: Document, *, seal: bool, prepare: bool = False, write_scheme: SchemeWriter | None = None
) -> Loaded:
    """Write a document's rows; raises InvalidFile where they do not go with those that are there.

    ValueError: a 考核指标表 without `write_scheme`, which would be dropped.
    """
    outcome = Outcome.SEALED if seal else Outcome.PREPARING if prepare else Outcome.OPEN
    if problems := list(_unfit(document, outcome)):
        raise InvalidFile(problems)
    with transaction.atomic():
        roster = write_roster(document)
        campaign = _write_campaign(document, roster, outcome)
        polls = _write_polls(document, campaign, roster)
        write_parts(document, campaign, polls)
        if document.campaign.scoring is not None:
            if write_scheme is None:
                raise ValueError("the file has a 考核指标表, and nobody to write it")
            write_scheme(campaign, document.campaign.scoring)
        loaded = Loaded(campaign, roster, outcome, poll_count=len(polls))
        if outcome == Outcome.PREPARING:
            return loaded
        actions.freeze_ballots(campaign, by=None)
        categories = {category.name: category for category in campaign.categories.all()}
        # Read again: opening has given each poll its form.
        opened = campaign.polls.select_related("campaign", "organization").in_bulk()
        for place, (poll, entry) in enumerate(zip(polls, document.polls, strict=True)):
            facts = _write_batches(opened[poll.pk], entry, categories, loaded)
            if outcome == Outcome.SEALED:
                _seal(opened[poll.pk], entry, facts, path=f"$.polls[{place}]")
        return loaded


def _unfit(document: Document, outcome: Outcome) -> Iterator[FileProblem]:
    """The entries that a campaign in preparation, or one that opens at once, cannot have."""
    for place, poll in enumerate(document.polls):
        path = f"$.polls[{place}]"
        if outcome == Outcome.PREPARING and poll.batches:
            yield FileProblem(f"{path}.batches", "只装入配置时不能有票批，应为空数组[]。")
        if outcome != Outcome.PREPARING:
            for number, target in enumerate(poll.targets):
                if target.document:
                    text = "文件里没有报告的文稿，不能直接开启；应只装入配置（--prepare），登记文稿以后再开启。"
                    yield FileProblem(f"{path}.targets[{number}].document", text)
    if outcome != Outcome.PREPARING and document.campaign.channels == ():
        yield FileProblem("$.campaign.channels", "没有评议渠道，不能开启；应写明渠道，或者去掉这个键。")


def _write_campaign(document: Document, roster: Roster, outcome: Outcome) -> Campaign:
    entry = document.campaign
    is_kept_open = outcome == Outcome.PREPARING
    starts_on, ends_on = (entry.starts_on, entry.ends_on) if is_kept_open else _days_of(entry)
    campaign = Campaign.objects.create(
        organizer=roster.organizations[entry.organizer],
        title=entry.title,
        period=entry.period,
        basis=entry.basis,
        starts_on=starts_on,
        ends_on=ends_on,
        channels=_channels(document),
        partner_category=entry.partner_category,
        thresholds=[kept_threshold(limit) if limit.is_own else limit.key for limit in entry.thresholds],
        **{**_clarities(document), **entry.clarity},
        **entry.leading_group,
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


def _channels(document: Document) -> list[str]:
    """The channels that the file names, else those that its batches use, in the order of the format."""
    if document.campaign.channels is not None:
        return list(document.campaign.channels)
    used = {batch.channel for poll in document.polls for batch in poll.batches} or {Channel.MEETING}
    return [channel for channel in Channel.values if channel in used]


def _clarities(document: Document) -> dict[str, str]:
    """The 五明确 that a file does not give, said from what it gives."""
    entry: CampaignEntry = document.campaign
    channels = "、".join(Channel(channel).label for channel in _channels(document))
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
    facts = entry.facts
    rule = Questionnaire.TargetRule.MEMBERS_TOGETHER if is_together else actions.DEFAULT_RULES[entry.target_kind]
    name = targets[0].name if targets and is_named and facts.most_chosen is None else ""
    wording = {"opinion_prompt": facts.opinion_prompt, "opinion_kind": facts.opinion_kind}
    questionnaire = actions.add_questionnaire(
        campaign,
        key=entry.key,
        title=entry.title,
        rule=facts.target_rule or rule,
        target_name=name if facts.target_name is None else facts.target_name,
        scale=_scale(entry, document),
        most_chosen=facts.most_chosen,
        **{key: value for key, value in wording.items() if value is not None},
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
                **entry.meeting,
            )
            for entry in document.polls
        ),
        batch_size=BATCH_SIZE,
    )
    questionnaires = {row.key: row for row in campaign.questionnaires.all()}
    promises = promises_by_key(document, roster)
    Target.objects.bulk_create(
        (
            _target(poll, target, position, questionnaires, roster, promises)
            for poll, entry in zip(polls, document.polls, strict=True)
            for position, target in enumerate(entry.targets, start=1)
        ),
        batch_size=BATCH_SIZE,
    )
    return polls


def _target(
    poll: Poll, entry: TargetEntry, position: int, questionnaires: dict, roster: Roster, promises: dict
) -> Target:
    return Target(
        poll=poll,
        kind=entry.kind,
        name=entry.name,
        organization=roster.organizations[entry.organization] if entry.organization else None,
        member=roster.members[entry.member] if entry.member else None,
        commitment=promises[entry.commitment] if entry.commitment else None,
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
