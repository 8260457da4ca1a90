"""Documents as they are read: all that were recorded of a poll, and the draft that participants get. Reading leaves no trace."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from ..models import AppraisedDocument, DocumentDraft, Poll


@dataclass(frozen=True)
class DocumentStanding:
    """A document with its drafts, the first one first."""

    document: AppraisedDocument
    drafts: tuple[DocumentDraft, ...]

    @property
    def read(self) -> DocumentDraft | None:
        """The draft that is read: the frozen one, until then the last; None where there is none yet."""
        return self.document.frozen_draft or (self.drafts[-1] if self.drafts else None)


def documents_of(poll: Poll) -> list[DocumentStanding]:
    """The documents of a poll in the order of speakers, those without a place last; two queries."""
    documents = sorted(_with_drafts(AppraisedDocument.objects.filter(poll=poll)), key=_place)
    return [DocumentStanding(document, tuple(document.drafts.all())) for document in documents]


def _with_drafts(documents: QuerySet[AppraisedDocument]) -> QuerySet[AppraisedDocument]:
    return documents.select_related("target", "frozen_draft").prefetch_related("drafts__recorded_by")


def _place(document: AppraisedDocument) -> tuple[bool, int, int]:
    return (document.speaking_order is None, document.speaking_order or 0, document.pk)


def draft_to_read(poll: Poll, target_id: int) -> DocumentDraft | None:
    """The draft about a target that participants of a poll read; None where nothing is to be read about it."""
    for document in AppraisedDocument.objects.filter(poll=poll, target=target_id).select_related("frozen_draft"):
        draft = document.frozen_draft or document.drafts.last()
        if draft is not None:
            draft.document = document
        return draft
    return None


def freeze_documents(polls: Iterable[Poll]) -> None:
    """Make the last draft of every document the one that is read; call it with the polls opening."""
    documents = list(AppraisedDocument.objects.filter(poll__in=polls).prefetch_related("drafts"))
    for document in documents:
        *_, last = document.drafts.all()
        document.frozen_draft, document.frozen_sha256 = last, last.sha256
    AppraisedDocument.objects.bulk_update(documents, ["frozen_draft", "frozen_sha256"], batch_size=200)


def thaw_documents(polls: Iterable[Poll]) -> None:
    """Let the documents of polls that are taken back have further drafts."""
    AppraisedDocument.objects.filter(poll__in=polls).update(frozen_draft=None, frozen_sha256="")


def unready(polls: Iterable[Poll]) -> Iterable[tuple[AppraisedDocument, str]]:
    """The documents that nobody could read at the opening, each with what it lacks."""
    documents = AppraisedDocument.objects.filter(poll__in=polls)
    for document in documents.select_related("poll__organization").prefetch_related("drafts"):
        drafts = list(document.drafts.all())
        if not drafts:
            yield document, "还没有登记文稿"
        elif document.kind == AppraisedDocument.Kind.ANALYSIS and drafts[-1].stage != DocumentDraft.Stage.APPRAISAL:
            yield document, f"最后一稿是{drafts[-1].get_stage_display()}，还没有评议稿"
