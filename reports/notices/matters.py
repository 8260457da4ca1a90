"""Matters that somebody is to be told of today, by the unit and the role at it.

A matter is made of dates, states, names of units and titles of campaigns. Neither ballots, results, opinions nor persons are
read for it; a notice passes through servers of others, so it would be no place for them even after the seal.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse

from ballots.models import Opinion
from campaigns.models import Campaign, CampaignStage, CampaignStep, Organization, Poll, Role
from campaigns.models.reach import within_paths
from campaigns.people import name_of
from campaigns.year_plan.reminders import reminders_of

from ..committee.desk import late_line
from ..committee.progress import lagging_polls, with_reasons
from ..models import Measure, NoticeChoice, Objection, Problem
from ..wording import date_text

# A day is told of three days before, the day before, and on the day.
DAYS_BEFORE = (3, 1, 0)
# Days until the same is told again, where it goes on.
DAILY, OFTEN, WEEKLY = 1, 3, 7
_Kind, _SECRETARY, _TELLER, _OFFICER = NoticeChoice.Kind, Role.Kind.SECRETARY, Role.Kind.TELLER, Role.Kind.OFFICER
# Whom a kind is for: others may choose it, and nothing comes of it.
FOR_ROLES: dict[str, tuple[str, ...]] = {
    _Kind.DEADLINE: (_SECRETARY, _TELLER, _OFFICER),
    _Kind.LEDGER: (_SECRETARY,),
    _Kind.WAITING: (_SECRETARY, _TELLER),
    _Kind.LATE: (_SECRETARY, _OFFICER),
}


@dataclass(frozen=True)
class Matter:
    """A subject with its lines, and the page where it is seen to; `key` names it whoever is told.

    `pause` is the number of days until it is told again.
    """

    key: str
    subject: str
    lines: tuple[str, ...]
    page: str
    pause: int = DAILY


def matters_at(organization: Organization, role: str, kind: str, *, today: date) -> Iterator[Matter]:
    """Matters of a kind for those who have a role at a unit."""
    if role not in FOR_ROLES[kind]:
        return
    if kind == _Kind.DEADLINE:
        yield from _deadlines(organization, today)
        if role == _SECRETARY:
            yield from _planned(organization, today)
    elif kind == _Kind.LEDGER:
        yield from _ledger(organization, today)
    elif kind == _Kind.LATE:
        yield from _late(organization, today)
    else:
        yield from _steps(organization, today)
        if role == _SECRETARY:
            yield from _unanswered(organization)


def personal_matters(user, *, today: date) -> Iterator[Matter]:
    """Problems of the ledgers that the user reads, which name the user as responsible; for nobody else."""
    roles = user.roles.filter(kind__in=(_SECRETARY, _OFFICER)).select_related("organization")
    paths = [path for role in roles for path in role.organization.places]
    name = name_of(user)
    named = (
        Problem.objects.within(paths)
        .unfinished()
        .filter(Q(responsible_person=name) | Q(responsible_leader=name) | Q(measures__responsible_person=name))
    )
    by_unit = defaultdict(list)
    for problem in named.distinct().select_related("organization").order_by("organization__path", "due_on", "pk"):
        by_unit[problem.organization].append(problem)
    for organization, problems in by_unit.items():
        yield from _of_problems(organization, problems, today, key="ledger-own", whose="您负责的问题")


def _deadlines(organization: Organization, today: date) -> Iterator[Matter]:
    """The dates of campaigns in which the unit takes part, or which it organizes."""
    dates = defaultdict(list)
    soon = [today + timedelta(days=days) for days in DAYS_BEFORE]
    own = Q(organizer=organization) | Q(polls__organization=organization)
    near = Q(ends_on__in=soon) | Q(stages__due_on__in=soon) | Q(steps__ends_on__in=soon)
    for campaign in Campaign.objects.filter(own, near).distinct():
        dates[campaign] = [
            *_last_day(campaign, organization, soon),
            *_stages(campaign, soon),
            *_days_of_steps(campaign, soon),
        ]
    for campaign, days in dates.items():
        if days:
            yield Matter(
                key=f"deadline:{campaign.pk}:{organization.pk}",
                subject=f"“{campaign.title}”的日期快到了",
                lines=tuple(f"{what}：{date_text(day)}（{_days_text(day, today)}）。" for what, day in days),
                page=reverse("campaigns:campaign_detail", args=[campaign.pk]),
            )


def _last_day(campaign: Campaign, organization: Organization, soon: Sequence[date]) -> list[tuple[str, date]]:
    if campaign.ends_on is None or campaign.ends_on not in soon:
        return []
    polls = campaign.polls.filter(within_paths(organization.places))
    return [("评议截止", campaign.ends_on)] if polls.exclude(state__in=_OVER).exists() else []


_OVER = (Poll.State.CLOSED, Poll.State.SEALED)


def _stages(campaign: Campaign, soon: Sequence[date]) -> list[tuple[str, date]]:
    stages = CampaignStage.objects.filter(campaign=campaign, due_on__in=soon)
    return [(f"阶段“{stage.title}”完成", stage.due_on) for stage in stages if stage.due_on]


def _days_of_steps(campaign: Campaign, soon: Sequence[date]) -> list[tuple[str, date]]:
    steps = CampaignStep.objects.filter(campaign=campaign, ends_on__in=soon)
    return [(f"步骤“{step.get_kind_display()}”结束", step.ends_on) for step in steps if step.ends_on]


def _planned(organization: Organization, today: date) -> Iterator[Matter]:
    """The periods of the unit's own plans that want somebody."""
    by_plan = defaultdict(list)
    for reminder in reminders_of([organization.path], today=today):
        if reminder.period.plan.organization_id == organization.pk:
            by_plan[reminder.period.plan].append(reminder)
    for plan, reminders in by_plan.items():
        yield Matter(
            key=f"plan:{plan.pk}",
            subject=f"{organization.name}的全年计划有一期要办",
            lines=tuple(f"{reminder.period}：{reminder.reason}。" for reminder in reminders),
            page=reverse("campaigns:year_plan_detail", args=[plan.pk]),
            pause=WEEKLY,
        )


