"""Forms of the first account."""

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import User

from ..accounts.beginning import is_start_code
from .fields import PlainField


class FirstAdministratorForm(BaseUserCreationForm):
    """The account that administers everything: the rules are those of any account."""

    first_name = PlainField(label="姓名", max_length=50)

    class Meta:
        model = User
        fields = ["username", "first_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = "登录用，字母、数字和 @ . + - _。"

    def validate_unique(self):
        """Names of the demo are free: the account is for another database."""


class BeginForm(FirstAdministratorForm):
    """The same, asked by the demo's page, with the code that its start showed."""

    start_code = forms.CharField(
        label="启动码",
        max_length=50,
        help_text="显示在启动评议系统的屏幕上，每次启动不同；看得到它的人才能建首任管理员。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_start_code(self):
        if not is_start_code(self.cleaned_data["start_code"]):
            raise forms.ValidationError(
                "启动码不对，请照启动评议系统的屏幕上最近一次显示的填写，字母和数字共8个，中间有“-”。"
            )
        return self.cleaned_data["start_code"]
