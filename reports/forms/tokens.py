"""The form of a new token of the API."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError

from campaigns.forms.fields import PartForm, PlainField, day_input
from campaigns.models import Organization

from ..models import ApiToken

USUAL_DAYS, MOST_DAYS = 365, 731


class ApiTokenForm(PartForm):
    """Its purpose, and how long it lets in."""

    seen_by_constraints = ("organization", "revoked_at")
    name = PlainField(label="用途", max_length=60, help_text="哪个程序用，如：局党建平台。")

    class Meta:
        model = ApiToken
        fields = ["name", "expires_on"]
        widgets = {"expires_on": day_input()}

    def __init__(self, *args, organization: Organization, today: date, **kwargs):
        super().__init__(*args, instance=ApiToken(organization=organization), **kwargs)
        self._today = today
        self.initial["expires_on"] = today + timedelta(days=USUAL_DAYS)

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        last = self._today + timedelta(days=MOST_DAYS)
        if not self._today <= day <= last:
            raise ValidationError(f"有效期只能是今天到{last.year}年{last.month}月{last.day}日之间的一天。")
        return day
