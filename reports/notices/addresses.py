"""Addresses of mail: one counts once the code that was sent to it came back from the account that asked for it.

Whatever was typed, the answer is the same: nobody learns whether an address is there, or whose it is.
"""

import secrets
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from pingyi.keys import lock_for

from ..models import MailAddress, Notice
from .matters import Matter
from .reaching import NotReached
from .texts import notice_subject, notice_text

ASKING = "address:"
FIGURES = 8
VALID_FOR = timedelta(hours=24)
MOST_WRONG = 5
REASON = "有账号在评议系统里把这个邮箱填作收提醒的地址，填回确认码以后才发提醒。不是您填的，不用理会，以后也不会再发。"
NOTHING_ASKED: dict[str, object] = {
    "asked_address": "",
    "locked_code": "",
    "asked_key": "",
    "asked_at": None,
    "wrong_count": 0,
}


def confirmed_address(user: User) -> str:
    """The address to which notices go; empty where there is none."""
    return MailAddress.objects.filter(user=user).values_list("address", flat=True).first() or ""


def asked_address(user: User) -> str:
    """The address that waits for its code; empty where there is none."""
    return MailAddress.objects.filter(user=user).values_list("asked_address", flat=True).first() or ""


def drop_address(user: User) -> None:
    """Let nothing go to any address any more."""
    MailAddress.objects.filter(user=user).delete()


def keep_address(user: User) -> None:
    """Leave the confirmed address as it is, and ask for no other."""
    MailAddress.objects.filter(user=user).update(**NOTHING_ASKED)


def ask_address(user: User, address: str, *, now: datetime) -> Notice:
    """Queue a mail with a new code to an address; a confirmed one counts until this one is."""
    key, code = secrets.token_hex(16), "".join(secrets.choice("0123456789") for _ in range(FIGURES))
    locked = _lock().encrypt(code.encode()).decode()
    facts = {"asked_address": address, "locked_code": locked, "asked_key": key, "asked_at": now, "wrong_count": 0}
    matter = Matter(f"{ASKING}{key}", "确认收提醒的邮箱", (REASON,), reverse("reports:notice_choose"))
    with transaction.atomic():
        MailAddress.objects.update_or_create(user=user, defaults=facts)
        return Notice.objects.create(
            user=user,
            matter=matter.key,
            day=timezone.localtime(now).date(),
            subject=notice_subject(matter),
            text=notice_text(matter),
            next_at=now,
        )


def confirm_address(user: User, code: str, *, now: datetime) -> bool:
    """Whether the code is the one that was sent, in time; then the address counts. So many wrong ones end it."""
    with transaction.atomic():
        asked = MailAddress.objects.select_for_update().filter(user=user).exclude(asked_address="").first()
        if asked is None or not asked.asked_at or now > asked.asked_at + VALID_FOR or asked.wrong_count >= MOST_WRONG:
            return False
        row = MailAddress.objects.filter(pk=asked.pk)
        right = _code_of(asked)
        if not right or not constant_time_compare("".join(code.split()), right):
            row.update(wrong_count=F("wrong_count") + 1)
            return False
        row.update(address=asked.asked_address, confirmed_at=now, **NOTHING_ASKED)
    return True


def is_asking(notice: Notice) -> bool:
    return notice.matter.startswith(ASKING)


def asking_mail(notice: Notice) -> tuple[str, str]:
    """The address and the text of the mail with the code, which stands in no other row; raises NotReached."""
    asked = MailAddress.objects.filter(user=notice.user, asked_key=notice.matter.removeprefix(ASKING)).first()
    code = _code_of(asked) if asked else ""
    if asked is None or not code:
        raise NotReached("邮箱已经换过，这个确认码不再发。", may_try_again=False)
    return asked.asked_address, f"{notice.text}\n\n确认码：{code[:4]} {code[4:]}（24小时内有效）"


def _code_of(asked: MailAddress) -> str:
    """The code that was sent; none after another key of the server."""
    try:
        return _lock().decrypt(asked.locked_code.encode()).decode()
    except InvalidToken:
        return ""


def _lock():
    return lock_for("reports.mail_address")
