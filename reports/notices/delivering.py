"""A notice's way from the queue to its end. Each step is one guarded UPDATE, and it is marked before anything is sent:
of a process that ends in the middle nobody knows how far it came, and a second notice is worse than none.
"""

import smtplib
import time
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models.columns import max_length
from campaigns.models.states import move

from ..models import Notice, Webhook
from .addresses import asking_mail, confirmed_address, is_asking
from .reaching import NotReached
from .robots import post_to_robot

# Minutes before the next try; after the last one it is given up.
PAUSES = (1, 5, 15, 60, 240)
# A notice that is being sent for so long has lost its sender.
LOST_AFTER = timedelta(minutes=15)
# A round ends after so long, well before the worker loses patience; the next one goes on.
SECONDS_OF_ROUND = 240
LOST = "发送时程序中断，不知道是否送到，不再重发。"
FOOTER = "这封信由评议系统自动发出，请不要回复。要改收哪些提醒，登录后打开“我的账号”里的“提醒”。"
_State = Notice.State
_PROBLEM_LENGTH = max_length(Notice, "problem")


def send_due(*, now: datetime, stop: Event | None = None) -> int:
    """Try the notices whose time has come, as many as a round has time for, until told to stop; the number of them."""
    give_up_lost(now=now)
    tried, ends_at = 0, time.monotonic() + SECONDS_OF_ROUND
    while not (stop and stop.is_set()) and time.monotonic() < ends_at and (notice := claim_notice(now=now)):
        deliver(notice)
        tried += 1
    return tried


def claim_notice(*, now: datetime) -> Notice | None:
    """The notice that has waited longest, now the caller's alone; None where none is due."""
    for notice in Notice.objects.due(now).order_by("next_at", "pk")[:10]:
        due = Q(state=_State.WAITING, next_at__lte=now)
        if move(notice, due, state=_State.SENDING, tries=F("tries") + 1, next_at=timezone.now()):
            return Notice.objects.select_related("user", "webhook").get(pk=notice.pk)
    return None


def deliver(notice: Notice) -> None:
    """Send a claimed notice, and write down what came of it."""
    try:
        _send(notice)
    except NotReached as failure:
        _put_off(notice, failure)
    else:
        _end(notice, _State.SENT, "")


def give_up_lost(*, now: datetime) -> None:
    """End the notices whose sender is gone."""
    for notice in Notice.objects.filter(state=_State.SENDING, next_at__lt=now - LOST_AFTER).order_by("pk"):
        _end(notice, _State.GIVEN_UP, LOST)


def _put_off(notice: Notice, failure: NotReached) -> None:
    problem = str(failure)[:_PROBLEM_LENGTH]
    if not failure.may_try_again or notice.tries > len(PAUSES):
        _end(notice, _State.GIVEN_UP, problem)
        return
    later = timezone.now() + timedelta(minutes=PAUSES[notice.tries - 1])
    move(notice, Q(state=_State.SENDING), state=_State.WAITING, next_at=later, problem=problem)


def _end(notice: Notice, state: str, problem: str) -> None:
    move(notice, Q(state=_State.SENDING), state=state, problem=problem, ended_at=timezone.now())


def _send(notice: Notice) -> None:
    if notice.webhook is not None:
        _by_robot(notice.webhook, notice.text)
    else:
        _by_mail(notice)


def _by_robot(webhook: Webhook, text: str) -> None:
    if not settings.HAS_WEBHOOKS:
        raise NotReached("演示里不发送提醒。", may_try_again=False)
    try:
        post_to_robot(webhook, text)
    except InvalidToken as error:
        raise NotReached("服务器的密钥换过，请重新设置机器人的地址。", may_try_again=False) from error


def _by_mail(notice: Notice) -> None:
    """Hand the mail over; what the mail server does with it is its own."""
    if not settings.HAS_MAIL:
        raise NotReached("没有设置邮件服务器。", may_try_again=False)
    address, text = asking_mail(notice) if is_asking(notice) else (_confirmed(notice), notice.text)
    connection = get_connection()
    message = EmailMessage(
        notice.subject,
        f"{text}\n\n{FOOTER}",
        to=[address],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<notice-{notice.pk}-{notice.day}@{_domain()}>"},
        connection=connection,
    )
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        raise NotReached("邮件服务器不认用户名或密码。", may_try_again=True) from error
    except OSError as error:  # errors of SMTP are among them
        raise NotReached("连不上邮件服务器。", may_try_again=True) from error
    try:
        message.send()
    except OSError as error:
        raise _told_by_server(error) from error
    finally:
        _close(connection)


def _confirmed(notice: Notice) -> str:
    """The address of the account; raises NotReached."""
    if address := confirmed_address(notice.user) if notice.user else "":
        return address
    raise NotReached("账号没有填写邮箱，或者还没有确认。", may_try_again=False)


def _told_by_server(error: OSError) -> NotReached:
    """A definite answer may be tried again where it says so; a server that went away may have taken the mail."""
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _ in error.recipients.values()), None)
    if code is None:
        return NotReached("邮件服务器没有答复，不知道是否送到。", may_try_again=False)
    return NotReached(f"邮件服务器没有收下，答复{code}。", may_try_again=400 <= code < 500)


def _close(connection) -> None:
    # The mail was handed over before.
    with suppress(OSError):
        connection.close()


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
