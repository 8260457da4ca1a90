"""A reported rate to be held against the ballots."""

from decimal import Decimal

from django import forms


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
