"""Filing the 小结 of many polls at once: those that somebody has worded, each as if it were filed alone."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Exists, F, Max, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from campaigns.actions.in_turn import SECONDS_AT_ONCE, TurnOutcome, do_in_turn
from campaigns.models import Poll, PollQuerySet
from campaigns.models.states import StateError
from campaigns.polls_for_deed import beginning_at, keys_by, mark_of, polls_in_turn

from ..models import Summary, SummaryVersion
from ..scope import Scope
from ..summary.actions import Outdated
from .filing import CannotFile, file_summary

SAVED_MEANWHILE = "打开本页以后有人保存了新的一稿，请看过再定稿。"


@dataclass
class FilingPlan:
    """The polls at and below a unit by what filing their 小结 needs: their keys in the order of the tree."""

    # Worded by somebody; for standard wording alone it is asked.
    worded: list[int] = field(default_factory=list)
    unworded: list[int] = field(default_factory=list)
    # The last version is a final copy already.
    filed: list[int] = field(default_factory=list)
    # Not sealed, so that there are no figures.
    waiting: list[int] = field(default_factory=list)
    # The number of each poll's last version, of those that are not filed.
    seen: dict[int, int] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """A short text that is another where the 小结 of other polls would be filed."""
        return mark_of(self.worded, self.unworded)


def plan_filing(scope: Scope, polls: PollQuerySet | None = None, *, is_shown_alone: bool = False) -> FilingPlan:
    """Sort the polls of a unit's part of a campaign, or some of them; two queries, none of which computes a result.

    A plan that is shown alone, and not carried out, does without the numbers of the versions and a query.
    """
    polls = scope.planned if polls is None else polls
    keys = keys_by(polls, _kind())
    return FilingPlan(
        worded=keys["worded"],
        unworded=keys["unworded"],
        filed=keys["filed"],
        waiting=keys["waiting"],
        seen={} if is_shown_alone else _numbers_seen(polls),
    )


def _kind() -> Case:
    """The list of the plan that a poll belongs to."""
    later = SummaryVersion.objects.filter(summary=OuterRef("summary"), number__gt=OuterRef("number"))
    filed = SummaryVersion.objects.final().filter(~Exists(later), summary__poll=OuterRef("pk"))
    versions = SummaryVersion.objects.filter(summary=OuterRef("pk"))
    worded = Summary.objects.filter(~Q(texts={}) | Exists(versions), poll=OuterRef("pk"))
    return Case(
        When(~Q(state=Poll.State.SEALED), then=Value("waiting")),
        When(Exists(filed), then=Value("filed")),
        When(Exists(worded), then=Value("worded")),
        default=Value("unworded"),
    )


def _numbers_seen(polls: PollQuerySet) -> dict[int, int]:
    """The numbers of the last versions, of the polls whose last one is no final copy."""
    by_poll = SummaryVersion.objects.filter(summary__poll__in=polls.sealed().order_by().values("pk")).values(
        "summary__poll"
    )
    latest = by_poll.annotate(latest=Max("number"), final=Coalesce(Max("number", filter=Q(is_final=True)), 0))
    unfiled = latest.filter(latest__gt=F("final")).order_by("summary__poll")
    return dict(unfiled.values_list("summary__poll", "latest"))


def file_planned(plan: FilingPlan, *, by, today: date, with_unworded: bool, begin: str = "") -> TurnOutcome[int]:
    """File the final copies that the plan says; whoever saved one meanwhile is not passed over.

    After so many seconds no more is begun; whatever is left waits for the next press, which `begin` lets begin there.
    """

    def file_one(key: int) -> None:
        try:
            file_summary(Scope.of_poll(polls_in_turn([key]).get()), by=by, today=today, seen=plan.seen.get(key, 0))
        except Outdated as refusal:
            raise StateError(SAVED_MEANWHILE) from refusal

    keys = beginning_at(plan.worded + (plan.unworded if with_unworded else []), begin)
    return do_in_turn(keys, file_one, refusals=(CannotFile, StateError), seconds=SECONDS_AT_ONCE)
