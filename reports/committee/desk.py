"""The units of a campaign at a glance: how far each has come, what waits there, and whom to call.

Only reads, in a number of queries that does not grow with the units (DESIGN 9).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices

from ballots.counting.sealing import collected_by_batch
from ballots.counting.turnout import STEP, turnout_text
from ballots.models import Batch
from campaigns.models import Campaign, Poll, PollQuerySet
from campaigns.models.place import STEP as PATH_STEP
from campaigns.models.reach import within_paths
from campaigns.units import Unit, names_at

from .. import wording
from ..findings import pending_keys
from ..findings.keys import crossing_keys
from ..models import Problem
from ..models.problem import ProblemQuerySet
from .progress import NOT_BEGUN, Lagging, Progress, lagging_polls, with_reasons

NO_BATCH, NO_CODE = "还没有票批", "还没有选票码"
# So many late polls are looked for by their paths.
MOST_BY_PATH = 200


class Waiting(TextChoices):
    """Conditions that units are looked for by."""

    LATE = "late", "进度滞后"
    NOT_BEGUN = "not_begun", "未开启"
    WITHOUT_CODES = "without_codes", "正在评议，还没有票批或选票码"
    FEW = "few", f"正在评议，收票不足{STEP}票"
    OPEN = "open", "正在评议"
    CLOSED = "closed", "待清点封存"
    SEALED = "sealed", "已封存"
    PENDING = "pending", "有结果待认定"
    OVERDUE = "overdue", "台账有逾期"


# Read by those alone who keep or watch the ledger of the unit.
OF_FOLLOW_UP = (Waiting.PENDING, Waiting.OVERDUE)


@dataclass(frozen=True)
class DeskRow:
    """A unit's poll on the desk; the step is empty where ballots are no more, or not yet, coming in."""

    poll: Poll
    depth: int
    step: str
    reason: str
    contacts: tuple[str, ...]
    pending: int
    unfinished: int
    overdue: int


@dataclass(frozen=True)
class Desk:
    """The polls at and below a unit, and the questions that a page asks of them: each is put to the database, for the polls
    of that page alone or as a number.
    """

    campaign: Campaign
    unit: Unit
    polls: PollQuerySet
    progress: Progress
    today: date
    # By poll the findings that wait; None for readers who see no findings and no ledger.
    pending: Counter[int] | None

    @property
    def has_follow_up(self) -> bool:
        return self.pending is not None

    @property
    def late(self) -> QuerySet[Poll, Any]:
        """The keys of the polls that should have come further, as a part of a query."""
        return lagging_polls(self.polls, today=self.today).order_by().values("pk")

    def late_among(self, polls: QuerySet[Poll, Any]) -> QuerySet[Poll, Any]:
        """The late ones of some of the polls. A few are named by their paths: the database would look for them through all."""
        few = list(self.late.values_list("path", flat=True)[: MOST_BY_PATH + 1])
        return polls.filter(path__in=few) if len(few) <= MOST_BY_PATH else polls.filter(pk__in=self.late)

    def matching(self, waiting: str) -> QuerySet[Poll, Any]:
        """The polls of which something holds; all of them for the empty word."""
        if waiting == Waiting.LATE:
            return lagging_polls(self.polls, today=self.today)
        return self.polls.filter(self._condition(waiting)) if waiting else self.polls

    def _condition(self, waiting: str) -> Q:
        if waiting == Waiting.FEW:
            few = [key for key, step in _steps(self.polls).items() if step == turnout_text(0)]
            return Q(pk__in=few)
        conditions: dict[str, Q] = {
            Waiting.NOT_BEGUN: Q(state__in=NOT_BEGUN),
            Waiting.WITHOUT_CODES: Q(~Exists(_batches_with_rights()), state=Poll.State.OPEN),
            Waiting.PENDING: Q(pk__in=list(self.pending or ())),
            Waiting.OVERDUE: Q(organization__in=self._problems.overdue(self.today).order_by().values("organization")),
        }
        return conditions.get(Waiting(waiting), Q(state=waiting))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Conditions that this reader may look for."""
        return [choice for choice in Waiting.choices if self.has_follow_up or choice[0] not in OF_FOLLOW_UP]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Conditions that need a person today: key, name and number of units, those without any left out."""
        wanted = (Waiting.LATE, Waiting.WITHOUT_CODES, Waiting.CLOSED, *(OF_FOLLOW_UP if self.has_follow_up else ()))
        counted = [(waiting, self.matching(waiting).order_by().count()) for waiting in wanted]
        return [(waiting.value, waiting.label, count) for waiting, count in counted if count]

    def rows(self, polls: Iterable[Poll]) -> list[DeskRow]:
        """Polls with what is known of each, in a constant number of queries."""
        polls = list(polls)
        some = self.polls.filter(pk__in=[poll.pk for poll in polls])
        steps, late = _steps(some), set(self.late.filter(pk__in=some.values("pk")).values_list("pk", flat=True))
        problems = self._problems.filter(organization__in=[poll.organization_id for poll in polls])
        unfinished, overdue = (
            (_by_organization(problems), _by_organization(problems.overdue(self.today)))
            if self.has_follow_up
            else (Counter(), Counter())
        )
        return [
            DeskRow(
                poll=laggard.poll,
                depth=(len(laggard.poll.path) - len(self.unit.path)) // PATH_STEP,
                step=steps.get(laggard.poll.pk, ""),
                reason=laggard.reason if laggard.poll.pk in late else "",
                contacts=laggard.contacts,
                pending=(self.pending or Counter())[laggard.poll.pk],
                unfinished=unfinished[laggard.poll.organization_id],
                overdue=overdue[laggard.poll.organization_id],
            )
            for laggard in with_reasons(polls, today=self.today)
        ]

    @property
    def _problems(self) -> ProblemQuerySet:
        """The unfinished problems of the campaign at and below the unit."""
        return Problem.objects.within([self.unit.path]).unfinished().filter(campaign=self.campaign)


