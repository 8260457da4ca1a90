"""Choices of accounts and robots of units, as they are written down; and a notice that only tries the way."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Organization
from campaigns.permissions import accounts_visible_to, organizations_of_accounts

from ..models import Notice, NoticeChoice, Webhook
from .matters import Matter
from .reaching import checked_address
from .robots import lock_address
from .texts import notice_subject, notice_text

TRIAL = "trial:"
SHOWN = 20


def choose_notices(user: User, *, kinds_by_way: dict[str, Iterable[str]]) -> None:
    """Put the choices in the place of the former ones."""
    with transaction.atomic():
        NoticeChoice.objects.filter(user=user).delete()
        rows = [NoticeChoice(user=user, kind=kind, way=way) for way, kinds in kinds_by_way.items() for kind in kinds]
        NoticeChoice.objects.bulk_create(rows)


def put_webhook(organization: Organization, *, robot: str, address: str, by: User, secret: str = "") -> Webhook:
    """The unit's robot, in the place of a former one; ValueError where its address is none."""
    parts = checked_address(address)
    locked = {"locked_address": lock_address(address), "locked_secret": lock_address(secret) if secret else ""}
    facts = {"robot": robot, **locked, "host": parts.hostname, "put_by": by}
    webhook, _ = Webhook.objects.update_or_create(
        organization=organization, defaults={**facts, "put_at": timezone.now()}
    )
    return webhook


def queue_trial(receiver: User | Webhook, *, page: str, now: datetime) -> Notice:
    """A notice that says nothing but that it arrived; the worker sends it as any other."""
    matter = Matter(f"{TRIAL}{secrets.token_hex(8)}", "试发", ("收到这一条，说明提醒发得出来。",), page)
    to = {"user" if isinstance(receiver, User) else "webhook": receiver}
    day = timezone.localtime(now).date()
    return Notice.objects.create(
        **to, matter=matter.key, day=day, subject=notice_subject(matter), text=notice_text(matter), next_at=now
    )


def last_trial(receiver: User | Webhook) -> Notice | None:
    to = {"user" if isinstance(receiver, User) else "webhook": receiver}
    return Notice.objects.filter(**to, matter__startswith=TRIAL).first()


def given_up_visible_to(user: User) -> QuerySet[Notice]:
    """Notices that did not arrive, to accounts and robots within an administrator's reach, the latest first."""
    to_accounts = Notice.objects.given_up().filter(user__in=accounts_visible_to(user))
    to_robots = Notice.objects.given_up().filter(webhook__organization__in=organizations_of_accounts(user))
    return (to_accounts | to_robots).select_related("user", "webhook__organization")
