"""Composing the ballots and opening the polls: all of a campaign, or those that are ready."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from .. import readiness
from ..ballot_form import BallotForm, FormGrade, FormIndicator, Section
from ..documents.reading import freeze_documents
from ..models import AppraisedDocument, Campaign, Member, Organization, Poll, Target, TargetKind
from ..models.place import ancestor_paths
from ..models.reach import within_paths
from ..models.states import StateError
from .organizations import lock_trees

# The ballots of so many polls are in memory at once.
POLLS_AT_ONCE = 500
# Between the page and the click some unit became ready, or ceased to be.
CHANGED_SINCE = "您看过以后，备好的单位变了，没有开启；请看过现在的名单再确认。"

# The campaign went back to preparation while its polls were being opened.
TAKEN_BACK_SINCE = "评议活动已经退回筹备，没有再开启。"


class NotReady(Exception):
    """A campaign that cannot be opened; `missing` lists what is missing."""

    def __init__(self, missing: list["readiness.Missing"]):
        super().__init__("；".join(item.text for item in missing))
        self.missing = missing


# Members are joined: SQLite looks up no more than 1,000 of them by their keys, and a company has more.
BALLOT_LOOKUPS = (
    Prefetch("targets", Target.objects.select_related("member__organization")),
    "targets__questionnaire__indicators",
    "targets__questionnaire__scale__grades",
    "targets__document",
)


def compose_form(poll: Poll) -> BallotForm:
    """The ballot as the poll's targets and questionnaires say now."""
    prefetch_related_objects([poll], *BALLOT_LOOKUPS)
    return _composed(poll)


def _composed(poll: Poll) -> BallotForm:
    return BallotForm(sections=tuple(_section(target) for target in _listed(poll)), ungraded=_ungraded(poll))


def _listed(poll: Poll) -> list[Target]:
    """The targets in their order, the options of a choice list together where its first one stands."""
    places: dict[int, int] = {}
    targets = list(poll.targets.all())
    for place, target in enumerate(targets):
        if target.questionnaire.is_choice:
            places.setdefault(target.questionnaire_id, place)
    return [
        target
        for _, target in sorted(
            enumerate(targets), key=lambda placed: (places.get(placed[1].questionnaire_id, placed[0]), placed[0])
        )
    ]


def _ungraded(poll: Poll) -> tuple[str, ...]:
    """The probationary members beside whom the others are graded (scenario C16)."""
    targets = poll.targets.all()
    if not any(target.questionnaire.grades_members for target in targets):
        return ()
    asked = {target.member_id for target in targets}
    return tuple(
        member.name
        for member in poll.organization.members.all()
        if member.is_active and member.status == Member.Status.PROBATIONARY and member.pk not in asked
    )


def _section(target: Target) -> Section:
    questionnaire = target.questionnaire
    return Section(
        id=target.pk,
        kind=target.kind,
        name=target.name,
        questionnaire=questionnaire.key,
        title=questionnaire.title,
        opinion_prompt=questionnaire.opinion_prompt,
        opinion_kind=questionnaire.opinion_kind,
        grades=tuple(
            FormGrade(grade.label, grade.is_in_base, grade.is_positive, grade.score)
            for grade in questionnaire.scale.grades.all()
        ),
        indicators=tuple(
            FormIndicator(indicator.pk, indicator.text, indicator.is_overall)
            for indicator in questionnaire.indicators.all()
        ),
        post=_post(target),
        document=_report(target),
        most_chosen=questionnaire.most_chosen,
    )


def _post(target: Target) -> str:
    """The unit and the post by which a ballot about several people tells them apart.

    A unit is named that is not the ballot's own; an ordinary member has no post to name.
    """
    member = target.member
    if member is None:
        return ""
    is_from_elsewhere = target.kind in TargetKind.persons() and member.organization_id != target.poll.organization_id
    has_post = target.kind != TargetKind.SECRETARY and member.post != Member.Post.MEMBER
    return (member.organization.name if is_from_elsewhere else "") + (member.get_post_display() if has_post else "")


def _report(target: Target) -> str:
    """The title of the report of a target; empty where it has none."""
    try:
        return target.document.title
    except AppraisedDocument.DoesNotExist:
        return ""


def open_polls(campaign: Campaign, *, by) -> None:
    """Freeze the ballots and open every poll; raises NotReady with what is missing. Rehearsals must have ended."""
    with transaction.atomic():
        lock_trees()
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        missing = readiness.missing(locked)
        if missing:
            raise NotReady(missing)
        freeze_ballots(locked, by=by)
    campaign.refresh_from_db()


def open_ready_polls(campaign: Campaign, *, by, seen: str) -> readiness.OpeningPlan:
    """Open the polls that are ready and leave the others as if each had been taken back by itself; returns which are which.

    `seen` is the mark of the plan that somebody agreed to. Raises NotReady where the campaign itself lacks something or no
    poll is ready, StateError where the plan is another by now. Rehearsals must have ended.
    """
    with transaction.atomic():
        lock_trees()
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        plan = agreed_plan(locked, seen=seen)
        freeze_ballots(locked, by=by, leaving=plan.lacks)
    campaign.refresh_from_db()
    return plan


