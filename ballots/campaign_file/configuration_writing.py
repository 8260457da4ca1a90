"""The parts of a document that a file may leave out, as rows: steps, stages, pairs, reports, promises on the ballot."""

from collections.abc import Sequence

from campaigns.actions import write_steps
from campaigns.models import AppraisedDocument, Artefact, Campaign, CampaignStage, Commitment, Poll

from .document import CommitmentKey, Document
from .roster_writing import BATCH_SIZE, Roster


def promises_by_key(document: Document, roster: Roster) -> dict[CommitmentKey, Commitment]:
    """The commitments that the document's ballots put to the vote; none is read where there are none."""
    wanted = {target.commitment for poll in document.polls for target in poll.targets if target.commitment}
    if not wanted:
        return {}
    units = {unit for unit, _, _ in wanted}
    rows = Commitment.objects.filter(organization__in=[roster.organizations[unit] for unit in units])
    names = {row.pk: name for name, row in roster.organizations.items()}
    there = {
        (names[row.organization_id], row.member.name if row.member else None, row.content): row
        for row in rows.select_related("member")
    }
    return {key: there[key] for key in wanted}


def write_parts(document: Document, campaign: Campaign, polls: Sequence[Poll]) -> None:
    """Write the steps, stages, pairs and reports of a document, whose polls are written, in the order of the file."""
    entry = document.campaign
    write_steps(campaign, ((step.kind, step.starts_on, step.ends_on) for step in entry.steps))
    stages = CampaignStage.objects.bulk_create(
        CampaignStage(campaign=campaign, title=stage.title, due_on=stage.due_on, position=position)
        for position, stage in enumerate(entry.stages, start=1)
    )
    Artefact.objects.bulk_create(
        Artefact(stage=stage, title=title, position=position)
        for stage, given in zip(stages, entry.stages, strict=True)
        for position, title in enumerate(given.artefacts, start=1)
    )
    _write_pairs(document, polls)
    _write_reports(document, polls)


def _write_pairs(document: Document, polls: Sequence[Poll]) -> None:
    by_unit = {entry.organization: poll for poll, entry in zip(polls, document.polls, strict=True)}
    paired = []
    for poll, entry in zip(polls, document.polls, strict=True):
        if entry.partner:
            poll.partner = by_unit[entry.partner]
            paired.append(poll)
    Poll.objects.bulk_update(paired, ["partner"], batch_size=BATCH_SIZE)


def _write_reports(document: Document, polls: Sequence[Poll]) -> None:
    rows = []
    for poll, entry in zip(polls, document.polls, strict=True):
        given = [(place, target.document) for place, target in enumerate(entry.targets) if target.document]
        if not given:
            continue
        targets = list(poll.targets.order_by("position"))
        rows += [
            AppraisedDocument(
                poll=poll,
                target=targets[place],
                kind=report.kind,
                title=report.title,
                speaking_order=report.speaking_order,
            )
            for place, report in given
        ]
    AppraisedDocument.objects.bulk_create(rows, batch_size=BATCH_SIZE)
