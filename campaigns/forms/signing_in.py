"""Signing in, and one's own password: tries at either make the next wait when they are wrong."""

from urllib.parse import quote

from cryptography.fernet import InvalidToken
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from pingyi.addresses import client_address
from pingyi.keys import lock_for

from ..accounts.delays import MustWait, begin_try, end_try
from ..accounts.giving import has_expired, has_real_administrator, standing_of
from ..accounts.sessions import DEMO_HAS_ENDED

WAIT = "wait"
# How long typed words wait for the password.
CARRIED_SECONDS = 15 * 60


def count_try(username: str, address: str) -> None:
    """Count a try as wrong until `end_try`; refuses one that comes too early."""
    try:
        begin_try(username, address)
    except MustWait as waiting:
        raise ValidationError(str(waiting), code=WAIT) from waiting


class SignInForm(AuthenticationForm):
    def clean(self):
        """A right password takes its own try back; whatever else refuses it, an ended demo say, leaves none."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and password:
            count_try(username, client_address(self.request))
        return super().clean()

    def confirm_login_allowed(self, user):
        end_try(self.cleaned_data["username"], client_address(self.request))
        super().confirm_login_allowed(user)
        standing = standing_of(user)
        if standing.is_demo and has_real_administrator():
            raise ValidationError(DEMO_HAS_ENDED, code="demo_ended")
        if has_expired(standing, now=timezone.now()):
            raise ValidationError("初始密码已经过期，请系统管理员重设一个。", code="expired")

    @property
    def must_wait(self) -> bool:
        return self.has_error("__all__", WAIT)


class OwnPasswordForm(PasswordChangeForm):
    """The old password, which nobody who finds an open browser guesses, and a new one."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "原来的密码不对，请重新输入。",
    }

    def __init__(self, user, *args, address, **kwargs):
        super().__init__(user, *args, **kwargs)
        self.address = address

    def clean_old_password(self):
        count_try(self.user.get_username(), self.address)
        password = super().clean_old_password()
        end_try(self.user.get_username(), self.address)
        return password

    def clean(self):
        cleaned = super().clean()
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", "新密码和原来的一样，请换一个。")
        return cleaned


class ConfirmForm(forms.Form):
    """The own password again, with the fields of the form that wants it: for this account and this address alone."""

    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    # The template writes it: it is no field to look at.
    carried = forms.CharField(widget=forms.HiddenInput)
    path = ""

    def __init__(self, *args, user, address, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.address = user, address

    def carry(self, words: str) -> str:
        return lock_for("carried").encrypt(f"{self._place} {words}".encode()).decode()

    def clean_password(self):
        username, password = self.user.get_username(), self.cleaned_data["password"]
        count_try(username, self.address)
        if not self.user.check_password(password):
            raise ValidationError("密码不对，请重新输入。")
        end_try(username, self.address)
        return password

    def clean_carried(self):
        try:
            text = lock_for("carried").decrypt(self.cleaned_data["carried"].encode(), ttl=CARRIED_SECONDS).decode()
        except InvalidToken:
            text = ""
        place, _, words = text.partition(" ")
        if place != self._place:
            raise ValidationError("刚才填的内容已经失效。")
        return words

    @property
    def _place(self) -> str:
        return f"{self.user.pk}:{quote(self.path)}"

    @property
    def must_wait(self) -> bool:
        return self.has_error("password", WAIT)
