"""Announcements of many polls by one pattern: the same results, days and office, each about its own unit."""

from dataclasses import asdict, dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Value, When

from campaigns.actions.in_turn import SECONDS_AT_ONCE, TurnOutcome, do_in_turn
from campaigns.models import Campaign, Poll, PollQuerySet, Questionnaire, TargetKind
from campaigns.models.states import StateError
from campaigns.polls_for_deed import beginning_at, keys_by, mark_of, polls_in_turn

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
    """The polls at and below a unit by what announcing their results needs: their keys in the order of the tree."""

    ready: list[int] = field(default_factory=list)
    # An announcement of the whole poll is there that was not withdrawn.
    announced: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """A short text that is another where the results of other polls would be announced."""
        return mark_of(self.ready)


def questionnaires_to_announce(campaign: Campaign) -> list[tuple[Questionnaire, bool]]:
    """The questionnaires that have results, each with whether it is about persons."""
    asked = campaign.questionnaires.exclude(target_kind=TargetKind.OPEN)
    return [(questionnaire, questionnaire.target_kind in TargetKind.persons()) for questionnaire in asked]


def plan_announcing(scope: Scope, polls: PollQuerySet | None = None) -> AnnouncingPlan:
    """Sort the polls of a unit's part of a campaign, or some of them, in one query; nothing computes a result."""
    kind = Case(
        When(Exists(_standing().filter(poll=OuterRef("pk"))), state=Poll.State.SEALED, then=Value("announced")),
        When(state=Poll.State.SEALED, then=Value("ready")),
        default=Value("waiting"),
    )
    return AnnouncingPlan(**keys_by(scope.planned if polls is None else polls, kind))


def announce_planned(
    plan: AnnouncingPlan, pattern: NoticePattern, *, by, today: date, is_published: bool, begin: str = ""
) -> TurnOutcome[int]:
    """Make a draft for each poll that is ready, and publish it where that is asked; a refused one leaves no draft.

    After so many seconds no more is begun; whatever is left waits for the next press, which `begin` lets begin there.
    """
    return do_in_turn(
        beginning_at(plan.ready, begin),
        lambda key: _announce(key, pattern, by=by, today=today, is_published=is_published),
        refusals=(StateError,),
        seconds=SECONDS_AT_ONCE,
    )


def _standing():
    """Announcements about a whole poll, drafts too, that nobody took down."""
    return Announcement.objects.filter(poll__isnull=False, target=None, withdrawn_at=None)


def _announce(key: int, pattern: NoticePattern, *, by, today: date, is_published: bool) -> None:
    with transaction.atomic():
        # Of two presses at the same time the second finds the first one's draft.
        poll = polls_in_turn([key]).select_for_update(of=["self"]).get()
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
