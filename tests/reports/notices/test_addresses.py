"""An address counts once its code came back: within its time, from the account that asked, and for that address alone."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from reports.models import MailAddress, Notice
from reports.notices.addresses import (
    MOST_WRONG,
    VALID_FOR,
    ask_address,
    asked_address,
    confirm_address,
    confirmed_address,
    drop_address,
    keep_address,
)
from reports.notices.delivering import send_due
from tests.factories import make_user

from .servers import mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def user():
    return make_user("somebody")


@pytest.fixture
def office(settings, with_mail):
    """A mail server on the loopback, to which Django's own mail goes."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server


def mails(office):
    """Whom each mail went to, and the code in it."""
    read = [message_from_bytes(text, policy=policy.default) for text in office.mails]
    return [(mail["To"], "".join(re.search(r"确认码：(\d{4}) (\d{4})", mail.get_content()).groups())) for mail in read]


def ask(user, address="a@example.cn", *, now=None):
    return ask_address(user, address, now=now or timezone.now())


def confirm(user, code, *, now=None):
    return confirm_address(user, code, now=now or timezone.now())


def test_the_code_that_came_by_mail_confirms_the_address_once(user, office):
    ask(user)
    before = (confirmed_address(user), asked_address(user))
    send_due(now=timezone.now())
    ((receiver, code),) = mails(office)

    answers = [confirm(user, f" {code[:4]} {code[4:]} "), confirm(user, code)]

    assert (before, receiver) == (("", "a@example.cn"), "a@example.cn")
    assert answers == [True, False]
    assert (confirmed_address(user), asked_address(user)) == ("a@example.cn", "")


def test_the_code_stands_in_no_row(user, office):
    notice = ask(user)
    send_due(now=timezone.now())
    ((_, code),) = mails(office)

    notice.refresh_from_db()
    told = [str(list(model.objects.values())) for model in (Notice, MailAddress)]
    assert notice.state == "sent"
    assert not any(code in text or f"{code[:4]} {code[4:]}" in text for text in told)


def test_nothing_goes_to_an_address_that_is_not_confirmed(user, office):
    user.email = "typed@example.cn"
    user.save()
    facts = {"matter": "late:1:1", "day": timezone.localdate(), "subject": "进度滞后", "text": "【评议提醒】"}
    notice = Notice.objects.create(user=user, **facts)

    send_due(now=timezone.now())

    notice.refresh_from_db()
    assert (notice.state, notice.problem) == ("given_up", "账号没有填写邮箱，或者还没有确认。")
    assert office.mails == []


def test_another_address_wants_a_code_of_its_own_and_the_former_one_counts_until_then(user, office):
    ask(user)
    send_due(now=timezone.now())
    confirm(user, mails(office)[0][1])

    ask(user, "b@example.cn")
    send_due(now=timezone.now())
    meanwhile = confirmed_address(user)
    old_code = confirm(user, mails(office)[0][1])
    new_code = confirm(user, mails(office)[1][1])

    assert mails(office)[1][0] == "b@example.cn"
    assert (meanwhile, old_code, new_code) == ("a@example.cn", False, True)
    assert confirmed_address(user) == "b@example.cn"


def test_a_code_that_was_asked_for_again_ends_the_one_before(user, office):
    ask(user)
    waiting = ask(user, "b@example.cn")
    send_due(now=timezone.now())

    waiting.refresh_from_db()
    states = list(Notice.objects.order_by("pk").values_list("state", "problem"))
    assert [receiver for receiver, _ in mails(office)] == ["b@example.cn"]
    assert states == [("given_up", "邮箱已经换过，这个确认码不再发。"), ("sent", "")]


def test_a_code_of_another_account_confirms_nothing(user, office):
    stranger = make_user("stranger")
    ask(user)
    ask(stranger)
    send_due(now=timezone.now())
    (_, own), (_, others) = mails(office)

    assert (confirm(user, others), confirm(stranger, own)) == ((False, False) if own != others else (True, True))


def test_a_code_ends_with_its_time_and_with_so_many_wrong_ones(user, office):
    now = timezone.now()
    ask(user, now=now)
    send_due(now=now)
    ((_, code),) = mails(office)

    late = confirm(user, code, now=now + VALID_FOR + timedelta(seconds=1))
    wrong = [confirm(user, "0" * 7) for _ in range(MOST_WRONG)]
    spent = confirm(user, code)
    ask(user)
    send_due(now=timezone.now())
    fresh = confirm(user, mails(office)[1][1])

    assert (late, wrong, spent, fresh) == (False, [False] * MOST_WRONG, False, True)


def test_after_another_key_of_the_server_a_new_code_is_to_be_asked_for(user, office, settings):
    ask(user)
    settings.SECRET_KEY = "another-key"
    send_due(now=timezone.now())

    assert office.mails == []
    assert not confirm(user, "")


def test_nothing_asked_is_confirmed_by_nothing(user):
    assert not confirm(user, "")
    MailAddress.objects.create(user=user)
    assert not confirm(user, "")


def test_an_address_is_kept_or_dropped(user, office):
    ask(user)
    send_due(now=timezone.now())
    confirm(user, mails(office)[0][1])
    ask(user, "b@example.cn")

    keep_address(user)
    kept = (confirmed_address(user), asked_address(user))
    drop_address(user)

    assert kept == ("a@example.cn", "")
    assert confirmed_address(user) == ""
