"""Choices replace former ones, robots are kept locked, and administrators see what did not arrive within their reach."""

from datetime import date

import pytest
from django.utils import timezone

from reports.models import Notice, Webhook
from reports.notices.keeping import choose_notices, given_up_visible_to, last_trial, put_webhook, queue_trial
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return factories.make_cast(factories.make_organization())


def chosen(user):
    return sorted(user.notice_choices.values_list("kind", "way"))


def test_choices_take_the_place_of_the_former_ones_of_the_account_alone(people):
    choose_notices(people.officer, kinds_by_way={"email": ["late"]})
    choose_notices(people.secretary, kinds_by_way={"email": ["late", "ledger"], "webhook": ["late"]})

    choose_notices(people.secretary, kinds_by_way={"email": [], "webhook": ["waiting"]})

    assert (chosen(people.secretary), chosen(people.officer)) == ([("waiting", "webhook")], [("late", "email")])


def test_another_robot_takes_the_place_of_the_former_one(people):
    for host in ("robots", "other"):
        address = f"https://{host}.example.cn/send?key=secret"
        put_webhook(people.organization, robot="feishu", address=address, by=people.administrator)

    webhook = Webhook.objects.get()
    assert (webhook.host, str(webhook)) == ("other.example.cn", "某局党委的飞书群机器人")
    assert "secret" not in webhook.locked_address


def test_the_secret_to_sign_with_is_kept_locked_and_goes_with_the_robot(people):
    address, by = "https://robots.example.cn/send", people.administrator
    with_secret = put_webhook(people.organization, robot="feishu", address=address, by=by, secret="SECret")
    kept = with_secret.locked_secret
    put_webhook(people.organization, robot="feishu", address=address, by=by)

    assert kept and "SECret" not in kept
    assert Webhook.objects.get().locked_secret == ""


def test_a_robot_without_an_address_is_refused(people):
    with pytest.raises(ValueError, match="请粘贴"):
        put_webhook(people.organization, robot="feishu", address="http://robots.example.cn/", by=people.administrator)

    assert not Webhook.objects.exists()


def test_each_trial_waits_for_the_worker_and_the_last_is_told(people):
    for _ in range(2):
        trial = queue_trial(people.administrator, page="/administration/", now=timezone.now())

    assert last_trial(people.administrator) == trial
    assert (trial.state, trial.text.splitlines()[:2]) == (
        "waiting",
        ["【评议提醒】试发", "收到这一条，说明提醒发得出来。"],
    )
    assert last_trial(people.secretary) is None


def test_an_administrator_sees_what_did_not_arrive_at_the_own_accounts_and_robots(people):
    elsewhere = factories.make_user(
        "elsewhere", kind="administrator", organization=people.outsider.roles.get().organization
    )
    webhook = factories.make_webhook(people.organization, by=people.administrator)
    facts = {"day": date(2026, 11, 30), "subject": "提醒", "text": "提醒", "matter": "late:1:1"}
    ended = {"state": "given_up", "ended_at": timezone.now(), "problem": "连不上邮件服务器。"}
    own = [Notice.objects.create(**facts, **ended, **to) for to in ({"user": people.secretary}, {"webhook": webhook})]
    foreign = Notice.objects.create(**facts, **ended, user=people.outsider)
    Notice.objects.create(**facts, user=people.teller)

    assert list(given_up_visible_to(people.administrator)) == own[::-1]
    assert list(given_up_visible_to(elsewhere)) == [foreign]
