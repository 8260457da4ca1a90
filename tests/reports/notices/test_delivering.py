"""A notice goes out once, by mail or by robot; what does not arrive is tried with growing pauses and then given up."""

import json
import smtplib
import socket
from datetime import timedelta
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from reports.models import Notice
from reports.notices import delivering
from reports.notices.delivering import LOST, PAUSES, claim_notice, deliver, send_due
from tests import factories

from .servers import address_of, mail_server, nobody, robot_server

pytestmark = pytest.mark.django_db
PATIENCE = 120


@pytest.fixture
def user():
    user = factories.make_user()
    factories.make_mail_address(user)
    return user


def make_notice(**facts):
    facts = {
        "matter": "late:1:1",
        "day": timezone.localdate(),
        "subject": "“年度评议”有单位进度滞后",
        "text": "【评议提醒】",
        **facts,
    }
    return Notice.objects.create(**facts)


@pytest.fixture
def post_office(settings, with_mail):
    """Lets Django's own mail go to a server on the loopback."""

    def use(server):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = PATIENCE
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        return server

    return use


def outcome(notice):
    notice.refresh_from_db()
    return notice.state, notice.tries, notice.problem


def test_a_mail_arrives_with_its_words_and_is_not_sent_again(user, post_office):
    notice = make_notice(user=user)
    with mail_server() as server:
        post_office(server)
        tried = [send_due(now=timezone.now()) for _ in range(2)]

    (mail,) = [message_from_bytes(text, policy=policy.default) for text in server.mails]
    assert (mail["To"], mail["From"], mail["Subject"]) == ("somebody@example.cn", "pingyi@example.cn", notice.subject)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<notice-{notice.pk}-{notice.day}@example.cn>"
    assert mail.get_content().replace("\r", "").startswith("【评议提醒】\n\n这封信由评议系统自动发出")
    assert (tried, outcome(notice)) == ([1, 0], ("sent", 1, ""))


def impatient_at_the_end(send):
    """Sends as ever, and behind the whole of a mail waits for no more than half a second."""

    def send_and_hurry(connection, sent):
        send(connection, sent)
        if sent.endswith(b"\r\n.\r\n" if isinstance(sent, bytes) else "\r\n.\r\n"):
            connection.sock.settimeout(0.5)

    return send_and_hurry


@pytest.mark.parametrize(
    ("answers", "outcome_expected"),
    [
        ({"RCPT": "550 nobody"}, ("given_up", 1, "邮件服务器没有收下，答复550。")),
        ({"RCPT": "451 later"}, ("waiting", 1, "邮件服务器没有收下，答复451。")),
        ({"MAIL": "452 full"}, ("waiting", 1, "邮件服务器没有收下，答复452。")),
        ({"END": "554 spam"}, ("given_up", 1, "邮件服务器没有收下，答复554。")),
        # It may have been taken: a second one is worse than none.
        ({"END": None}, ("given_up", 1, "邮件服务器没有答复，不知道是否送到。")),
        ({"END": ""}, ("given_up", 1, "邮件服务器没有答复，不知道是否送到。")),
    ],
)
def test_a_mail_server_s_answer_decides_whether_it_is_tried_again(
    user, post_office, monkeypatch, answers, outcome_expected
):
    if answers.get("END") == "":
        monkeypatch.setattr(smtplib.SMTP, "send", impatient_at_the_end(smtplib.SMTP.send))
    notice = make_notice(user=user)
    with mail_server(**answers) as server:
        post_office(server)
        send_due(now=timezone.now())

    assert outcome(notice) == outcome_expected


