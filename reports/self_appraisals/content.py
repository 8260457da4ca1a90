"""How far self-appraisals have come: each member's last one, and whether their own link is open."""

from dataclasses import dataclass

from django.utils import timezone

from campaigns.appraised import members_of_poll
from campaigns.models import Member, Poll

from ..models import SelfAppraisal
from ..wording import Day
from .links import open_links


@dataclass(frozen=True)
class SelfAppraisalEntry:
    """A member's own words as they stand."""

    text: str
    kind: str
    is_by_member: bool
    number: int
    handed_in_on: Day

    @property
    def has_file(self) -> bool:
        return bool(self.kind)

    @property
    def signed(self) -> str:
        """Who signed for it and when, as the register has it."""
        if self.is_by_member:
            return f"本人于{self.handed_in_on}用本人的链接提交"
        return f"支部于{self.handed_in_on}代为录入，本人签字：＿＿＿＿＿＿"


@dataclass(frozen=True)
class MemberLine:
    """A member of a poll with the self-appraisal, if there is one."""

    member_id: int
    name: str
    status: str
    entry: SelfAppraisalEntry | None
    has_link: bool


def self_appraisals_of(poll: Poll) -> list[MemberLine]:
    """Every member of a poll; three queries."""
    entries = {row.member_id: entry_of(row) for row in SelfAppraisal.objects.filter(poll=poll).order_by("number")}
    linked = set(open_links(poll).order_by().values_list("member", flat=True))
    return [
        MemberLine(member.pk, member.name, member.get_status_display(), entries.get(member.pk), member.pk in linked)
        for member in members_of_poll(poll)
    ]


def self_appraisal_of(poll: Poll, member: Member) -> SelfAppraisalEntry | None:
    """The last self-appraisal of one member."""
    row = SelfAppraisal.objects.filter(poll=poll, member=member).order_by("number").last()
    return entry_of(row) if row else None


def entry_of(row: SelfAppraisal) -> SelfAppraisalEntry:
    return SelfAppraisalEntry(
        row.text, row.kind, row.is_by_member, row.number, Day(timezone.localdate(row.recorded_at))
    )
