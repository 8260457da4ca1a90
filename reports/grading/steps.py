"""How far one unit has come with each step of the appraisal of its members; of votes only the poll's state is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from campaigns.models import CampaignStep, Poll

from ..models import Grading, LeaderComment
from ..self_appraisals.content import MemberLine, self_appraisals_of
from ..wording import date_text
from ..work_reports.actions import STEP
from ..work_reports.content import handed_in_day, work_report_of


@dataclass(frozen=True)
class StepProgress:
    """A step with its days; `place` is done, current or ahead, `note` says how far it has come."""

    label: str
    days: str
    place: str
    note: str
    is_late: bool
    # Whether the branch's work report is the paper of the step.
    has_work_report: bool = False


def step_progress(poll: Poll, *, today: date) -> list[StepProgress]:
    """The steps of a poll's campaign in their order; one query where it has none."""
    steps = list(CampaignStep.objects.filter(campaign=poll.campaign_id).order_by("position", "pk"))
    lines = self_appraisals_of(poll) if steps else []
    return [_progress(step, poll, lines, today) for step in steps]


def _progress(step: CampaignStep, poll: Poll, lines: list[MemberLine], today: date) -> StepProgress:
    is_done, note = _NOTES[step.kind](poll, lines) if step.kind in _NOTES else (_is_past(step, today), "")
    has_begun = step.starts_on is None or step.starts_on <= today
    is_late = not is_done and _is_past(step, today)
    place = "done" if is_done else "current" if has_begun and (step.starts_on or note) else "ahead"
    late = "，已过期" if is_late else ""
    return StepProgress(str(step), _days(step), place, note + late, is_late, step.kind == STEP)


def _is_past(step: CampaignStep, today: date) -> bool:
    return step.ends_on is not None and step.ends_on < today


def _days(step: CampaignStep) -> str:
    starts, ends = date_text(step.starts_on), date_text(step.ends_on)
    return f"{starts}至{ends}" if starts and ends else f"{starts}起" if starts else f"{ends}止" if ends else "日期未定"


def _self(poll: Poll, lines: list[MemberLine]) -> tuple[bool, str]:
    done = sum(line.entry is not None for line in lines)
    return bool(lines) and done == len(lines), f"{done}/{len(lines)}名已交自评"


def _votes(poll: Poll, lines: list[MemberLine]) -> tuple[bool, str]:
    return poll.closed_at is not None, f"评议点{poll.get_state_display()}"


def _votes_and_report(poll: Poll, lines: list[MemberLine]) -> tuple[bool, str]:
    """The votes, and the branch's work report that comes of them (seed S2)."""
    is_closed, note = _votes(poll, lines)
    report = work_report_of(poll)
    handed_in = f"支部工作报告{handed_in_day(report)}已交" if report else "支部工作报告未交"
    return is_closed and report is not None, f"{note}，{handed_in}"


def _comments(poll: Poll, lines: list[MemberLine]) -> tuple[bool, str]:
    comments = LeaderComment.objects.filter(campaign=poll.campaign_id, member__in=[line.member_id for line in lines])
    done = comments.order_by().values("member").distinct().count()
    return bool(lines) and done == len(lines), f"已点评{done}/{len(lines)}名"


def _grades(poll: Poll, lines: list[MemberLine]) -> tuple[bool, str]:
    grading = Grading.objects.standing().filter(poll=poll).first()
    return grading is not None, f"{date_text(grading.held_on)}会议评定" if grading else "尚未评定"


_NOTES: dict[str, Callable[[Poll, list[MemberLine]], tuple[bool, str]]] = {
    CampaignStep.Kind.SELF: _self,
    CampaignStep.Kind.MUTUAL: _votes,
    CampaignStep.Kind.MASS: _votes,
    CampaignStep.Kind.VOTES: _votes_and_report,
    CampaignStep.Kind.COMMENT: _comments,
    CampaignStep.Kind.GRADE: _grades,
}
