"""Everything that is held of a person on the roster, as the page shows it and the file hands it over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from campaigns.models import Member, Poll, Target

from ..models import (
    Attendance,
    Consequence,
    LeaderComment,
    MemberGrade,
    PersonDeed,
    Problem,
    SelfAppraisal,
    SuperiorMark,
)
from ..models.retention import KeptKind
from ..wording import date_text

# Told with every person's data, for there is nothing to show.
NOT_LINKED = (
    "评议票、窗口的即时评议不记名，与任何人都不相连：系统里找不到哪一张是本人投的，也就没有可以查、可以删的。",
    "票上的意见、意见箱的来信、窗口的留言同样不相连。",
    "登录账号与名册不相连：本人有账号的，自己的登录情况在“我的账号”里看。",
)


@dataclass(frozen=True)
class PersonSection:
    """A kind of data with a line for each thing that is held."""

    title: str
    lines: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class PersonContent:
    """A person's data: sections in the order of the page, the empty ones among them, and what cannot be held."""

    name: str
    unit: str
    sections: tuple[PersonSection, ...]
    not_linked: tuple[str, ...] = NOT_LINKED

    @property
    def held(self) -> tuple[PersonSection, ...]:
        return tuple(section for section in self.sections if section.lines)

    @property
    def empty(self) -> str:
        """「转接、公开承诺」: the kinds of which nothing is held."""
        return "、".join(section.title for section in self.sections if not section.lines)


def person_content(member: Member) -> PersonContent:
    """Everything by kind; a query a kind."""
    made = (
        ("名册", _roster(member), ""),
        ("转接记录", _transfers(member), ""),
        ("公开承诺", _commitments(member), "只列个人的承诺，党组织的承诺不是个人资料。"),
        ("评议会出席", _attendances(member), "只记到会，不记谁投了票。"),
        (KeptKind.SELF_APPRAISAL.label, _self_appraisals(member), "附件在评议点的“党员自评”页下载。"),
        ("领导点评", _comments(member), ""),
        ("作为评议对象", _targets(member), "票数和率在评议结果里，是参评人员的票，不在这里重复。"),
        ("综合定格的等次", _grades(member), ""),
        ("上级评价", _marks(member), "各项等次在“上级评价”页。"),
        ("结果运用", _consequences(member), ""),
        ("整改台账", _problems(member), ""),
        ("个人资料办理记录", _deeds(member), ""),
    )
    sections = tuple(PersonSection(title, tuple(lines), note) for title, lines, note in made)
    return PersonContent(member.name, member.organization.name, sections)


def ballots_about(member: Member):
    """The sections of ballots that are about the person."""
    return Target.objects.filter(member=member).select_related("poll__campaign", "poll__organization")


def _where(poll: Poll) -> str:
    return f"{poll.campaign}·{poll.unit_name}"


def _joined(*parts: str) -> str:
    """Parts in one line; a sentence among them loses its full stop."""
    return "，".join(part.rstrip("。") for part in parts if part)


def _roster(member: Member) -> Iterator[str]:
    yield f"姓名：{member.name}"
    yield f"所在党组织：{member.organization.name}"
    yield f"党员状态：{member.get_status_display()}"
    yield f"职务：{member.get_post_display()}"
    yield "在册" if member.is_active else "已移出名册"


def _transfers(member: Member) -> Iterable[str]:
    return (f"{date_text(row.on)}由{row.before}转到{row.after}" for row in member.transfers.order_by("pk"))


def _commitments(member: Member) -> Iterable[str]:
    for row in member.commitments.order_by("pk"):
        due = f"时限{date_text(row.due_on)}" if row.due_on else ""
        yield _joined(row.content, due, row.get_status_display(), row.note)


def _attendances(member: Member) -> Iterable[str]:
    rows = Attendance.objects.filter(member=member).select_related("minutes__poll__campaign").order_by("pk")
    for row in rows.select_related("minutes__poll__organization"):
        stood = "出席" if row.is_present else f"缺席（{row.absence_reason}）"
        yield f"{_where(row.minutes.poll)}：{stood}"


def _self_appraisals(member: Member) -> Iterable[str]:
    rows = SelfAppraisal.objects.filter(member=member).select_related("poll__campaign", "poll__organization")
    for row in rows.order_by("pk"):
        file = f"附件一份（{row.get_kind_display()}）" if row.file_name else ""
        day = date_text(timezone.localdate(row.recorded_at))
        yield f"{_where(row.poll)}，{day}：{_joined(row.text, file)}"


def _comments(member: Member) -> Iterable[str]:
    for row in LeaderComment.objects.filter(member=member).select_related("campaign").order_by("pk"):
        words = _joined(*(str(text) for text in row.points.values() if text), row.content)
        follow_up = f"整改落实：{row.follow_up}" if row.follow_up else ""
        told = _joined(f"{row.leader}{date_text(row.commented_on)}{row.get_mode_display()}", words, follow_up)
        yield f"{row.campaign}：{told}"


def _targets(member: Member) -> Iterable[str]:
    for row in ballots_about(member).order_by("poll__campaign_id", "pk"):
        yield f"{_where(row.poll)}：票上写作“{row.name}”，评议点{row.poll.get_state_display()}"


def _grades(member: Member) -> Iterable[str]:
    rows = MemberGrade.objects.filter(target__member=member).select_related("grading", "target__poll__campaign")
    for row in rows.select_related("target__poll__organization").order_by("pk"):
        decided = _joined(f"{date_text(row.grading.held_on)}评定为{row.get_value_display()}", row.reason)
        yield f"{_where(row.target.poll)}：{decided}"


def _marks(member: Member) -> Iterable[str]:
    rows = SuperiorMark.objects.filter(target__member=member).select_related("target__poll__campaign")
    for row in rows.select_related("target__poll__organization").order_by("pk"):
        yield f"{_where(row.target.poll)}：{row.marked_by}于{date_text(row.marked_on)}评价"


def _consequences(member: Member) -> Iterable[str]:
    rows = Consequence.objects.filter(finding__target__member=member).order_by("pk")
    for row in rows:
        revoked = f"{date_text(row.revoked_on)}撤销" if row.is_revoked else ""
        decided = f"{row.authority}{date_text(row.decided_on)}决定"
        yield _joined(row.get_kind_display(), row.content, decided, revoked)


def ledger_about(member: Member):
    """The problems of the ledger that came from the person's promises or results."""
    return Problem.objects.filter(commitment__member=member) | Problem.objects.filter(target__member=member)


def _problems(member: Member) -> Iterable[str]:
    for row in ledger_about(member).distinct().order_by("pk"):
        yield _joined(row.content, row.get_state_display())


def _deeds(member: Member) -> Iterable[str]:
    for row in PersonDeed.objects.filter(member=member).order_by("pk"):
        day = date_text(timezone.localdate(row.done_at))
        yield _joined(f"{day}{row.get_kind_display()}", row.detail, f"事由：{row.reason}", f"办理人：{row.who}")