def _batches_with_rights():
    """The batches of the poll of an outer query that let anybody vote."""
    batches = Batch.objects.counting().filter(poll=OuterRef("pk"))
    return batches.filter(Q(method=Batch.Method.ENTERED) | Q(printed_count__gt=0))


def desk_of(campaign: Campaign, unit: Unit, progress: Progress, *, today: date, with_follow_up: bool) -> Desk:
    """The desk of a unit, its own poll among the polls; `progress` is that of all of them."""
    polls = campaign.polls.filter(within_paths([unit.path]))
    pending = Counter(key.poll_id for key in pending_keys(crossing_keys([campaign], polls))) if with_follow_up else None
    return Desk(campaign=campaign, unit=unit, polls=polls, progress=progress, today=today, pending=pending)


def parts_below(campaign: Campaign, unit: Unit) -> list[tuple[str, str]]:
    """Path and name of the units right below one that have polls at or below them."""
    names = names_at(campaign, unit, len(unit.path) + PATH_STEP)
    return sorted((path, name) for path, name in names.items() if len(path) == len(unit.path) + PATH_STEP)


def _steps(polls: PollQuerySet) -> dict[int, str]:
    """By poll that takes ballots: the turnout in steps, or what it lacks."""
    taking = polls.filter(state=Poll.State.OPEN)
    batches = defaultdict(list)
    for batch in Batch.objects.counting().filter(poll__in=taking).order_by("pk"):
        batches[batch.poll_id].append(batch)
    collected = collected_by_batch(batch for of_poll in batches.values() for batch in of_poll)
    return {key: _step(batches[key], collected) for key in taking.order_by().values_list("pk", flat=True)}


def _step(batches: list[Batch], collected: dict[int, int]) -> str:
    if not batches:
        return NO_BATCH
    if not any(batch.is_paper or batch.printed_count for batch in batches):
        return NO_CODE
    return turnout_text(sum(collected[batch.pk] for batch in batches))


def _by_organization(problems) -> Counter[int]:
    return Counter(dict(problems.order_by().values_list("organization").annotate(Count("pk"))))


def reminder_text(campaign: Campaign, late: Iterable[DeskRow], *, today: date) -> str:
    """A text for the late units, to be copied into a message: what each has to do, and who is asked."""
    lines = [f"【催办】{campaign.title}：截至{wording.date_text(today)}，请下列单位抓紧办理。"]
    for number, laggard in enumerate(late, start=1):
        contacts = f"联系：{'、'.join(laggard.contacts)}。" if laggard.contacts else ""
        lines.append(f"{number}. {late_line(laggard)}{contacts}")
    return "\n".join(lines)


def late_line(laggard: DeskRow | Lagging) -> str:
    """A unit and since when it waits for what."""
    return f"{laggard.poll.unit_name}：{laggard.reason}。"