def agreed_plan(campaign: Campaign, *, seen: str) -> readiness.OpeningPlan:
    """The plan of an opening that somebody agreed to; raises NotReady, StateError as `open_ready_polls` does."""
    plan = readiness.plan_opening(campaign)
    if plan.whole or not plan.ready:
        raise NotReady(plan.whole or readiness.missing(campaign))
    if plan.mark != seen:
        raise StateError(CHANGED_SINCE)
    return plan


def begin_opening(campaign: Campaign, *, by, seen: str | None) -> list[int]:
    """Open a campaign of very many polls, and none of its polls yet; returns the keys of those that are to stay in preparation.

    The places and names of all of them are frozen at once, and with them the questionnaires and the rules; `open_next_polls`
    then opens lot after lot, each by itself. `seen` as for `open_ready_polls`, None where all polls are to be opened. Raises
    NotReady, StateError; call it in a transaction.
    """
    lock_trees()
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if seen is None and (missing := readiness.missing(locked)):
        raise NotReady(missing)
    leaving = [] if seen is None else list(agreed_plan(locked, seen=seen).lacks)
    names = _names_around(locked)
    for polls in _polls_in_lots(locked, []):
        _place(polls, names)
        Poll.objects.keep_placed(polls)
    locked.open(by=by, names=[names[path] for path in ancestor_paths(locked.path)])
    return leaving


@dataclass(frozen=True)
class PollsOpened:
    """How many polls of a lot were opened, and the key of the last that was come to; None where there were none left."""

    count: int
    last: int | None


def open_next_polls(campaign: Campaign, *, after: int, leaving: Collection[int] = ()) -> PollsOpened:
    """Open the next polls of a campaign whose opening has begun, those in preparation with keys behind `after`.

    A poll that was taken back since, lacks something by now or is among `leaving` stays. Raises StateError where the campaign
    was taken back meanwhile; call it in a transaction.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not locked.is_frozen:
        raise StateError(TAKEN_BACK_SINCE)
    behind = locked.polls.filter(pk__gt=after, state=Poll.State.PREPARING).order_by("pk")
    keys = list(behind.values_list("pk", flat=True)[:POLLS_AT_ONCE])
    if not keys:
        return PollsOpened(0, None)
    back = locked.taken_back.filter(poll__in=keys, taken_back_at__gte=locked.opened_at)
    lot = Poll.objects.filter(pk__in=set(keys).difference(leaving, back.values_list("poll", flat=True)))
    lacking = readiness.lacks_of_polls(locked, lot)
    opening = _to_compose(locked, lot.exclude(pk__in=list(lacking)), _lookups(locked))
    _open_placed(opening)
    return PollsOpened(len(opening), keys[-1])


def freeze_ballots(campaign: Campaign, *, by, leaving: Collection[int] = ()) -> None:
    """Freeze the ballots and open the polls of a campaign known to be whole; call it with trees and campaign locked.

    The polls with the keys `leaving` stay in preparation, at the place that everything else is frozen with.
    """
    names = _names_around(campaign)
    for polls in _polls_in_lots(campaign, _lookups(campaign)):
        _place(polls, names)
        _open_placed([poll for poll in polls if poll.pk not in leaving])
        Poll.objects.keep_placed([poll for poll in polls if poll.pk in leaving])
    campaign.open(by=by, names=[names[path] for path in ancestor_paths(campaign.path)])


def _place(polls: Sequence[Poll], names: dict[str, str]) -> None:
    """Take the places of some polls in memory, by the names of the units around."""
    members = _members_of(polls)
    for poll in polls:
        poll.place_at(names=[names[path] for path in ancestor_paths(poll.path)], roster_count=members[poll.pk])


def _open_placed(polls: Sequence[Poll]) -> None:
    """Compose the ballots of some polls that have their places, and open them."""
    for poll in polls:
        poll.form = _composed(poll).to_json()
    Poll.objects.open_placed(polls)
    freeze_documents(polls)


def _polls_in_lots(campaign: Campaign, lookups: Sequence[Prefetch | str]) -> Iterator[list[Poll]]:
    """The polls with what is looked up of them, so many at once as fit into memory."""
    keys = list(campaign.polls.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), POLLS_AT_ONCE):
        yield _to_compose(campaign, Poll.objects.filter(pk__in=keys[start : start + POLLS_AT_ONCE]), lookups)


def _to_compose(campaign: Campaign, polls: QuerySet[Poll], lookups: Sequence[Prefetch | str]) -> list[Poll]:
    """Some polls of the campaign, which is fetched once for all of them, with what is looked up."""
    read = list(polls.select_related("organization").prefetch_related(*lookups).order_by("pk"))
    for poll in read:
        poll.campaign = campaign
    return read


def _lookups(campaign: Campaign) -> list[Prefetch | str]:
    """Everything that the ballots of a campaign are composed of."""
    is_grading = any(row.grades_members for row in campaign.questionnaires.select_related("scale"))
    return [*BALLOT_LOOKUPS, *["organization__members"] * is_grading]


def _members_of(polls: Sequence[Poll]) -> dict[int, int]:
    """How many members the unit of each of some polls has, by the poll's key."""
    units = Organization.objects.filter(polls__in=polls).with_member_count()
    return dict(units.order_by().values_list("polls", "member_count"))


def _names_around(campaign: Campaign) -> dict[str, str]:
    """The names of the organizer, of the units above it and of those below it, by path."""
    around = Q(path__in=ancestor_paths(campaign.path)) | within_paths([campaign.path])
    return dict(Organization.objects.filter(around).values_list("path", "name"))
