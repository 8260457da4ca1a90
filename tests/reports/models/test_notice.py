"""A notice is for an account or a robot, once a day; choices, robots and ends are those that there are."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import MailAddress, Notice, NoticeChoice, Webhook
from tests.factories import make_organization, make_user, make_webhook

pytestmark = pytest.mark.django_db
FACTS = {"matter": "late:1:1", "day": date(2026, 11, 30), "subject": "提醒", "text": "提醒"}


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def webhook(user):
    return make_webhook(make_organization(), by=user)


def refused(name, make):
    with pytest.raises(IntegrityError, match=rf"{name}|UNIQUE"), transaction.atomic():
        make()


def test_a_matter_is_there_once_a_day_for_an_account_and_for_a_robot(user, webhook):
    Notice.objects.create(**FACTS, user=user)
    Notice.objects.create(**FACTS, webhook=webhook)

    refused("notice_of_account_once_a_day", lambda: Notice.objects.create(**FACTS, user=user))
    refused("notice_of_robot_once_a_day", lambda: Notice.objects.create(**FACTS, webhook=webhook))

    Notice.objects.create(**{**FACTS, "day": date(2026, 12, 1)}, user=user)
    Notice.objects.create(**FACTS, user=make_user("officer"))


def test_a_notice_is_for_somebody_and_not_for_two(user, webhook):
    refused("notice_to_an_account_or_a_robot", lambda: Notice.objects.create(**FACTS))
    refused("notice_to_an_account_or_a_robot", lambda: Notice.objects.create(**FACTS, user=user, webhook=webhook))


@pytest.mark.parametrize("state", ["waiting", "sending", "sent", "given_up"])
def test_a_notice_has_an_end_where_its_state_is_one(user, state):
    has_ended = state in ("sent", "given_up")
    wrong, right = (timezone.now(), None)[:: -1 if has_ended else 1]

    refused("notice_end_fits_the_state", lambda: Notice.objects.create(**FACTS, user=user, state=state, ended_at=wrong))
    Notice.objects.create(**FACTS, user=user, state=state, ended_at=right)


def test_a_choice_is_made_once_and_of_what_there_is(user):
    NoticeChoice.objects.create(user=user, kind="late", way="email")

    refused("notice_choice_unique", lambda: NoticeChoice.objects.create(user=user, kind="late", way="email"))
    refused("notice_choice_kind_known", lambda: NoticeChoice.objects.create(user=user, kind="result", way="email"))
    refused("notice_choice_way_known", lambda: NoticeChoice.objects.create(user=user, kind="late", way="telegram"))


def test_a_unit_has_one_robot_of_a_known_kind(user, webhook):
    facts = {"robot": "wecom", "locked_address": "x", "host": "robots.example.cn", "put_by": user}

    refused("organization", lambda: Webhook.objects.create(**facts, organization=webhook.organization))
    other = make_organization("外单位党委")
    refused(
        "webhook_wecom_signs_nothing", lambda: Webhook.objects.create(**facts, organization=other, locked_secret="x")
    )
    refused("webhook_robot_known", lambda: Webhook.objects.create(**{**facts, "robot": "irc"}, organization=other))


def test_notices_go_with_their_robot(webhook):
    Notice.objects.create(**FACTS, webhook=webhook)

    webhook.delete()

    assert not Notice.objects.exists()


def test_an_address_is_confirmed_at_a_time_and_asked_for_as_a_whole(user):
    asked = {"asked_address": "a@example.cn", "locked_code": "x", "asked_key": "x", "asked_at": timezone.now()}

    refused(
        "mail_address_confirmed_with_its_time",
        lambda: MailAddress.objects.create(user=user, address="a@example.cn"),
    )
    for name in asked:
        part = {key: value for key, value in asked.items() if key != name}
        refused("mail_address_asked_whole", lambda part=part: MailAddress.objects.create(user=user, **part))
    MailAddress.objects.create(user=user, **asked)
