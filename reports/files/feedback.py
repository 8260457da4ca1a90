"""A letter to one target of an appraisal: its own results, and no word about anybody else's (DOMAIN B5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from campaigns.models import Poll, Target, TargetKind

from .. import wording
from ..findings import Crossing
from ..grading.content import GradingContent
from ..models import Finding
from ..opinions import OpinionEntry
from ..results.poll import PollResults, TargetResults
from ..summary import Piece
from ..tables.blocks import Block, Table
from ..tables.poll import PERSONAL_KINDS, Scores, table_of
from .layout import ResultsTable, Signature, results_tables


@dataclass(frozen=True)
class FeedbackContent:
    """A feedback letter as it is printed."""

    campaign: str
    target: str
    is_person: bool
    # The addressee: the body, the person, or of a paper the unit that wrote it.
    addressee: tuple[Piece, ...]
    opening: str
    sentences: tuple[str, ...]
    # None where the target was an open question, to which there are no grades.
    table: Table | None
    # The grade that the branch's meeting decided; empty where none was.
    decided: str
    findings: tuple[str, ...]
    # (kind, the opinions of that kind)
    opinions: tuple[tuple[str, tuple[OpinionEntry, ...]], ...]
    # Nobody has looked yet whether these point at who wrote them: they are not in the letter.
    unread_count: int
    # The organizer writes to a unit, the unit to its people.
    issuer: str
    issued_on: wording.Day

    @property
    def signature(self) -> Signature:
        return Signature(self.issuer, (Piece(self.issued_on.text),))

    @property
    def results(self) -> ResultsTable | None:
        return results_tables((self.table,))[0] if self.table else None

    @property
    def block(self) -> Block | None:
        return Block((self.table,)) if self.table else None

    @property
    def opinion_count(self) -> int:
        """How many said something, alike ones each."""
        return sum(entry.times for _, entries in self.opinions for entry in entries)


@dataclass(frozen=True)
class FeedbackMaterial:
    """All that the letters of a sealed poll are made of; opinions are those about the letter's own target."""

    results: PollResults
    scores: Scores
    crossings: tuple[Crossing, ...]
    grading: GradingContent | None
    opinions: tuple[OpinionEntry, ...]
    unread_count: int


def feedback_content(target: Target, material: FeedbackMaterial, *, issued_on: date) -> FeedbackContent:
    """The letter about one target of a sealed poll."""
    poll, results = target.poll, material.results
    own = next((of_target for of_target in results.targets if of_target.id == target.pk), None)
    is_person = bool(target.kind in PERSONAL_KINDS and target.member_id)
    return FeedbackContent(
        campaign=poll.campaign.title,
        target=target.name,
        is_person=is_person,
        addressee=_addressee(target, poll, is_person=is_person),
        opening=_opening(target, poll, is_person=is_person),
        sentences=_hidden(results) or (tuple(_sentences(own)) if own else ()),
        table=table_of(own, results, material.scores) if own else None,
        decided=_grade_sentence(target, poll, material.grading),
        findings=tuple(_decided(material.crossings, target)),
        opinions=tuple((kind, tuple(alike)) for kind, alike in groupby(material.opinions, key=attrgetter("kind"))),
        unread_count=material.unread_count,
        issuer=(poll if is_person else poll.campaign).unit_name,
        issued_on=wording.Day(issued_on),
    )


def _hidden(results: PollResults) -> tuple[str, ...]:
    return (wording.hidden_sentence(results.hidden_reason),) if results.hidden_reason else ()


def _addressee(target: Target, poll: Poll, *, is_person: bool) -> tuple[Piece, ...]:
    if is_person:
        return (Piece(target.name, "name"), Piece("同志："))
    name = target.name if target.kind == TargetKind.ORGANIZATION else poll.unit_name
    return (Piece(f"{name}："),)


def _opening(target: Target, poll: Poll, *, is_person: bool) -> str:
    when = f"，评议会于{wording.date_text(poll.meeting_on)}召开" if poll.meeting_on else ""
    if is_person:
        whom = "对您的评议结果"
    elif target.kind == TargetKind.ORGANIZATION:
        whom = "对贵单位的评议结果"
    else:
        whom = f"对“{target.name}”的评议结果"
    return f"“{poll.campaign.title}”已经结束{when}。现将{whom}反馈如下："


def _sentences(results: TargetResults) -> Iterable[str]:
    """The sheets, then how each line that stands for the target is divided."""
    first = results.judged[0].total
    if not first.sheets.valid:
        yield wording.NOTHING_RETURNED
        return
    yield wording.sheets_sentence(first)
    for line in results.judged:
        yield wording.line_sentence(line.text, line.total)


def _grade_sentence(target: Target, poll: Poll, grading: GradingContent | None) -> str:
    graded = grading.of(target.pk) if grading else None
    if grading is None or graded is None:
        return ""
    why = f"评定的等次与得票最多的等次不同，理由：{graded.reason}。" if graded.is_unlike_votes else ""
    return f"经{poll.unit_name}{grading.held_on}会议评定，您的等次为{graded.grade}。{why}"


def _decided(crossings: Iterable[Crossing], target: Target) -> Iterable[str]:
    """Findings that an organization has confirmed or dismissed; pending ones reach nobody."""
    for crossing in crossings:
        if crossing.target_id == target.pk and crossing.state in (Finding.State.CONFIRMED, Finding.State.DISMISSED):
            yield crossing.sentence
