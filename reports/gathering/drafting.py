"""The way of the reports of a poll in sentences, each of a recorded fact; a fact that is missing is said to be (S0-1)."""

from collections.abc import Iterable, Mapping, Sequence

from campaigns.documents.reading import documents_of
from campaigns.models import AppraisedDocument, DocumentDraft

from ..scope import Scope
from ..wording import date_text
from .on_drafts import DraftRound, rounds_of

Stage = DocumentDraft.Stage


def drafting_sentences(scope: Scope) -> tuple[str, ...]:
    """The sentences about the reports of one poll; none about several polls together, and none where there is no report."""
    if scope.poll is None:
        return ()
    documents = documents_of(scope.poll)
    rounds = rounds_of(scope.poll) if documents else {}
    spoken = [standing.document for standing in documents if standing.document.kind == AppraisedDocument.Kind.DUTY]
    sentences = [_duty_sentence(spoken)] if spoken else []
    for standing in documents:
        if standing.document.kind == AppraisedDocument.Kind.ANALYSIS:
            sentences += _way_of(standing.document, standing.drafts, rounds)
    return tuple(sentences)


def _duty_sentence(documents: Sequence[AppraisedDocument]) -> str:
    """How many gave a report in writing, and how many of them at the meeting."""
    speakers = sum(document.speaking_order is not None for document in documents)
    spoken = f"，其中{speakers}份在会上报告" if speakers else ""
    return f"评议前印发述职报告{len(documents)}份{spoken}。"


def _way_of(
    document: AppraisedDocument, drafts: Sequence[DocumentDraft], rounds: Mapping[int, DraftRound]
) -> Iterable[str]:
    """A paragraph for each stage: its last draft, and the opinions on all of its drafts."""
    for stage in (Stage.CONSULTATION, Stage.DISCUSSION, Stage.APPRAISAL):
        if of_stage := [draft for draft in drafts if draft.stage == stage]:
            asked = [rounds[draft.pk] for draft in of_stage if draft.pk in rounds]
            yield _draft_sentence(document, of_stage[-1]) + _round_sentence(stage, asked)


def _draft_sentence(document: AppraisedDocument, draft: DocumentDraft) -> str:
    day, stage = date_text(draft.dated_on), draft.get_stage_display()
    approved = f"经{draft.approved_by or f'【待填：{stage}由谁审核同意】'}审核同意"
    to = draft.sent_to or f"【待填：{stage}的印发范围】"
    if draft.stage == Stage.CONSULTATION:
        return f"{day}，《{document.title}》（征求意见稿）{approved}，印发至{to}征求意见。"
    if draft.stage == Stage.DISCUSSION:
        return f"{day}，修改形成讨论稿，{approved}，提交{to}讨论。"
    return f"{day}，修改形成评议稿，{approved}，印发至{to}，供参评人员评议。"


def _round_sentence(stage: str, rounds: Sequence[DraftRound]) -> str:
    """「修改意见、建议7条，其他意见、建议15条」, and what became of them; empty where none was recorded."""
    if not rounds:
        return ""
    amendments, remarks = sum(asked.amendments for asked in rounds), sum(asked.remarks for asked in rounds)
    adopted, rejected = sum(asked.adopted for asked in rounds), sum(asked.rejected for asked in rounds)
    named = ((amendments, "修改意见、建议"), (remarks, "其他意见、建议"), (adopted, "采纳"), (rejected, "未采纳"))
    counts = "，".join(f"{name}{number}条" for number, name in named if number)
    why = "，未采纳的逐条写明了理由" if rejected else ""
    undecided = sum(asked.undecided for asked in rounds)
    missing = f"【待填：对{Stage(stage).label}的意见还有{undecided}条没有写明是否采纳】" if undecided else ""
    return f"对{Stage(stage).label}提出{counts}{why}。{missing}" if counts else ""
