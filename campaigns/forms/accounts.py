"""Forms of accounts and their roles."""

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User

from ..accounts.giving import INITIAL_DAYS, edit_account, give_role, open_account
from ..models import Organization, Role
from ..permissions import organizations_of_accounts
from .fields import PartForm, PlainField
from .unit_field import TreeChoiceField


class AccountForm(UserCreationForm):
    """A new account with its first role."""

    first_name = PlainField(label="姓名", max_length=50)
    organization = TreeChoiceField(label="党组织", queryset=Organization.objects.none(), empty_label="（请选择）")
    kind = forms.ChoiceField(label="角色", choices=[("", "（请选择）"), *Role.Kind.choices])

    class Meta:
        model = User
        fields = ["username", "first_name"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations_of_accounts(user)
        self.fields["username"].help_text = "登录用，字母、数字和 @ . + - _。"
        self.fields["password1"].label = "初始密码"
        self.fields["password2"].label = "再输一次初始密码"
        self.fields["password2"].help_text = f"只能用一次：{INITIAL_DAYS}天内首次登录有效，登录后必须改成自己的密码。"

    def save(self, *, by):
        account = super().save(commit=False)
        return open_account(
            account, organization=self.cleaned_data["organization"], kind=self.cleaned_data["kind"], by=by
        )


class AccountFileForm(forms.Form):
    """The upload of a list of accounts."""

    file = forms.FileField(
        label="账号表",
        help_text=".xlsx 文件，只读第一张看得见的工作表。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )


class AccountEditForm(PartForm):
    first_name = PlainField(label="姓名", max_length=50)

    class Meta:
        model = User
        fields = ["first_name", "is_active"]
        labels = {"is_active": "可以登录"}
        help_texts = {"is_active": "不再使用的账号请取消勾选，马上不能登录；不会删除。"}

    def save(self, *, by):
        edit_account(self.instance, by=by, **self.facts)


class RoleForm(PartForm):
    """A further role of an account."""

    seen_by_constraints = ("user",)
    kind = forms.ChoiceField(label="角色", choices=[("", "（请选择）"), *Role.Kind.choices])
    organization = TreeChoiceField(label="党组织", queryset=Organization.objects.none(), empty_label="（请选择）")

    class Meta:
        model = Role
        fields = ["kind", "organization"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations_of_accounts(user)

    def save(self, *, by):
        return give_role(self.instance, by=by)
