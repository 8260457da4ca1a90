"""民主评议党员登记表: one page about one member, with what each step of the appraisal gave (DOMAIN B1, B7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from ballots.counting import tally
from campaigns.models import Member, Poll

from .. import wording
from ..comments import CommentEntry
from ..grading.content import GradingContent
from ..results.poll import Line, PollResults, Split, TargetResults
from ..self_appraisals.content import SelfAppraisalEntry

# A page holds so many characters of somebody's own words, and of a comment; the rest stands in the system.
LONGEST_TEXT, LONGEST_COMMENT, MOST_COMMENTS = 1000, 200, 2
REST = "……（余下的见系统）"
# Characters in all beyond which the page is set smaller.
SMALL, SMALLER = 500, 900
NEW_LINE = 45  # characters that a new line takes


@dataclass(frozen=True)
class VotesLine:
    """The votes of one step: who voted, and how they are divided, or why that is not shown."""

    step: str
    text: str


@dataclass(frozen=True)
class RegistrationContent:
    """A member's page as it is printed."""

    campaign: str
    period: str
    unit: str
    name: str
    status: str
    post: str
    # The words of the member, and who signed for them when; empty where there are none.
    own_words: str
    signed: str
    votes: tuple[VotesLine, ...]
    # (who commented when, what was said)
    comments: tuple[tuple[str, str], ...]
    # The grade with the meeting that decided it; empty before it has.
    grade: str
    meeting: str
    reason: str

    @property
    def size(self) -> str:
        """How small the page is set so that it stays one page."""
        texts = [self.own_words, self.reason, *(text for _, text in self.comments), *(line.text for line in self.votes)]
        length = sum(map(_room, texts))
        return "smaller" if length > SMALLER else "small" if length > SMALL else ""


@dataclass(frozen=True)
class RegistrationMaterial:
    """All that a member's page is made of; `target_id` is None for a member who gets no grade."""

    results: PollResults
    target_id: int | None
    comments: tuple[CommentEntry, ...]
    grading: GradingContent | None
    own: SelfAppraisalEntry | None


def registration_content(member: Member, poll: Poll, material: RegistrationMaterial) -> RegistrationContent:
    """The page of one member of a sealed poll."""
    results, grading, is_graded = material.results, material.grading, material.target_id is not None
    target = next((of_target for of_target in results.targets if of_target.id == material.target_id), None)
    graded = grading.of(material.target_id) if grading and material.target_id is not None else None
    return RegistrationContent(
        campaign=poll.campaign.title,
        period=poll.campaign.period,
        unit=poll.unit_name,
        name=member.name,
        status=member.get_status_display(),
        post=member.get_post_display(),
        own_words=_own_words(material.own),
        signed=material.own.signed if material.own else "",
        votes=tuple(_votes(results, target)) if is_graded else (),
        comments=tuple(map(_comment, material.comments[-MOST_COMMENTS:])),
        grade=(graded.grade if graded else "") if is_graded else "预备党员，不评定等次",
        meeting=grading.meeting if grading and is_graded else "",
        reason=graded.reason if graded else "",
    )


def _own_words(own: SelfAppraisalEntry | None) -> str:
    if own is None:
        return ""
    return cut(own.text, LONGEST_TEXT) + ("（附件另存）" if own.has_file else "")


def _votes(results: PollResults, target: TargetResults | None) -> Iterable[VotesLine]:
    """The votes of the members and of the others apart as far as groups are shown, then all together."""
    if target is None:
        if results.hidden_reason:
            yield VotesLine("民主测评", f"{results.hidden_reason}。")
        return
    for line in target.judged:
        about = f"（{line.text}）" if len(target.judged) > 1 else ""
        if not about:
            yield from _of_groups(line)
        yield VotesLine(f"合计{about}", _division(line.total, own=_blank_of_own(line, has_groups=not about)))


def _blank_of_own(line: Line, *, has_groups: bool) -> str:
    """Why the votes are one fewer than the ballots where nobody appraises themselves; empty elsewhere (C16)."""
    if not line.total.own:
        return ""
    in_groups = "，分组时无法区分，仍列在内" if has_groups and len(line.by_category) > 1 else ""
    return f"（本人的空白票{line.total.own}张不计{in_groups}）"


def _of_groups(line: Line) -> Iterable[VotesLine]:
    if len(line.by_category) > 1:
        for split in line.by_category:
            yield VotesLine(_step_of(split), _group_text(split))


def _step_of(split: Split) -> str:
    """「党员互评」, 「群众评议（服务对象）」: which step the votes of a group are, by whom they come from."""
    if all("党员" in name for name in split.names):
        return "党员互评" if split.names == ("党员",) else f"党员互评（{split.label}）"
    if any("党员" in name for name in split.names):
        return f"互评和群众评议（{split.label}）"
    return f"群众评议（{split.label}）"


def _group_text(split: Split) -> str:
    if split.is_suppressed:
        return f"{split.reason}。"
    return _division(split.result)


def _division(result: tally.Result, *, own: str = "") -> str:
    valid = result.sheets.valid
    return f"有效票{valid}张{own}，其中{wording.division(result)}。" if valid else wording.NOTHING_RETURNED


def _comment(entry: CommentEntry) -> tuple[str, str]:
    points = [f"{point}：{text}" for point, text in entry.points]
    text = "；".join(filter(None, (*points, entry.content)))
    return f"{entry.leader}{entry.leader_post}，{entry.commented_on}", cut(text, LONGEST_COMMENT)


def _room(text: str) -> int:
    """The room of a text in characters."""
    return len(text) + NEW_LINE * text.count("\n")


def cut(text: str, longest: int) -> str:
    """A text that is too long for its place, and where the rest of it is."""
    if _room(text) <= longest:
        return text
    while _room(text) > longest:
        text = text[:-10]
    return text + REST
