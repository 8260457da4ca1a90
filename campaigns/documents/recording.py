"""Writing down documents and their drafts, until the poll opens; every draft stays, the last one is read."""

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from ..kept_files import Unsuitable, document_kind, folder, read_limited, write_file
from ..models import AppraisedDocument, Campaign, DocumentDraft, Poll
from ..models.states import StateError
from ..ways import way_to

Stage = DocumentDraft.Stage
# The drafts of each kind of document, in the order in which they follow each other (S0-1).
STAGES: dict[str, tuple[DocumentDraft.Stage, ...]] = {
    AppraisedDocument.Kind.DUTY: (Stage.SINGLE,),
    AppraisedDocument.Kind.ANALYSIS: (Stage.CONSULTATION, Stage.DISCUSSION, Stage.APPRAISAL),
}
OPENED = "评议已经开启，参评人员读的就是开启时的最后一稿，不能再增加、更换文稿。"
# Formats that a phone and an office open; a table is no report.
FILE_KINDS = ("jpg", "png", "pdf", "docx")


@contextmanager
def _writing(poll: Poll):
    """A transaction in which the poll does not open, for opening takes the same lock; raises StateError once it has."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=poll.campaign_id)
        if Poll.objects.select_related("campaign").get(pk=poll.pk).is_settled:
            raise StateError(OPENED, way=way_to("退回筹备", "ballots:poll_take_back", poll.pk))
        yield


def save_document(document: AppraisedDocument) -> AppraisedDocument:
    """Write a new document of a target, or what was changed of one; raises StateError."""
    with _writing(document.poll):
        _check_kind(document)
        document.save()
    return document


def _check_kind(document: AppraisedDocument) -> None:
    """A document with drafts stays of the kind whose stages they are."""
    if document.pk and document.drafts.exclude(stage__in=STAGES[document.kind]).exists():
        raise StateError(
            "已经登记了文稿，种类不能再改；登记错的，请先撤下文稿。",
            way=way_to("撤下文稿", "campaigns:document_list", document.poll_id),
        )


def remove_document(document: AppraisedDocument) -> None:
    """Take out a document that was recorded by mistake and has no draft; raises StateError."""
    with _writing(document.poll):
        if document.drafts.exists():
            raise StateError(
                f"“{document}”已经登记了文稿，请先从最后一稿起逐稿撤下。",
                way=way_to("撤下文稿", "campaigns:document_list", document.poll_id),
            )
        document.delete()


def add_draft(document: AppraisedDocument, facts: Mapping[str, Any], *, upload=None, by) -> DocumentDraft:
    """Keep a further draft with its file, if there is one; raises StateError or Unsuitable.

    `facts` are stage, date, words of approval and text. A draft never goes back behind the stage of the one before.
    """
    content = read_limited(upload) if upload else b""
    kind = _kind_of(content) if upload else ""
    with _writing(document.poll):
        number = _next_number(document, facts["stage"])
        draft = DocumentDraft.objects.create(
            document=document,
            number=number,
            file_name=secrets.token_hex(16) if upload else "",
            file_kind=kind,
            file_size=len(content) if upload else None,
            sha256=draft_digest(facts["text"], content),
            recorded_by=by,
            **facts,
        )
        if upload:
            write_file(draft.file_name, content)
    return draft


def draft_digest(text: str, content: bytes) -> str:
    """The digest of a draft: that of its text's, then of its file's."""
    parts = hashlib.sha256(text.encode()).digest() + hashlib.sha256(content).digest()
    return hashlib.sha256(parts).hexdigest()


def _kind_of(content: bytes) -> str:
    kind = document_kind(content)
    if kind not in FILE_KINDS:
        raise Unsuitable(
            "报告只收PDF、JPEG和PNG图片、Word文档（docx），带宏的不收。doc、wps文件请先另存为docx或者PDF。"
        )
    return kind


def _next_number(document: AppraisedDocument, stage: str) -> int:
    stages, last = STAGES[document.kind], document.drafts.last()
    if stage not in stages:
        raise StateError(f"{document.get_kind_display()}没有“{Stage(stage).label}”这一稿。")
    if last is None:
        return 1
    if stages.index(Stage(stage)) < stages.index(Stage(last.stage)):
        raise StateError(f"已经有了{last.get_stage_display()}，不能再登记{Stage(stage).label}。")
    return last.number + 1


def describe_draft(draft: DocumentDraft, *, sent_to: str, approved_by: str) -> None:
    """Write down to whom a draft went and who approved it, which the 小结 wants; its words stay as they were read."""
    DocumentDraft.objects.filter(pk=draft.pk).update(sent_to=sent_to, approved_by=approved_by)


def take_back_draft(draft: DocumentDraft) -> None:
    """Take out the last draft, recorded by mistake; raises StateError where opinions were given on it."""
    with _writing(draft.document.poll):
        if draft.pk != draft.document.drafts.values_list("pk", flat=True).last():
            raise StateError("只能撤下最后一稿。")
        name = draft.file_name
        try:
            draft.delete()
        except ProtectedError as error:
            raise StateError(
                "这一稿已经登记了意见，不能撤下。",
                way=way_to("文稿的意见", "reports:draft_opinions", draft.document_id),
            ) from error
        if name:
            transaction.on_commit(lambda: (folder() / name).unlink(missing_ok=True))
