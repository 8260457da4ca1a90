"""Deeds of a revote: making its campaign out of the ledger, and writing its outcome back."""

from collections.abc import Iterable
from fractions import Fraction

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from campaigns import actions, library
from campaigns.actions.questionnaires import free_name
from campaigns.models import Campaign, Organization, Poll, Questionnaire, Target, TargetKind
from campaigns.models.columns import max_length
from campaigns.plain_text import shortened

from ..ledger.actions import judge_problem, record, reopen_problem
from ..models import Problem, Revote
from .content import RevoteOutcome

APPRAISAL = "rectification-vote"
QUESTIONNAIRE = "rectification-satisfaction"


def revotable(organizer: Organization) -> QuerySet[Problem]:
    """The answered problems at and below a unit that nobody has marked again yet, nor is being asked about."""
    asked = Revote.objects.filter(problem=OuterRef("pk"), settled_at=None)
    answered = Problem.objects.within([organizer.path]).filter(state=Problem.State.CLOSED, verdict="")
    return answered.filter(~Exists(asked)).select_related("organization").order_by("organization__path", "pk")


def call_revote(
    organizer: Organization,
    problems: Iterable[Problem],
    *,
    title: str,
    period: str,
    share: Fraction,
    is_overall_alone: bool,
    by,
) -> Campaign:
    """A campaign in preparation that asks about each problem at the unit whose ledger it is in.

    The people to ask are of the categories of the campaign that the problems come from, where it is one; `share` is
    the part of 不满意 above which a problem is taken up again. Raises ValueError for a problem that is not `revotable`.
    """
    with transaction.atomic():
        wanted = {problem.pk for problem in problems}
        locked = list(revotable(organizer).select_for_update(of=("self",)).filter(pk__in=wanted))
        if len(locked) != len(wanted):
            raise ValueError("所选的问题中有的刚刚重新启动、再评过，或者正在再评，请重新选择。")
        campaign = actions.create_campaign(organizer=organizer, appraisal=APPRAISAL, title=title, period=period, by=by)
        _ask_the_same_people(campaign, locked)
        questionnaire = campaign.questionnaires.get()
        if is_overall_alone:
            actions.write_indicators(questionnaire, [(_overall_text(), True)])
        polls = actions.make_polls(campaign, {problem.organization for problem in locked})
        _put_on_ballots(questionnaire, polls, locked, share)
        return campaign


def _ask_the_same_people(campaign: Campaign, problems: list[Problem]) -> None:
    sources = {problem.campaign_id for problem in problems}
    if len(sources) == 1 and (source := problems[0].campaign):
        names = list(source.categories.values_list("name", flat=True))
        actions.replace_categories(campaign, [(name, None) for name in names])


def _overall_text() -> str:
    return next(entry.text for entry in library.questionnaires()[QUESTIONNAIRE].indicators if entry.is_overall)


def _put_on_ballots(
    questionnaire: Questionnaire, polls: Iterable[Poll], problems: Iterable[Problem], share: Fraction
) -> None:
    """Let the problems take the place of the one document that the library's questionnaire asks about."""
    by_unit = {poll.organization_id: poll for poll in polls}
    Target.objects.filter(questionnaire=questionnaire).delete()
    taken: set[tuple[int, str]] = set()
    pairs = []
    for position, problem in enumerate(problems, start=1):
        poll = by_unit[problem.organization_id]
        target = Target(
            poll=poll,
            kind=TargetKind.DOCUMENT,
            name=_free_name(problem, poll, taken),
            questionnaire=questionnaire,
            position=position,
        )
        pairs.append((problem, target))
    Target.objects.bulk_create(target for _, target in pairs)
    Revote.objects.bulk_create(
        Revote(problem=problem, target=target, numerator=share.numerator, denominator=share.denominator)
        for problem, target in pairs
    )


def _free_name(problem: Problem, poll: Poll, taken: set[tuple[int, str]]) -> str:
    """The problem as the ballot names it; one that reads like another of its ballot is numbered."""
    room = max_length(Target, "name") - len("（99）")
    name = shortened(problem.content, room)
    there = [other for key, other in taken if key == poll.pk]
    name = free_name(name, "{}（{}）", there)
    taken.add((poll.pk, name))
    return name


def settle_revotes(outcomes: Iterable[RevoteOutcome], *, by) -> tuple[int, int]:
    """Write outcomes into the ledger; those over the limit are taken up again (「补课」). Asked twice, nothing more happens.

    Returns how many problems got a verdict and how many of them were taken up again. A problem without votes to go by
    gets none, nor does one that somebody has taken up meanwhile; their history says so.
    """
    judged = reopened = 0
    with transaction.atomic():
        for outcome in outcomes:
            revote = Revote.objects.select_for_update().get(pk=outcome.revote.pk)
            if revote.settled_at:
                continue
            revote.settle(by=by)
            if why := _why_not(outcome):
                record(outcome.problem, f"整改再评：{why}", by=by)
            else:
                _judge(outcome, by=by)
                judged += 1
                reopened += outcome.is_over
    return judged, reopened


def _why_not(outcome: RevoteOutcome) -> str:
    """The reason for which an outcome gives the problem no verdict; empty where it gives one."""
    if not outcome.verdict:
        return f"{outcome.hidden_reason or '没有有效票'}，没有登记"
    if not Problem.objects.filter(state=Problem.State.CLOSED, pk=outcome.problem.pk).exists():
        return f"{outcome.fact}，此前已重新启动整改"
    return ""


def _judge(outcome: RevoteOutcome, *, by) -> None:
    note = shortened(f"整改再评：{outcome.fact}", max_length(Problem, "verdict_note"))
    judge_problem(outcome.problem.pk, verdict=outcome.verdict or "", note=note, by=by)
    if outcome.is_over:
        reason = f"整改再评不满意超过{outcome.limit}（{outcome.fact}）"
        reopen_problem(outcome.problem.pk, reason=reason, is_answer_only=False, by=by)
