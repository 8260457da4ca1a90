"""Filing the 小结 of many polls at once: those that somebody has worded, each as if it were filed alone."""

from dataclasses import dataclass, field
from datetime import date

from campaigns.actions.in_turn import SECONDS_AT_ONCE, TurnOutcome, do_in_turn
from campaigns.models import Poll
from campaigns.models.states import StateError

from ..models import Summary, SummaryVersion
from ..scope import Scope
from ..summary.actions import Outdated
from .filing import CannotFile, file_summary

SAVED_MEANWHILE = "打开本页以后有人保存了新的一稿，请看过再定稿。"


@dataclass
class FilingPlan:
    """The polls at and below a unit by what filing their 小结 needs."""

    # Worded by somebody; for standard wording alone it is asked.
    worded: list[Poll] = field(default_factory=list)
    unworded: list[Poll] = field(default_factory=list)
    # The last version is a final copy already.
    filed: list[Poll] = field(default_factory=list)
    # Not sealed, so that there are no figures.
    waiting: list[Poll] = field(default_factory=list)
    # The number of each poll's last version.
    seen: dict[int, int] = field(default_factory=dict)


def plan_filing(scope: Scope) -> FilingPlan:
    """Sort the polls of a unit's part of a campaign; three queries, none of which computes a result."""
    versions = SummaryVersion.objects.filter(summary__poll__in=scope.planned).order_by("number")
    latest = {
        poll: (number, is_final)
        for poll, number, is_final in versions.values_list("summary__poll", "number", "is_final")
    }
    worded = set(Summary.objects.filter(poll__in=scope.planned).exclude(texts={}).values_list("poll", flat=True))
    plan = FilingPlan(seen={poll: number for poll, (number, _) in latest.items()})
    for poll in scope.planned.select_related("campaign", "organization").order_by("path"):
        if poll.state != Poll.State.SEALED:
            plan.waiting.append(poll)
        elif poll.pk in latest and latest[poll.pk][1]:
            plan.filed.append(poll)
        else:
            (plan.worded if poll.pk in latest or poll.pk in worded else plan.unworded).append(poll)
    return plan


def file_planned(plan: FilingPlan, *, by, today: date, with_unworded: bool) -> TurnOutcome[Poll]:
    """File the final copies that the plan says; whoever saved one meanwhile is not passed over."""

    def file_one(poll: Poll) -> None:
        try:
            file_summary(Scope.of_poll(poll), by=by, today=today, seen=plan.seen.get(poll.pk, 0))
        except Outdated as refusal:
            raise StateError(SAVED_MEANWHILE) from refusal

    polls = plan.worded + (plan.unworded if with_unworded else [])
    return do_in_turn(polls, file_one, refusals=(CannotFile, StateError), seconds=SECONDS_AT_ONCE)
