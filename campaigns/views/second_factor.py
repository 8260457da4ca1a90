"""The second factor: adding a device, putting it off, giving its code, and an administrator's taking a lost one away."""

import time

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from pingyi.addresses import client_address

from ..accounts.second_factor import (
    WAITING,
    account_in_waiting,
    asked_until,
    device_address,
    lock_secret,
    new_secret,
    take_factor,
    unlock_secret,
)
from ..accounts.sessions import SECOND_WANTED, begin_session
from ..forms.second_factor import NewDeviceForm, SecondCodeForm
from ..models import RecoveryCode
from ..permissions import can_edit_account, require
from .confirming import grave
from .fetching import account_to_administer
from .posting import ended, posted

DEVICE = "device_secret"
TOO_MANY_REQUESTS = 429


def ask_second_code(request, account: User, onward: str):
    """Remember in the browser's session that the password was right, and ask for the code."""
    request.session[WAITING] = [account.pk, account.get_session_auth_hash(), int(time.time()), onward]
    return redirect("second_code")


@sensitive_post_parameters()
@never_cache
@login_not_required
def second_code(request):
    """The second step of signing in."""
    account, onward = account_in_waiting(request.session)
    if account is None:
        messages.error(request, "请先输入用户名和密码。")
        return redirect("login")
    form = SecondCodeForm(posted(request), account=account, address=client_address(request))
    if form.is_valid():
        return _let_in(request, account, onward, is_recovery=form.is_recovery)
    status = TOO_MANY_REQUESTS if form.must_wait else 200
    return render(request, "registration/second_code.html", {"form": form}, status=status)


def _let_in(request, account, onward, *, is_recovery):
    del request.session[WAITING]
    login(request, account)
    begin_session(request)
    if is_recovery:
        left = RecoveryCode.objects.filter(factor__user=account).count()
        messages.warning(request, f"恢复码用掉了一个，还剩{left}个。手机丢了的，请在“我的账号”换一部手机。")
    return redirect(onward or settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters()
@never_cache
@grave
def second_factor_add(request):
    """The page of a new device: the QR code, and the first code of it; then the recovery codes, once."""
    secret = unlock_secret(request.session.get(DEVICE, "")) or new_secret()
    form = NewDeviceForm(posted(request), account=request.user, address=client_address(request), secret=secret)
    if form.is_valid():
        request.session.pop(DEVICE, None)
        request.session.pop(SECOND_WANTED, None)
        return ended(render(request, "campaigns/recovery_codes.html", {"codes": form.recovery_codes}))
    if DEVICE not in request.session or not unlock_secret(request.session[DEVICE]):
        request.session[DEVICE] = lock_secret(secret)
    status = TOO_MANY_REQUESTS if form.must_wait else 200
    return render(request, "campaigns/second_factor_add.html", _device_page(request, form, secret), status=status)


def _device_page(request, form, secret):
    is_wanted = SECOND_WANTED in request.session
    until = asked_until(request.user) if is_wanted else None
    return {
        "form": form,
        "picture": segno.make(device_address(request.user, secret), micro=False).svg_data_uri(border=2, scale=5),
        "letters": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "is_wanted": is_wanted,
        "until": until,
        "may_wait": until is not None and timezone.now() < until,
    }


@require_POST
def second_factor_later(request):
    """Put it off until the next sign-in, while the days for it last."""
    if SECOND_WANTED in request.session and timezone.now() >= asked_until(request.user):
        messages.error(request, "可以推迟的日子已经过了，请现在启用两步验证。")
        return redirect("campaigns:second_factor_add")
    request.session.pop(SECOND_WANTED, None)
    return redirect("reports:home")


@require_POST
@grave
def second_factor_take(request, user_id):
    """Somebody else's device is lost: from now on the password alone lets in, until another one is added."""
    account = account_to_administer(request, user_id)
    require(can_edit_account(request.user, account))
    if take_factor(account, by=request.user):
        messages.success(request, f"已取消“{account.username}”的两步验证，本人下次登录只用密码，再启用新的。")
    else:
        messages.error(request, f"“{account.username}”没有启用两步验证。")
    return redirect("campaigns:account_edit", account.pk)
