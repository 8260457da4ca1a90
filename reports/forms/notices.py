"""Forms of notices: an account's own choice, and the robot of a unit's group."""

from django import forms
from django.core.exceptions import ValidationError

from ..models import NoticeChoice, Webhook
from ..notices.addresses import asked_address, confirmed_address
from ..notices.keeping import choose_notices, put_webhook
from ..notices.reaching import LONGEST, checked_address

_Way = NoticeChoice.Way


def _kinds(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=NoticeChoice.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class NoticeChoiceForm(forms.Form):
    """The kinds that an account wants, by each way that it has."""

    email = forms.EmailField(
        label="邮箱",
        required=False,
        max_length=254,
        help_text="只用来发提醒。不填的，不发邮件；填了、换了的，先发一封信，把里面的确认码填回来才算。",
        error_messages={"invalid": "请填写完整的邮箱，中间有“@”。"},
    )
    by_email = _kinds("发邮件提醒我")
    by_webhook = _kinds("发到本单位的群里")

    def __init__(self, *args, user, has_robot: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self._user = user
        chosen = list(user.notice_choices.all())
        self.initial = {
            "email": asked_address(user) or confirmed_address(user) or user.email,
            "by_email": [choice.kind for choice in chosen if choice.way == _Way.EMAIL],
            "by_webhook": [choice.kind for choice in chosen if choice.way == _Way.WEBHOOK],
        }
        if not has_robot:
            del self.fields["by_webhook"]

    def clean(self):
        facts = super().clean()
        if facts.get("by_email") and not facts.get("email") and "email" not in self.errors:
            self.add_error("email", "要收邮件提醒的，请填写邮箱。")
        return facts

    def save(self) -> None:
        facts = self.cleaned_data
        kinds = {_Way.EMAIL: facts["by_email"], _Way.WEBHOOK: facts.get("by_webhook", self.initial["by_webhook"])}
        choose_notices(self._user, kinds_by_way=kinds)


class AddressCodeForm(forms.Form):
    """The code that was sent to an address."""

    code = forms.CharField(
        label="信里的确认码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class WebhookForm(forms.Form):
    """The kind of a robot and its address, which is never shown again."""

    robot = forms.ChoiceField(label="机器人", choices=[("", "（请选择）"), *Webhook.Robot.choices])
    address = forms.CharField(
        label="地址（Webhook）",
        max_length=LONGEST,
        help_text="在群里添加机器人时给出的网址。知道它的人都能往群里发话，所以保存以后不再显示。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    sign_key = forms.CharField(
        label="加签的密钥",
        max_length=200,
        required=False,
        help_text="钉钉、飞书的安全设置选了“加签”（签名校验）的填，没有选的留空；企业微信没有。保存以后不再显示。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self):
        facts = super().clean()
        if facts.get("sign_key") and facts.get("robot") == Webhook.Robot.WECOM:
            self.add_error("sign_key", "企业微信的机器人没有加签，请留空。")
        return facts

    def clean_address(self):
        address = self.cleaned_data["address"]
        try:
            checked_address(address)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return address

    def save(self, organization, *, by) -> Webhook:
        facts = self.cleaned_data
        return put_webhook(
            organization, robot=facts["robot"], address=facts["address"], secret=facts["sign_key"], by=by
        )