def _ledger(organization: Organization, today: date) -> Iterator[Matter]:
    problems = Problem.objects.unfinished().filter(organization=organization).order_by("due_on", "pk")
    return _of_problems(organization, list(problems), today, key="ledger", whose="整改台账的问题")


def _of_problems(
    organization: Organization, problems: Sequence[Problem], today: date, *, key: str, whose: str
) -> Iterator[Matter]:
    """Days of the problems and of their measures, without a word of what they are about, nor how many they are."""
    measures = Measure.objects.filter(problem__in=[problem.pk for problem in problems], state=Measure.State.UNDERWAY)
    days = {problem.due_on for problem in problems} | set(measures.values_list("due_on", flat=True))
    known = sorted(day for day in days if day)
    page = f"{reverse('reports:problem_list')}?unit={organization.pk}"
    if soon := [day for day in known if (day - today).days in DAYS_BEFORE]:
        lines = tuple(f"{whose}或者措施，{date_text(day)}到期（{_days_text(day, today)}）。" for day in soon)
        yield Matter(f"{key}:{organization.pk}", f"{organization.name}：{whose}快到期了", lines, page)
    if known and known[0] < today:
        lines = (f"{whose}或者措施有过了完成时限的，最早的是{date_text(known[0])}。",)
        yield Matter(f"{key}-over:{organization.pk}", f"{organization.name}：{whose}逾期了", lines, page, WEEKLY)


def _steps(organization: Organization, today: date) -> Iterator[Matter]:
    """The unit's own polls that wait to be begun, closed or sealed."""
    for laggard in _laggards(Poll.objects.filter(organization=organization), today):
        yield Matter(
            key=f"waiting:{laggard.poll.pk}",
            subject=f"“{laggard.poll.campaign.title}”等着办理",
            lines=(late_line(laggard),),
            page=reverse("ballots:poll_detail", args=[laggard.poll.pk]),
            pause=OFTEN,
        )


def _laggards(polls: QuerySet[Poll], today: date):
    return with_reasons(lagging_polls(polls, today=today).select_related("campaign", "organization"), today=today)


def _unanswered(organization: Organization) -> Iterator[Matter]:
    """Opinions that nobody has read since the seal, and objections without an answer; that there are any, no more."""
    unread = Opinion.objects.filter(
        target__poll__organization=organization, target__poll__state=Poll.State.SEALED, reading=None
    )
    objections = Objection.objects.unanswered().filter(
        Q(announcement__poll__organization=organization) | Q(announcement__organization=organization),
        announcement__withdrawn_at=None,
    )
    waiting = (("opinions", "收到的意见", "阅办", unread), ("objections", "对公示的异议", "答复", objections))
    for key, what, deed, rows in waiting:
        if rows.exists():
            sentence = f"{what}还没有全部{deed}。"
            yield Matter(
                f"{key}:{organization.pk}",
                f"{organization.name}：{what}等着{deed}",
                (sentence,),
                reverse("reports:home"),
                OFTEN,
            )


def _late(organization: Organization, today: date) -> Iterator[Matter]:
    """The units below that lag, by campaign."""
    below = Poll.objects.filter(within_paths(organization.places)).exclude(organization=organization)
    by_campaign = defaultdict(list)
    for laggard in _laggards(below, today):
        by_campaign[laggard.poll.campaign].append(late_line(laggard))
    for campaign, lines in by_campaign.items():
        yield Matter(
            key=f"late:{campaign.pk}:{organization.pk}",
            subject=f"“{campaign.title}”有单位进度滞后",
            lines=tuple(lines),
            page=f"{reverse('reports:desk', args=[campaign.pk])}?unit={organization.pk}",
            pause=WEEKLY,
        )


def _days_text(day: date, today: date) -> str:
    days = (day - today).days
    return f"还有{days}天" if days else "就是今天"
