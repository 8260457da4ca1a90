"""The reason why something opened is taken back to preparation."""

from django import forms

from campaigns.models import TakenBack
from campaigns.models.columns import max_length


class TakingBackForm(forms.Form):
    """Why, in words that stay on the page of the poll and of the campaign."""

    reason = forms.CharField(
        label="退回原因",
        max_length=max_length(TakenBack, "reason"),
        help_text="如：票上漏了一名评议对象。原因、时间和退回人一直列在页面上。",
        error_messages={"required": "请写明退回原因。"},
    )
