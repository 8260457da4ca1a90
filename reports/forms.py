"""The form of the 小结's editable sections."""

from crispy_forms.helper import FormHelper
from django import forms

from campaigns.forms.fields import PlainField

from .models import Finding, ScoreChoice
from .summary import EDITABLE, HEADINGS, MAX_SECTION_LENGTH


class SummaryForm(forms.Form):
    """One text box a section; an empty one leaves the section out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for key in EDITABLE:
            self.fields[key] = forms.CharField(
                label=HEADINGS[key],
                required=False,
                max_length=40 if key == "signed_on" else MAX_SECTION_LENGTH,
                widget=forms.TextInput if key == "signed_on" else forms.Textarea(attrs={"rows": 4}),
            )
        self.fields["shortcomings"].help_text = "没有的可以不写，留空则小结中不出现这一部分。"
        self.fields["opinions"].help_text = "意见条数由系统写在前面，不能改动。"


class FindingForm(forms.Form):
    """What the committee above decides about a crossed threshold."""

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


class ScoreChoiceForm(forms.Form):
    """What is done about a weighted category without ballots (scenario C15)."""

    answer = forms.ChoiceField(
        label="处理办法",
        choices=[
            (ScoreChoice.Answer.SPREAD.value, "①按其余类别的权重折算"),
            (ScoreChoice.Answer.WITHHOLD.value, "②暂不计算得分"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一种处理办法。"},
    )
