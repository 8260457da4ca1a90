"""The answers where the count stops and asks."""

from dataclasses import replace
from decimal import Decimal

from django import forms

from campaigns.forms.fields import PlainField

from ..grading.excellent_quota import ExcellentQuota
from ..models import ExcellentCount, ScoreChoice


class ScoreChoiceForm(forms.Form):
    """The decision about a weighted category without ballots (scenario C15)."""

    answer = forms.ChoiceField(
        label="处理办法",
        choices=[
            (ScoreChoice.Answer.SPREAD.value, "①按其余类别的权重折算"),
            (ScoreChoice.Answer.WITHHOLD.value, "②暂不计算得分"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一种处理办法。"},
    )


class ExcellentForm(forms.ModelForm):
    """How many members were named 优秀; more than the limit wants a reason (scenario C17)."""

    reason = PlainField(
        label="超过上限的理由",
        max_length=300,
        required=False,
        help_text="不超过上限的不填；超过的，填写理由后可以继续。",
    )

    class Meta:
        model = ExcellentCount
        fields = ["excellent", "members", "attended", "reason"]

    def __init__(self, *args, excellent: ExcellentQuota, **kwargs):
        super().__init__(*args, **kwargs)
        self.excellent = excellent

    def clean(self):
        facts = self.cleaned_data
        if {"excellent", "members", "attended"} <= facts.keys():
            checked = replace(
                self.excellent,
                count=facts["excellent"],
                members=facts["members"],
                attended=facts["attended"],
                reason=facts.get("reason", ""),
            )
            if checked.wants_reason:
                self.add_error("reason", f"{checked.sentence}确需超过的，请填写理由。")
        return facts


class RateCheckForm(forms.Form):
    """A 满意率 that an office reports, to be held against the ballots (scenarios C1, C3)."""

    line = forms.ChoiceField(label="评议内容")
    reported = forms.RegexField(
        r"^\d{1,3}(\.\d{1,2})?$",
        label="拟填报的满意率（%）",
        max_length=6,
        error_messages={"invalid": "请填写0至100的数，至多两位小数，如“95.1”。"},
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = lines

    def clean_reported(self):
        reported = Decimal(self.cleaned_data["reported"])
        if reported > 100:
            raise forms.ValidationError("满意率不能超过100%。")
        return f"{reported:f}"