def test_a_server_that_is_not_there_is_tried_with_growing_pauses_and_then_no_more(user, post_office):
    with nobody() as place, time_machine.travel("2026-11-30 02:00+00:00", tick=False) as clock:
        post_office(SimpleNamespace(server_address=place))
        notice, pauses = make_notice(user=user), []
        while notice.state == "waiting":
            assert send_due(now=timezone.now()) == 1
            notice.refresh_from_db()
            pauses.append(notice.next_at - timezone.now())
            clock.shift(pauses[-1] - timedelta(seconds=1))
            assert send_due(now=timezone.now()) == 0
            clock.shift(timedelta(seconds=1))

    assert pauses[:-1] == [timedelta(minutes=pause) for pause in PAUSES]
    assert outcome(notice) == ("given_up", 6, "连不上邮件服务器。")
    assert list(PAUSES) == sorted(PAUSES)


def test_a_robot_hears_a_notice_once_and_a_refusal_waits(on_loopback, user):
    with robot_server() as server:
        webhook = factories.make_webhook(factories.make_organization(), by=user, address=address_of(server))
        notice = make_notice(webhook=webhook)
        send_due(now=timezone.now())
        send_due(now=timezone.now())
        server.body = '{"errcode": 45009}'
        refused = make_notice(webhook=webhook, matter="late:2:1")
        send_due(now=timezone.now())

    assert [json.loads(body)["text"]["content"] for _, _, body in server.posts] == ["【评议提醒】"] * 2
    assert outcome(notice) == ("sent", 1, "")
    assert outcome(refused) == ("waiting", 1, "企业微信没有收下，它的代码是45009。")


def test_neither_the_address_nor_its_key_is_told_where_a_robot_is_not_reached(user):
    webhook = factories.make_webhook(
        factories.make_organization(), by=user, address="https://robots.invalid/?key=secret"
    )
    notice = make_notice(webhook=webhook)

    send_due(now=timezone.now())

    assert outcome(notice) == ("waiting", 1, "查不到机器人的服务器。")


def test_after_another_key_of_the_server_the_robot_is_to_be_set_again(user, settings):
    notice = make_notice(webhook=factories.make_webhook(factories.make_organization(), by=user))
    settings.SECRET_KEY = "another-key"

    send_due(now=timezone.now())

    assert outcome(notice) == ("given_up", 1, "服务器的密钥换过，请重新设置机器人的地址。")


def test_a_notice_without_a_way_is_given_up(user, settings):
    settings.HAS_WEBHOOKS = False
    mail = make_notice(user=user)
    post = make_notice(webhook=factories.make_webhook(factories.make_organization(), by=user))

    send_due(now=timezone.now())

    assert outcome(mail) == ("given_up", 1, "没有设置邮件服务器。")
    assert outcome(post) == ("given_up", 1, "演示里不发送提醒。")


def test_of_two_senders_one_has_a_notice(user):
    make_notice(user=user)

    claimed = [claim_notice(now=timezone.now()) for _ in range(2)]

    assert [notice and notice.state for notice in claimed] == ["sending", None]


def test_a_notice_whose_sender_is_gone_is_not_sent_a_second_time(user, post_office):
    notice = make_notice(user=user)
    claim_notice(now=timezone.now())
    with mail_server() as server:
        post_office(server)
        send_due(now=timezone.now() + timedelta(minutes=14))
        still = outcome(notice)
        send_due(now=timezone.now() + timedelta(minutes=16))

    assert still == ("sending", 1, "")
    assert outcome(notice) == ("given_up", 1, LOST)
    assert server.mails == []


def test_a_sender_that_comes_back_too_late_changes_nothing(user, with_mail, settings):
    notice = make_notice(user=user)
    late = claim_notice(now=timezone.now())
    delivering.give_up_lost(now=timezone.now() + timedelta(minutes=16))

    deliver(late)

    assert outcome(notice) == ("given_up", 1, LOST)


def test_the_command_sends_what_waits_and_asks_no_other_host(user, post_office, monkeypatch):
    notice = make_notice(user=user)
    with mail_server() as server:
        post_office(server)
        connect, hosts = socket.create_connection, []
        monkeypatch.setattr(
            socket,
            "create_connection",
            lambda place, *rest, **more: hosts.append(place) or connect(place, *rest, **more),
        )
        call_command("send_notices", plan=True)

    assert outcome(notice)[0] == "sent"
    assert hosts == [server.server_address]
