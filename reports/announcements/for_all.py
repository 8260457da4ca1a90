"""Announcements of many polls by one pattern: the same results, days and office, each about its own unit."""

from dataclasses import asdict, dataclass, field
from datetime import date

from django.db import transaction

from campaigns.actions.in_turn import SECONDS_AT_ONCE, TurnOutcome, do_in_turn
from campaigns.models import Campaign, Poll, Questionnaire, TargetKind
from campaigns.models.states import StateError

from ..models import Announcement
from ..results.poll import PollResults
from ..scope import Scope
from . import standard_announcement
from .actions import publish_announcement, results_to_announce


@dataclass(frozen=True)
class NoticePattern:
    """The facts that all the announcements have in common; title and text are each unit's own."""

    questionnaire_keys: tuple[str, ...]
    has_problems: bool
    audience: str
    place: str
    starts_on: date
    ends_on: date
    office: str
    phone: str

    @property
    def shared_facts(self) -> dict:
        return {name: value for name, value in asdict(self).items() if name != "questionnaire_keys"}


@dataclass
class AnnouncingPlan:
    """The polls at and below a unit by what announcing their results needs."""

    ready: list[Poll] = field(default_factory=list)
    # An announcement of the whole poll is there that was not withdrawn.
    announced: list[Poll] = field(default_factory=list)
    waiting: list[Poll] = field(default_factory=list)


def questionnaires_to_announce(campaign: Campaign) -> list[tuple[Questionnaire, bool]]:
    """The questionnaires that have results, each with whether it is about persons."""
    asked = campaign.questionnaires.exclude(target_kind=TargetKind.OPEN)
    return [(questionnaire, questionnaire.target_kind in TargetKind.persons()) for questionnaire in asked]


def plan_announcing(scope: Scope) -> AnnouncingPlan:
    """Sort the polls of a unit's part of a campaign; two queries, none of which computes a result."""
    announced = set(_standing().filter(poll__in=scope.planned).values_list("poll", flat=True))
    plan = AnnouncingPlan()
    for poll in scope.planned.select_related("campaign", "organization").order_by("path"):
        if poll.state != Poll.State.SEALED:
            plan.waiting.append(poll)
        else:
            (plan.announced if poll.pk in announced else plan.ready).append(poll)
    return plan


def announce_planned(
    plan: AnnouncingPlan, pattern: NoticePattern, *, by, today: date, is_published: bool
) -> TurnOutcome[Poll]:
    """Make a draft for each poll that is ready, and publish it where that is asked; a refused one leaves no draft."""
    return do_in_turn(
        plan.ready,
        lambda poll: _announce(poll, pattern, by=by, today=today, is_published=is_published),
        refusals=(StateError,),
        seconds=SECONDS_AT_ONCE,
    )


def _standing():
    """Announcements about a whole poll, drafts too, that nobody took down."""
    return Announcement.objects.filter(poll__isnull=False, target=None, withdrawn_at=None)


def _announce(poll: Poll, pattern: NoticePattern, *, by, today: date, is_published: bool) -> None:
    with transaction.atomic():
        # Of two presses at the same time the second finds the first one's draft.
        Poll.objects.select_for_update(of=["self"]).get(pk=poll.pk)
        if _standing().filter(poll=poll).exists():
            raise StateError("刚刚有人做了公示，没有再做一份。")
        scope = Scope.of_poll(poll)
        results = results_to_announce(scope)
        if results.hidden_reason:
            raise StateError(f"{results.hidden_reason}，不能公示。")
        draft = standard_announcement(scope, results, today=today)
        draft.target_ids = _chosen(results, pattern)
        for name, value in pattern.shared_facts.items():
            setattr(draft, name, value)
        draft.save()
        if is_published:
            publish_announcement(draft, by=by, today=today)


def _chosen(results, pattern: NoticePattern) -> list[int]:
    """The targets of the chosen questionnaires; raises StateError where the ballot had none of them."""
    targets = results.targets if isinstance(results, PollResults) else ()
    chosen = [target.id for target in targets if target.lines and target.questionnaire in pattern.questionnaire_keys]
    if not chosen:
        raise StateError("票上没有所选评议表的结果。")
    return chosen
