"""The notices of a day: every account's choices against the matters of its roles, each told once to each."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from campaigns.models import Role

from ..models import Notice, NoticeChoice, Webhook
from .addresses import confirmed_address
from .matters import Matter, matters_at, personal_matters
from .texts import notice_subject, notice_text

# Ended notices are kept for so long, which is longer than any pause.
KEPT = timedelta(days=30)


def plan_notices(*, now: datetime) -> int:
    """Put today's notices into the queue, and give the number of new ones; asked again, or twice at once, it adds nothing."""
    today = timezone.localtime(now).date()
    planned = 0
    for user in User.objects.filter(is_active=True, notice_choices__isnull=False).distinct().order_by("pk"):
        for receiver, matters in _wanted_by(user, today):
            rows = [_row(receiver, matter, today, now) for matter in _untold(receiver, matters, today)]
            # The constraints have the last word where two processes plan at once.
            Notice.objects.bulk_create(rows, ignore_conflicts=True)
            planned += len(rows)
    Notice.objects.filter(ended_at__lt=now - KEPT).delete()
    return planned


def robots_of(user: User) -> dict[int, Webhook]:
    """The robots of the units at which the user has a role, by the unit's key."""
    robots = Webhook.objects.filter(organization__roles__user=user).select_related("organization")
    return {robot.organization_id: robot for robot in robots.distinct().order_by("pk")}


def _wanted_by(user: User, today: date) -> Iterator[tuple[User | Webhook, list[Matter]]]:
    """Matters by whom they are told to: the user's mail, and the robot of each unit."""
    kinds: dict[str, set[str]] = {way: set() for way in NoticeChoice.Way.values}
    for choice in NoticeChoice.objects.filter(user=user):
        kinds[choice.way].add(choice.kind)
    roles = list(user.roles.select_related("organization").order_by("pk"))
    if settings.HAS_MAIL and confirmed_address(user) and (by_mail := kinds[NoticeChoice.Way.EMAIL]):
        matters = [matter for role in roles for matter in _at(role, by_mail, today)]
        if NoticeChoice.Kind.LEDGER in by_mail:
            matters += personal_matters(user, today=today)
        yield user, matters
    if settings.HAS_WEBHOOKS and (by_robot := kinds[NoticeChoice.Way.WEBHOOK]):
        robots = robots_of(user)
        for role in roles:
            if robot := robots.get(role.organization_id):
                yield robot, list(_at(role, by_robot, today))


def _at(role: Role, kinds: Iterable[str], today: date) -> Iterator[Matter]:
    for kind in sorted(kinds):
        yield from matters_at(role.organization, role.kind, kind, today=today)


def _untold(receiver: User | Webhook, matters: Iterable[Matter], today: date) -> list[Matter]:
    """Matters that the receiver was not told within their pause, each once: two roles may bring the same."""
    by_key = {matter.key: matter for matter in matters}
    told = Notice.objects.filter(**_to(receiver), matter__in=by_key)
    last = dict(told.order_by().values_list("matter").annotate(last=Max("day")))
    return [
        matter for key, matter in by_key.items() if key not in last or last[key] + timedelta(days=matter.pause) <= today
    ]


def _row(receiver: User | Webhook, matter: Matter, today: date, now: datetime) -> Notice:
    return Notice(
        **_to(receiver),
        matter=matter.key,
        day=today,
        subject=notice_subject(matter),
        text=notice_text(matter),
        next_at=now,
    )


def _to(receiver: User | Webhook) -> dict[str, User | Webhook]:
    return {"user" if isinstance(receiver, User) else "webhook": receiver}
