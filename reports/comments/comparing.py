"""Sets a workbook of leaders' comments against those recorded: what is new, changed, unchanged, and what cannot be written."""

from collections import defaultdict
from datetime import date

from django.utils import timezone

from campaigns.models import Campaign, Member, Organization
from campaigns.plain_text import clean_name, name_key
from campaigns.roster.comparing import (
    CHANGED,
    NEW,
    UNCHANGED,
    Change,
    Entry,
    RosterComparison,
    assign_changes,
    given_cells,
)
from campaigns.roster.reading import CellError, Reading, RosterRow
from campaigns.roster.tree import RosterUnit, Tree, Unplaced

from ..models import LeaderComment
from ..permissions import can_record_comments
from .layout import COMMENTS, POINTS
from .points import points_for, points_of

# Columns that a later workbook may fill in or change: field → heading.
HEADINGS = {
    "leader_post": "领导职务",
    "mode": "方式",
    "content": "内容",
    "follow_up": "整改落实情况",
    "followed_up_on": "落实日期",
}
# Organization, member, leader and day.
Key = tuple[int, int | None, str, date]


def compare_comments(reading: Reading, campaign: Campaign, user) -> RosterComparison:
    """Compare for a user, who sees nothing but their own units and the comments on them."""
    return _Comparing(reading, campaign, user).run()


class _Refused(ValueError):
    """A row that cannot be written: the heading of the cell, and the reason."""

    def __init__(self, heading: str, message: str):
        super().__init__(message)
        self.heading = heading


class _Comparing:
    def __init__(self, reading: Reading, campaign: Campaign, user):
        self.rows = reading.rows[COMMENTS.name]
        self.campaign, self.user, self.today = campaign, user, timezone.localdate()
        self.result = RosterComparison(errors=list(reading.errors))
        self.tree = Tree(user, [])
        self.members: dict[tuple[int, str], Member] = {}
        self.recorded: dict[Key, list[LeaderComment]] = defaultdict(list)
        self._seen: dict[Key, int] = {}

    def run(self) -> RosterComparison:
        placed = [(row, unit) for row in self.rows if (unit := self._trying(row, self._unit))]
        self._load([unit.organization for _, unit in placed])
        for row, unit in placed:
            # A cell that could not be read has been told, and its row is not looked at further.
            if not row.bad:
                self._trying(row, self._comment, unit)
        self.result.errors.sort(key=lambda error: error.row or 0)
        return self.result

    def _trying(self, row: RosterRow, step, *more):
        """The outcome of a step with a row; None where it was refused, which has been told."""
        try:
            return step(row, *more)
        except _Refused as refusal:
            error = CellError(row.sheet, row.number, refusal.heading, row[refusal.heading][:60], str(refusal))
            self.result.errors.append(error)
            return None

    def _unit(self, row: RosterRow) -> RosterUnit | None:
        if "单位" in row.bad:
            return None
        try:
            unit = self.tree.find(row["单位"])
        except Unplaced as error:
            raise _Refused("单位", str(error)) from error
        if not self.campaign.organizer.contains(unit.organization):
            raise _Refused("单位", f"“{unit.full_name}”不在本次活动的组织单位“{self.campaign.organizer}”之下。")
        if not can_record_comments(self.user, unit.organization):
            raise _Refused("单位", f"您没有登记对“{unit.full_name}”的点评的权限。")
        return unit

    def _load(self, organizations: list[Organization]) -> None:
        for member in Member.objects.active().filter(organization__in=organizations).order_by("pk"):
            self.members.setdefault((member.organization_id, _name(member.name)), member)
        recorded = LeaderComment.objects.filter(campaign=self.campaign, organization__in=organizations)
        for comment in recorded.select_related("member").order_by("pk"):
            self.recorded[_key(comment)].append(comment)

    def _comment(self, row: RosterRow, unit: RosterUnit) -> None:
        comment = LeaderComment(
            campaign=self.campaign,
            organization=unit.organization,
            member=self._member(row, unit),
            leader=row["点评人"],
            commented_on=date.fromisoformat(row["日期"]),
            recorded_by=self.user,
        )
        if comment.commented_on > self.today:
            raise _Refused("日期", f"点评日期不能晚于今天（{self.today}）。")
        key = _key(comment)
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            raise _Refused("姓名", f"与第{first}行重复；同一位领导同一天对同一对象的点评写在一行。")
        recorded = self.recorded.get(key, [])
        if len(recorded) > 1:
            raise _Refused("姓名", f"系统里这一天已有{len(recorded)}条这样的点评，分不清是哪一条；请在网页上修改。")
        comment = recorded[0] if recorded else comment
        changes = (*self._fill(comment, row), *self._fill_points(comment, row))
        self._check(comment)
        state = NEW if comment.pk is None else CHANGED if changes else UNCHANGED
        label = f"{comment.leader}点评{comment.subject}（{comment.commented_on}）"
        shown = changes if state == CHANGED else ()
        self.result.entries.append(Entry(row.sheet, row.number, label, unit.full_name, state, shown, comment))

    def _member(self, row: RosterRow, unit: RosterUnit) -> Member | None:
        if not row["姓名"]:
            return None
        member = self.members.get((unit.organization.pk, _name(row["姓名"])))
        if member is None:
            raise _Refused("姓名", f"“{unit.full_name}”的名册上没有这名党员；请与名册核对，点评党组织的留空。")
        return member

    def _fill(self, comment: LeaderComment, row: RosterRow) -> tuple[Change, ...]:
        values = given_cells({name: row[heading] for name, heading in HEADINGS.items()})
        if "followed_up_on" in values:
            values["followed_up_on"] = date.fromisoformat(values["followed_up_on"])
        return assign_changes(comment, values, HEADINGS, {})

    def _fill_points(self, comment: LeaderComment, row: RosterRow) -> tuple[Change, ...]:
        post = comment.member.post if comment.member else None
        asked = points_of(comment.points, post=post) if comment.points else points_for(post)
        keys = {point.text: point.key for point in asked}
        changes = []
        for heading in (heading for heading in POINTS if row[heading]):
            if heading not in keys:
                raise _Refused(heading, f"点评“{comment.subject}”没有这一项要点；可以写进“内容”。")
            old = comment.points.get(keys[heading], "")
            if old != row[heading]:
                changes.append(Change(heading, old or "（空）", row[heading]))
                comment.points = {**comment.points, keys[heading]: row[heading]}
        return tuple(changes)

    def _check(self, comment: LeaderComment) -> None:
        """The same that the constraints and the form say of a comment as it will be."""
        day = comment.followed_up_on
        if not comment.content and not comment.points:
            raise _Refused("内容", "不能为空：请填写内容，或者至少一项点评要点。")
        if day and not comment.follow_up:
            raise _Refused("落实日期", "填写了落实日期的，请同时写明整改落实情况。")
        if day and not comment.commented_on <= day <= self.today:
            raise _Refused("落实日期", f"落实日期要在点评日期（{comment.commented_on}）到今天（{self.today}）之间。")


def _key(comment: LeaderComment) -> Key:
    return comment.organization_id, comment.member_id, _name(comment.leader), comment.commented_on


def _name(name: str) -> str:
    """The same for all spellings of a person's name."""
    return name_key(clean_name(name))
