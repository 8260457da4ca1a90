"""Deeds of a branch's secretary about grades: recording what the meeting decided, and putting a 不合格 into the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from campaigns.models import Poll, Target
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..ledger.actions import MAX_CONTENT, record, register_problem
from ..models import Grading, MemberGrade, Problem
from ..wording import date_text


class GradedMeanwhile(Exception):
    """Somebody recorded another decision after the form was opened; the message is for the user."""


@dataclass(frozen=True)
class Decision:
    """The grade that a meeting decided for one target."""

    target_id: int
    value: str
    is_unlike_votes: bool
    reason: str


def record_grading(poll: Poll, meeting: Mapping[str, Any], decisions: Iterable[Decision], *, seen: int, by) -> Grading:
    """Write a meeting's decision behind the one that its form showed as number `seen` (0: none).

    `meeting` are columns of Grading. Raises StateError before the seal, GradedMeanwhile where `seen` is not the last.
    """
    if poll.state != Poll.State.SEALED:
        raise StateError("评议点尚未封存，封存以后才能综合定格。", way=way_to("封存", "ballots:poll_detail", poll.pk))
    with transaction.atomic():
        # Of two who record at once the second sees what the first has written.
        Poll.objects.select_for_update().get(pk=poll.pk)
        if poll.gradings.filter(number__gt=seen).exists():
            raise GradedMeanwhile("您打开本页以后，别人登记过等次。请核对现在的等次，确需变更的再登记一次。")
        grading = Grading.objects.create(poll=poll, number=seen + 1, recorded_by=by, **meeting)
        grades = [MemberGrade(grading=grading, **asdict(decision)) for decision in decisions]
        MemberGrade.objects.bulk_create(grades)
        _tell_ledger(grading, grades, by=by)
    return grading


def _tell_ledger(grading: Grading, grades: Iterable[MemberGrade], *, by) -> None:
    """The history of a problem that was made of a 不合格 says what the grade was changed to."""
    before = MemberGrade.objects.filter(grading__poll=grading.poll_id, grading__number=grading.number - 1)
    known = dict(before.values_list("target", "value"))
    changed = {grade.target_id: grade for grade in grades if known.get(grade.target_id) not in (None, grade.value)}
    for target_id, grade in changed.items():
        for problem in Problem.objects.select_for_update(of=["self"]).filter(member_grade__target=target_id):
            record(problem, f"等次改为“{grade.get_value_display()}”：{grading.change_reason}", by=by)


def register_unqualified(target: Target, *, by) -> Problem:
    """The problem of a member whose standing grade is 不合格; asked twice, the same one. Raises StateError for any other."""
    poll = target.poll
    with transaction.atomic():
        # Of two who ask at once the second sees what the first has written.
        Target.objects.select_for_update().get(pk=target.pk)
        known = Problem.objects.filter(member_grade__target=target).order_by("pk").last()
        if known:
            return known
        grade = MemberGrade.objects.filter(
            grading__in=Grading.objects.standing().filter(poll=poll), target=target, value="unqualified"
        ).first()
        if grade is None:
            raise StateError("评定为不合格的才转入整改台账。", way=way_to("综合定格", "reports:poll_grading", poll.pk))
        reason = f"：{grade.reason}" if grade.reason else ""
        content = f"民主评议党员，{target.name}于{date_text(grade.grading.held_on)}被评定为不合格{reason}"
        return register_problem(
            poll.organization,
            by=by,
            content=content if len(content) <= MAX_CONTENT else f"{content[: MAX_CONTENT - 1]}…",
            source=Problem.Source.TASK,
            campaign=poll.campaign,
            target=target,
            subject=target.name,
            member_grade=grade,
        )
