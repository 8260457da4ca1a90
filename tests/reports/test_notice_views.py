"""The pages of notices: choosing, the robot of a unit, and trying whether anything arrives."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import MailAddress, Notice, Webhook
from reports.notices.addresses import asking_mail
from reports.views import notices as views
from tests.factories import make_cast, make_mail_address, make_organization, make_webhook

pytestmark = pytest.mark.django_db
OWN = "/notices/own/"
ADDRESS = "https://robots.example.cn/send?key=secret"


@pytest.fixture(autouse=True)
def no_trials():
    views.TRIALS.forget()
    views.ASKS.forget()
    yield
    views.TRIALS.forget()
    views.ASKS.forget()


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
    shown = content(client.get(reverse("reports:notice_choose")))
    assert shown.count("checked") == 2
    # Without a mail server no code can come.
    assert not MailAddress.objects.exists()
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
    assert (MailAddress.objects.count(), people.secretary.notice_choices.count()) == (0, 0)


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


@pytest.mark.parametrize("robot", ["dingtalk", "feishu"])
def test_a_robot_is_given_the_secret_to_sign_with_which_is_never_shown(administrator, page, robot):
    administrator.post(page, {"robot": robot, "address": ADDRESS, "sign_key": "SECret"})

    assert Webhook.objects.get().locked_secret
    assert "SECret" not in content(administrator.get(page))


def test_a_robot_that_signs_nothing_takes_no_secret(administrator, page):
    answer = administrator.post(page, {"robot": "wecom", "address": ADDRESS, "sign_key": "SECret"})

    assert "企业微信的机器人没有加签" in str(answer.context["form"].errors)
    assert not Webhook.objects.exists()


CHOOSE, CONFIRM = "reports:notice_choose", "reports:notice_address"


def code_for(user):
    (mail,) = [asking_mail(notice) for notice in Notice.objects.filter(user=user, state="waiting").order_by("-pk")[:1]]
    return "".join(re.search(r"确认码：(\d{4}) (\d{4})", mail[1]).groups())


def test_an_address_is_confirmed_on_the_page_and_a_changed_one_anew(client, people, settings):
    settings.HAS_MAIL = True
    client.force_login(people.secretary)
    asked = client.post(reverse(CHOOSE), {"email": "a@example.cn", "by_email": ["late"]}, follow=True)
    wrong = client.post(reverse(CONFIRM), {"code": "1"}, follow=True)
    right = client.post(reverse(CONFIRM), {"code": code_for(people.secretary)}, follow=True)
    same = client.post(reverse(CHOOSE), {"email": "a@example.cn", "by_email": ["late"]}, follow=True)
    changed = client.post(reverse(CHOOSE), {"email": "b@example.cn", "by_email": ["late"]}, follow=True)

    assert "确认码发往a@example.cn" in content(asked) and "确认码已发往 a@example.cn" in content(asked)
    assert "确认码不对，或者已经过期" in content(wrong)
    assert "邮箱已经确认" in content(right) and "现在发到 a@example.cn" in content(right)
    assert "确认码" not in content(same).partition("<form")[0]
    assert "在那以前还发到 a@example.cn" in content(changed)
    address = MailAddress.objects.get()
    assert (address.address, address.asked_address) == ("a@example.cn", "b@example.cn")

    client.post(reverse(CHOOSE), {"email": ""})
    assert not MailAddress.objects.exists()


def test_whether_an_address_is_known_is_told_to_nobody(client, people, settings):
    settings.HAS_MAIL = True
    make_mail_address(people.officer, "known@example.cn")
    client.force_login(people.secretary)
    answers = []
    for address in ("known@example.cn", "unknown@example.cn"):
        page = client.post(reverse(CHOOSE), {"email": address, "by_email": []}, follow=True)
        answers.append(re.sub(r'value="[^"]{40,}"', "", content(page)).replace(address, "@"))

    assert answers[0] == answers[1]


def test_no_inbox_is_filled_with_codes(client, people, settings):
    settings.HAS_MAIL = True
    client.force_login(people.secretary)
    client.post(reverse(CHOOSE), {"email": "a@example.cn"})

    answers = [client.post(reverse(CONFIRM), {"again": "1"}, follow=True) for _ in range(3)]

    assert ["刚刚试过几次" in content(answer) for answer in answers] == [False, False, True]
    assert Notice.objects.count() == 3


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
    make_mail_address(people.administrator)
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
