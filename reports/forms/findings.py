"""The decision on a crossed threshold."""

from django import forms

from campaigns.forms.fields import PlainField

from ..models import Finding


class FindingForm(forms.Form):
    """The decision of the committee above about a crossed threshold."""

    state = forms.ChoiceField(
        label="认定意见",
        choices=[
            (Finding.State.CONFIRMED.value, "认定"),
            (Finding.State.DISMISSED.value, "不予认定"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择认定或不予认定。"},
    )
    reason = PlainField(
        label="理由",
        max_length=300,
        required=False,
        help_text="不予认定的必须写明理由，如“经核查，3张票为误填”。",
    )

    def clean(self):
        if self.cleaned_data.get("state") == Finding.State.DISMISSED and not self.cleaned_data.get("reason"):
            self.add_error("reason", "不予认定的，请写明理由。")
        return self.cleaned_data
