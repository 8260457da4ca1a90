"""The way of the reports of a poll in sentences, each of a recorded fact; a fact that is missing is said to be (S0-1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.documents.reading import documents_of
from campaigns.models import AppraisedDocument, DocumentDraft

from ..scope import Scope
from ..wording import date_text
from .on_drafts import DraftRound, rounds_among, rounds_of

Stage = DocumentDraft.Stage
# The way of a report that is asked about before it is appraised.
STAGES = (Stage.CONSULTATION, Stage.DISCUSSION, Stage.APPRAISAL)


def drafting_sentences(scope: Scope) -> tuple[str, ...]:
    """The sentences about the reports of one poll, or the sums of several; none where there is no report."""
    if scope.poll is None:
        return tuple(_sums_of(scope))
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
    for stage in STAGES:
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
    counts, undecided = _counts(rounds)
    missing = f"【待填：对{Stage(stage).label}的意见还有{undecided}条没有写明是否采纳】" if undecided else ""
    return f"对{Stage(stage).label}提出{counts}。{missing}" if counts else ""


def _counts(rounds: Sequence[DraftRound]) -> tuple[str, int]:
    """The opinions by kind and what became of them, in words; and of how many nobody has written that down."""
    amendments, remarks = sum(asked.amendments for asked in rounds), sum(asked.remarks for asked in rounds)
    adopted, rejected = sum(asked.adopted for asked in rounds), sum(asked.rejected for asked in rounds)
    named = ((amendments, "修改意见、建议"), (remarks, "其他意见、建议"), (adopted, "采纳"), (rejected, "未采纳"))
    why = "，未采纳的逐条写明了理由" if rejected else ""
    counts = "，".join(f"{name}{number}条" for number, name in named if number) + why
    return counts, sum(asked.undecided for asked in rounds)


@dataclass(frozen=True)
class _Drafted:
    """A draft, or a document without any, as the sums of several polls take it."""

    poll: int
    document: int
    kind: str
    is_spoken: bool
    draft: int | None
    stage: str | None


def _sums_of(scope: Scope) -> Iterable[str]:
    """The reports of all sealed polls of a unit's part of a campaign, and the opinions on their drafts, with how many units."""
    columns = ("poll", "pk", "kind", "speaking_order", "drafts", "drafts__stage")
    rows = AppraisedDocument.objects.filter(poll__in=scope.polls).order_by("pk").values_list(*columns)
    drafted = [
        _Drafted(poll, key, kind, order is not None, draft, stage) for poll, key, kind, order, draft, stage in rows
    ]
    if duty := [row for row in drafted if row.kind == AppraisedDocument.Kind.DUTY]:
        yield _duty_sum(duty)
    if analysed := [row for row in drafted if row.kind == AppraisedDocument.Kind.ANALYSIS]:
        yield _analysis_sum(analysed)
        yield from _rounds_sums(analysed, rounds_among(scope.polls))


def _duty_sum(drafted: Sequence[_Drafted]) -> str:
    units, documents = {row.poll for row in drafted}, {row.document for row in drafted}
    speakers = {row.document for row in drafted if row.is_spoken}
    spoken = f"，其中{len(speakers)}份在会上报告" if speakers else ""
    return f"{len(units)}个单位评议前印发述职报告{len(documents)}份{spoken}。"


def _analysis_sum(drafted: Sequence[_Drafted]) -> str:
    """「8个单位评议分析检查报告8份，形成征求意见稿8份、讨论稿7份、评议稿8份。」, a report once for each stage."""
    units, documents = {row.poll for row in drafted}, {row.document for row in drafted}
    counts = [(stage, len({row.document for row in drafted if row.stage == stage})) for stage in STAGES]
    formed = "、".join(f"{stage.label}{count}份" for stage, count in counts if count)
    label = AppraisedDocument.Kind.ANALYSIS.label
    return f"{len(units)}个单位评议{label}{len(documents)}份{f'，形成{formed}' if formed else ''}。"


def _rounds_sums(drafted: Sequence[_Drafted], rounds: Mapping[int, DraftRound]) -> Iterable[str]:
    """The opinions on the drafts of each stage; how many still want a decision is told, and is for those units to write."""
    for stage in STAGES:
        asked = {row.draft: row.poll for row in drafted if row.stage == stage and row.draft in rounds}
        counts, undecided = _counts([rounds[draft] for draft in asked if draft is not None])
        if counts:
            rest = f"，还有{undecided}条没有写明是否采纳" if undecided else ""
            yield f"{len(set(asked.values()))}个单位对{stage.label}提出{counts}{rest}。"
