"""Opinions on the drafts of a report, which were taken in by a later one, and the whole way in words (S0-1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from ballots.models import OpinionOrigin
from campaigns.models import AppraisedDocument, DocumentDraft, Poll

from ..models import Adoption
from .actions import ON_DRAFTS, HeardOpinion, gathering, write_opinion

Source, SheetKind, Stage = OpinionOrigin.Source, OpinionOrigin.SheetKind, DocumentDraft.Stage
# Drafts on which opinions are asked for; the last one is appraised by ballot.
ASKED_ABOUT = (Stage.CONSULTATION, Stage.DISCUSSION)


@dataclass(frozen=True)
class DraftRound:
    """The opinions that were given on a draft, as far as they count."""

    amendments: int = 0
    remarks: int = 0
    adopted: int = 0
    rejected: int = 0

    @property
    def undecided(self) -> int:
        return self.amendments + self.remarks - self.adopted - self.rejected


def record_on_draft(
    draft: DocumentDraft, texts: Iterable[str], *, sheet_kind: str, given_by: str, received_on: date, by
) -> int:
    """Write down opinions of one kind of people on a draft; returns how many. Raises CannotGather."""
    facts: dict[str, Any] = {
        "source": Source.DRAFT,
        "sheet_kind": sheet_kind,
        "given_by": given_by,
        "received_on": received_on,
    }
    heard = [HeardOpinion(draft.document.target, text, draft=draft, **facts) for text in texts]
    with gathering(draft.document.poll_id, ON_DRAFTS):
        for opinion in heard:
            write_opinion(opinion, by=by)
    return len(heard)


def adopt(origin: OpinionOrigin, *, draft: DocumentDraft | None, reason: str, by) -> Adoption:
    """Write down which draft took an opinion in, or why none did; raises CannotGather once the 小结 is filed."""
    with gathering(origin.opinion.target.poll_id, ON_DRAFTS):
        facts = {"is_adopted": draft is not None, "draft": draft, "reason": reason, "decided_by": by}
        adoption, _ = Adoption.objects.update_or_create(origin=origin, defaults=facts)
    return adoption


def opinions_on(document: AppraisedDocument) -> QuerySet[OpinionOrigin]:
    """The opinions on the drafts of a document, by draft and kind, each with what became of it."""
    origins = OpinionOrigin.objects.filter(draft__document=document)
    rows = origins.select_related("draft", "opinion__reading", "adoption__draft", "recorded_by")
    return rows.order_by("draft__number", "sheet_kind", "pk")


def rounds_of(poll: Poll) -> dict[int, DraftRound]:
    """The opinions on each draft of a poll's documents, by the draft's key; those set aside as no opinion are left out."""
    return rounds_among([poll])


def rounds_among(polls: Iterable[Poll]) -> dict[int, DraftRound]:
    """The same of several polls; one query."""
    origins = OpinionOrigin.objects.filter(opinion__target__poll__in=polls, draft__isnull=False)
    kept = origins.exclude(opinion__reading__is_set_aside=True).order_by()
    rows: dict[int, list[tuple[str, bool | None]]] = {}
    for draft_id, kind, is_adopted in kept.values_list("draft", "sheet_kind", "adoption__is_adopted"):
        rows.setdefault(draft_id, []).append((kind, is_adopted))
    return {draft_id: _round(given) for draft_id, given in rows.items()}


def _round(given: Sequence[tuple[str, bool | None]]) -> DraftRound:
    kinds, verdicts = [kind for kind, _ in given], [is_adopted for _, is_adopted in given]
    return DraftRound(
        amendments=kinds.count(SheetKind.AMENDMENT),
        remarks=kinds.count(SheetKind.REMARK),
        adopted=verdicts.count(True),
        rejected=verdicts.count(False),
    )
