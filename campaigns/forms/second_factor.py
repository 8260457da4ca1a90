"""The second factor: the code of a device, when it is added and at each sign-in."""

from django import forms

from ..accounts.delays import end_try, second_name
from ..accounts.second_factor import WrongSecondCode, add_factor, use_code
from .signing_in import WAIT, count_try

_ATTRIBUTES = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class SecondCodeForm(forms.Form):
    """A code that lets in, counted as a try of its own."""

    code = forms.CharField(
        label="验证码", max_length=40, widget=forms.TextInput(attrs=_ATTRIBUTES | {"autofocus": True})
    )
    is_recovery = False

    def __init__(self, *args, account, address, **kwargs):
        super().__init__(*args, **kwargs)
        self.account, self.address = account, address

    def clean_code(self):
        name = second_name(self.account.get_username())
        count_try(name, self.address)
        self.use(self.cleaned_data["code"])
        end_try(name, self.address)

    def use(self, typed):
        try:
            self.is_recovery = use_code(self.account, typed)
        except WrongSecondCode as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    @property
    def must_wait(self) -> bool:
        return self.has_error("code", WAIT)


class NewDeviceForm(SecondCodeForm):
    """The first code of a device, which brings the recovery codes."""

    def __init__(self, *args, secret, **kwargs):
        super().__init__(*args, **kwargs)
        self.secret = secret

    def use(self, typed):
        try:
            self.recovery_codes = add_factor(self.account, self.secret, typed)
        except WrongSecondCode as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
