"""The pages of notices: choosing, the robot of a unit, and trying whether anything arrives."""

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import Notice, Webhook
from reports.views import notices as views
from tests.factories import make_cast, make_organization, make_webhook

pytestmark = pytest.mark.django_db
OWN = "/notices/own/"
ADDRESS = "https://robots.example.cn/send?key=secret"


@pytest.fixture(autouse=True)
def no_trials():
    views.TRIALS.forget()
    yield
    views.TRIALS.forget()


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def page(people):
    return reverse("reports:webhook_edit", args=[people.organization.pk])


@pytest.fixture
def administrator(client, people):
    client.force_login(people.administrator)
    return client


def content(response):
    return response.content.decode()


def test_an_account_chooses_its_kinds_and_its_address(client, people):
    client.force_login(people.secretary)

    saved = client.post(reverse("reports:notice_choose"), {"email": "s@example.cn", "by_email": ["late", "ledger"]})

    assert saved.status_code == 302
    assert sorted(people.secretary.notice_choices.values_list("kind", "way")) == [
        ("late", "email"),
        ("ledger", "email"),
    ]
    people.secretary.refresh_from_db()
    assert people.secretary.email == "s@example.cn"
    shown = content(client.get(reverse("reports:notice_choose")))
    assert 'value="s@example.cn"' in shown
    assert shown.count("checked") == 2
    assert reverse("reports:notice_choose") in content(client.get(reverse("campaigns:own_account")))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"email": "", "by_email": ["late"]}, "要收邮件提醒的，请填写邮箱。"),
        ({"email": "无", "by_email": ["late"]}, "邮"),
        ({"email": "a@example.cn\nBcc: b@example.cn", "by_email": []}, "邮"),
        ({"email": "s@example.cn", "by_email": ["results"]}, "选择"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_is_written(client, people, fields, error):
    client.force_login(people.secretary)

    answer = client.post(reverse("reports:notice_choose"), fields)

    assert error in str(answer.context["form"].errors)
    people.secretary.refresh_from_db()
    assert (people.secretary.email, people.secretary.notice_choices.count()) == ("", 0)


def test_a_group_is_offered_where_the_account_s_unit_has_a_robot(client, people):
    client.force_login(people.teller)
    without = client.get(reverse("reports:notice_choose"))
    make_webhook(people.organization, by=people.administrator)

    client.post(reverse("reports:notice_choose"), {"email": "", "by_webhook": ["waiting"]})

    assert "还没有群机器人" in content(without) and "by_webhook" not in without.context["form"].fields
    assert list(people.teller.notice_choices.values_list("kind", "way")) == [("waiting", "webhook")]
    # Without the robot the choice stays, for the next one.
    Webhook.objects.all().delete()
    client.post(reverse("reports:notice_choose"), {"email": ""})
    assert people.teller.notice_choices.count() == 1


def test_the_address_of_a_robot_is_kept_and_never_shown_again(administrator, page, people):
    saved = administrator.post(page, {"robot": "dingtalk", "address": ADDRESS}, follow=True)

    assert "已保存某局党委的钉钉群机器人。" in content(saved)
    shown = content(administrator.get(page))
    assert "钉钉，服务器 robots.example.cn" in shown
    assert "secret" not in shown
    assert page in content(administrator.get(reverse("campaigns:organization_detail", args=[people.organization.pk])))


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://robots.example.cn/send", "请粘贴机器人的完整地址"),
        ("https://169.254.169.254/", "内部网络"),
        ("https://localhost@10.0.0.1/", "请粘贴机器人的完整地址"),
        ("", "必填"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(administrator, page, address, error):
    answer = administrator.post(page, {"robot": "wecom", "address": address})

    assert error in str(answer.context["form"].errors)
    assert not Webhook.objects.exists()


def test_trying_a_robot_waits_for_the_worker_and_is_throttled(administrator, page, people):
    webhook = make_webhook(people.organization, by=people.administrator)

    answers = [administrator.post(f"{page}try/", follow=True) for _ in range(4)]

    assert ["刚刚试过几次" in content(answer) for answer in answers] == [False, False, False, True]
    assert "最近一次试发" in content(answers[0]) and "等待发送" in content(answers[0])
    assert Notice.objects.filter(webhook=webhook).count() == 3


def test_a_robot_that_is_removed_takes_its_notices_along(administrator, page, people):
    make_webhook(people.organization, by=people.administrator)
    administrator.post(f"{page}try/")

    administrator.post(f"{page}remove/")

    assert not Webhook.objects.exists() and not Notice.objects.exists()


def test_a_trial_mail_wants_a_server_and_an_address(administrator, people, settings):
    without = administrator.post(reverse("reports:notice_try"), follow=True)
    settings.HAS_MAIL = True
    nameless = administrator.post(reverse("reports:notice_try"), follow=True)
    people.administrator.email = "a@example.cn"
    people.administrator.save()
    sent = administrator.post(reverse("reports:notice_try"), follow=True)

    assert "还没有设置邮件服务器" in content(without)
    assert "您还没有填写邮箱" in content(nameless)
    assert "最近一次试发" in content(sent)
    assert Notice.objects.get().user == people.administrator


def test_the_administrators_page_tells_what_did_not_arrive_and_why(administrator, people):
    facts = {"matter": "late:1:1", "day": "2026-11-30", "text": "【评议提醒】", "ended_at": timezone.now()}
    problem = {"state": "given_up", "problem": "连不上邮件服务器。"}
    Notice.objects.create(**facts, **problem, subject="“年度评议”有单位进度滞后", user=people.secretary)
    Notice.objects.create(**facts, **problem, subject="别处的提醒", user=people.outsider)

    shown = content(administrator.get(reverse("reports:administration")))

    assert "secretary的邮箱，2026-11-30，“年度评议”有单位进度滞后：连不上邮件服务器。" in shown
    assert "别处的提醒" not in shown
