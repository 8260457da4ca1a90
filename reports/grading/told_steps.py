"""The steps of the appraisal of members in the words of a 小结: the days that were set, and what somebody recorded (seed S2).

Of a step for which neither is there nothing is said; the days are those of a plan, and no record that anything was done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from campaigns.models import CampaignStep

from ..models import Grading, SelfAppraisal, WorkReport
from ..scope import Scope
from ..self_appraisals.content import self_appraisals_of
from ..wording import date_text
from ..work_reports.content import work_report_sentence
from .content import history_of

Kind = CampaignStep.Kind
# The steps in which ballots come in, the last of a campaign's tells how many.
VOTED = (Kind.MUTUAL, Kind.MASS, Kind.VOTES)


@dataclass(frozen=True)
class Records:
    """A scope with what is known of it: the members who were commented on, whether any ballot came in, the kinds of its steps."""

    scope: Scope
    commented: int
    has_ballots: bool
    kinds: tuple[str, ...]


def steps_paragraph(scope: Scope, *, commented: int, has_ballots: bool) -> str:
    """A sentence for each step of which there is something to say; empty for a campaign without steps."""
    steps = list(scope.campaign.steps.all())
    records = Records(scope, commented, has_ballots, tuple(step.kind for step in steps))
    told = ((step, [*_planned(step), *_recorded(step.kind, records)]) for step in steps)
    return "".join(f"{step}：{'，'.join(facts)}。" for step, facts in told if facts)


def _planned(step: CampaignStep) -> Iterable[str]:
    """「安排在2026年6月1日至2026年6月5日」."""
    starts, ends = date_text(step.starts_on), date_text(step.ends_on)
    if starts and ends:
        yield f"安排在{starts}" + (f"至{ends}" if ends != starts else "")
    elif starts or ends:
        yield f"安排自{starts}起" if starts else f"安排到{ends}止"


def _recorded(kind: str, records: Records) -> Iterable[str]:
    return _RECORDED[kind](records) if kind in _RECORDED else ()


def _self(records: Records) -> Iterable[str]:
    """The members whose self-appraisals are there: of one poll with how many there are."""
    if records.scope.poll:
        lines = self_appraisals_of(records.scope.poll)
        done, among = sum(line.entry is not None for line in lines), f"{len(lines)}名党员中"
    else:
        rows = SelfAppraisal.objects.filter(poll__in=records.scope.polls).order_by()
        done, among = rows.values("poll", "member").distinct().count(), ""
    if done:
        yield f"{among}{done}名{'' if among else '党员'}交了自评"


def _votes(kind: str) -> Callable[[Records], Iterable[str]]:
    def told(records: Records) -> Iterable[str]:
        voted = [step for step in VOTED if step in records.kinds]
        if records.has_ballots and kind == voted[-1]:
            together = "、".join(Kind(step).label for step in voted)
            yield f"{f'{together}共' if len(voted) > 1 else ''}收回评议表{{收回}}份"
        if kind == Kind.VOTES:
            yield from _work_reports(records.scope)

    return told


def _work_reports(scope: Scope) -> Iterable[str]:
    if scope.poll:
        if sentence := work_report_sentence(scope.poll):
            yield sentence.removesuffix("。")
    elif units := WorkReport.objects.filter(poll__in=scope.polls).count():
        yield f"{units}个单位形成了支部工作报告"


def _comments(records: Records) -> Iterable[str]:
    if records.commented:
        yield f"点评党员{records.commented}名"


def _grades(records: Records) -> Iterable[str]:
    """The meeting that decided the members' grades; of several units how many decided."""
    if records.scope.poll:
        yield from (grading.meeting for grading in history_of(records.scope.poll)[:1])
    elif units := Grading.objects.standing().filter(poll__in=records.scope.polls).count():
        yield f"{units}个单位开会评定了党员的等次"


_RECORDED: dict[str, Callable[[Records], Iterable[str]]] = {
    Kind.SELF: _self,
    **{kind: _votes(kind) for kind in VOTED},
    Kind.COMMENT: _comments,
    Kind.GRADE: _grades,
}
