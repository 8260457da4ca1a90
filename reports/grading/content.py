"""The decisions on members' grades as pages and files print them, and the votes beside which they stand."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from campaigns.models import Poll
from campaigns.people import name_of

from .. import wording
from ..models import Grading, MemberGrade
from ..results.poll import PollResults, TargetResults, member_labels
from ..wording import Day


@dataclass(frozen=True)
class GradedMember:
    """A member with the grade that was decided; `voted` are the grades with most votes where they differ from it."""

    target_id: int
    name: str
    grade: str
    is_unlike_votes: bool
    reason: str


@dataclass(frozen=True)
class GradingContent:
    """A branch's decision on its members' grades."""

    number: int
    held_on: Day
    host: str
    present: int
    members: int
    attended: int
    graded: tuple[GradedMember, ...]
    excellent_reason: str
    change_reason: str
    recorded_by: str
    recorded_on: Day

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many members got each grade, from the best to the worst."""
        counted = Counter(member.grade for member in self.graded)
        return tuple((label, counted[label]) for label in member_labels())

    @property
    def excellent(self) -> int:
        return self.counts[0][1]

    @property
    def sentence(self) -> str:
        """「应参加评议党员12名，实际参加12名，合格12名。」 (C5)."""
        return wording.graded_sentence(self.members, self.attended, self.counts)

    @property
    def meeting(self) -> str:
        """When, by whom and before how many it was decided."""
        return f"{self.held_on}会议评定，主持人{self.host}，到会党员{self.present}名"

    @property
    def unlike_votes(self) -> tuple[GradedMember, ...]:
        """The members whose grade is another than the one with most votes."""
        return tuple(member for member in self.graded if member.is_unlike_votes)

    def of(self, target_id: int) -> GradedMember | None:
        return next((member for member in self.graded if member.target_id == target_id), None)

    def grade_of(self, target_id: int) -> str:
        """The grade of one target; empty where none was decided."""
        member = self.of(target_id)
        return member.grade if member else ""


def gradings_of(all_results: Iterable[PollResults]) -> dict[int, GradingContent]:
    """The standing decision of each poll whose members are graded one by one; two queries, or none without such a poll."""
    keys = [results.poll.pk for results in all_results if results.graded]
    if not keys:
        return {}
    campaigns = {results.poll.campaign_id for results in all_results}
    rows = _with_grades(Grading.objects.standing().filter(poll__campaign__in=campaigns))
    return {row.poll_id: _content(row) for row in rows if row.poll_id in set(keys)}


def history_of(poll: Poll) -> list[GradingContent]:
    """All decisions of a poll, the standing one first."""
    return [_content(row) for row in _with_grades(poll.gradings.order_by("-number"))]


def _with_grades(rows):
    # Joined: SQLite looks up no more than 1,000 targets by their keys.
    grades = MemberGrade.objects.select_related("target")
    return rows.select_related("recorded_by").prefetch_related(Prefetch("grades", grades))


def _content(row: Grading) -> GradingContent:
    return GradingContent(
        number=row.number,
        held_on=Day(row.held_on),
        host=row.host,
        present=row.present_count,
        members=row.member_count,
        attended=row.attended_count,
        graded=tuple(map(_member, row.grades.all())),
        excellent_reason=row.excellent_reason,
        change_reason=row.change_reason,
        recorded_by=name_of(row.recorded_by),
        recorded_on=Day(timezone.localdate(row.recorded_at)),
    )


def _member(row: MemberGrade) -> GradedMember:
    return GradedMember(row.target_id, row.target.name, row.get_value_display(), row.is_unlike_votes, row.reason)


def most_marked(results: TargetResults) -> tuple[str, ...]:
    """The grades with most votes about a member: several where they have as many, none where nobody chose one.

    The votes are those of the 总体评价, or of all lines where none was asked.
    """
    sums = [sum(votes) for votes in zip(*(line.total.cell.grades for line in results.judged), strict=True)]
    most = max(sums, default=0)
    return tuple(label for label, votes in zip(results.labels, sums, strict=True) if votes == most) if most else ()
