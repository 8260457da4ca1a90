"""The second factor at signing in: six figures that a device shows for half a minute (TOTP, RFC 6238), or a recovery code.

Each is taken once. Whoever administers accounts or audits has to have one, after some days in which to get a device ready; others
where the installation says so (PINGYI_SECOND_FACTOR_FOR). In the demo it is offered alone.
"""

import base64
import hashlib
import hmac
import secrets
import time
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from pingyi.keys import lock_for

from ..models import AccountDeed, AccountStanding, RecoveryCode, Role, SecondFactor
from .deeds import record_deed
from .giving import standing_of

ISSUER = "群众评议"
STEP_SECONDS, FIGURES, SECRET_BYTES = 30, 6, 20
# A device whose clock is a step early or late is understood.
TOLERATED_STEPS = (-1, 0, 1)
RECOVERY_CODES = 10
# Six groups of four, 118 bits: nobody tries them all, so that a plain digest does.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS, GROUP_LENGTH = 6, 4
# How long somebody who has to have a second factor may put it off.
GRACE_DAYS = 14
ALWAYS = (Role.Kind.ADMINISTRATOR, Role.Kind.AUDITOR)
# The session's word of an account whose password was right, and for how long it waits for the code.
WAITING, SECONDS_FOR_CODE = "second_code_of", 10 * 60


class WrongSecondCode(Exception):
    """A code that is not the device's, or was used; the message is for the user."""


def new_secret() -> str:
    """A secret for a device, in the letters that its owner may type."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def lock_secret(secret: str) -> str:
    return lock_for("second factor").encrypt(secret.encode()).decode()


def unlock_secret(value: str) -> str:
    """The secret again; empty where it was locked with a key that counts no more."""
    try:
        return lock_for("second factor").decrypt(value.encode()).decode()
    except InvalidToken:
        return ""


def device_address(account: User, secret: str) -> str:
    """The address in the QR code that a device reads."""
    return _totp(secret).get_provisioning_uri(account.get_username(), ISSUER)


def code_at(secret: str, step: int) -> str:
    """The figures that the device shows in a step of time."""
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def present_step() -> int:
    return int(time.time()) // STEP_SECONDS


def has_factor(account: User) -> bool:
    return SecondFactor.objects.filter(user=account).exists()


def is_wanted(account: User, standing: AccountStanding) -> bool:
    """Whether the account has to have a second factor and has none."""
    if not settings.SECOND_FACTOR_DEMANDED or settings.DEMO or standing.is_demo:
        return False
    kinds = {*ALWAYS, *settings.SECOND_FACTOR_FOR}
    is_concerned = account.is_superuser or Role.objects.filter(user=account, kind__in=kinds).exists()
    return is_concerned and not has_factor(account)


def asked_until(account: User) -> datetime:
    """Until when the owner may put the second factor off; the days begin when it is first asked for."""
    asked_at = standing_of(account).second_factor_asked_at
    if asked_at is None:
        asked_at = timezone.now()
        AccountStanding.objects.update_or_create(user=account, defaults={"second_factor_asked_at": asked_at})
    return asked_at + timedelta(days=GRACE_DAYS)


def account_in_waiting(session) -> tuple[User | None, str]:
    """The account whose password was given a while ago, unless it was changed or shut meanwhile; and where to go on."""
    key, mark, begun, onward = session.get(WAITING, (0, "", 0, ""))
    account = User.objects.filter(pk=key, is_active=True).first()
    if account is None or time.time() - begun > SECONDS_FOR_CODE:
        return None, ""
    return (account, onward) if constant_time_compare(mark, account.get_session_auth_hash()) else (None, "")


def add_factor(account: User, secret: str, typed: str) -> list[str]:
    """Take a device whose code proves that it has the secret, in the place of an earlier one; returns new recovery codes.

    They are shown once. Raises WrongSecondCode.
    """
    step = _step_of(secret, typed)
    if step is None:
        raise WrongSecondCode(_sentence())
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        SecondFactor.objects.filter(user=account).delete()
        factor = SecondFactor.objects.create(user=account, locked_secret=lock_secret(secret), last_step=step)
        RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, sha256=_digest(code)) for code in codes)
        record_deed(account, AccountDeed.Kind.SECOND_ADDED, by=account)
    return codes


def use_code(account: User, typed: str) -> bool:
    """Take a code of the account's device, or else a recovery code; returns whether it was the latter.

    Raises WrongSecondCode for any other, and for one that was used.
    """
    factor = SecondFactor.objects.filter(user=account).first()
    if factor is None:
        raise WrongSecondCode(_sentence())
    if _use_figures(factor, typed):
        return False
    with transaction.atomic():
        used, _ = RecoveryCode.objects.filter(factor=factor, sha256=_digest(typed)).delete()
        if not used:
            raise WrongSecondCode(_sentence())
        record_deed(account, AccountDeed.Kind.RECOVERY_USED, by=account)
    return True


def take_factor(account: User, *, by: User | None) -> bool:
    """Let an account sign in with the password alone, because its device is lost; whether it had one."""
    with transaction.atomic():
        taken, _ = SecondFactor.objects.filter(user=account).delete()
        if taken:
            record_deed(account, AccountDeed.Kind.SECOND_TAKEN, by=by)
    return bool(taken)


def _use_figures(factor: SecondFactor, typed: str) -> bool:
    secret = unlock_secret(factor.locked_secret)
    step = _step_of(secret, typed) if secret else None
    if step is None:
        return False
    # Locked anew, so that no secret hangs on a key that is to be given up.
    unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return unused.update(last_step=step, locked_secret=lock_secret(secret)) == 1


def _step_of(secret: str, typed: str) -> int | None:
    """The step of time about now whose figures these are."""
    figures = "".join(typed.split())
    steps = [present_step() + away for away in TOLERATED_STEPS]
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), figures.encode())), None)


def _sentence() -> str:
    return (
        f"验证码不对，或者已经用过，请等下一个。服务器现在的时间是{timezone.localtime():%H:%M:%S}，"
        "手机的时间与它相差半分钟以上的，请先把时间调准。"
    )


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), FIGURES, SHA1(), STEP_SECONDS)  # noqa: S303


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def _digest(code: str) -> str:
    return hashlib.sha256("".join(filter(str.isalnum, code)).lower().encode()).hexdigest()
