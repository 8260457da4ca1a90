"""Forms of public commitments: which are listed, and what became of one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from campaigns.forms.fields import PartForm, PlainField, day_input
from campaigns.forms.lists import has_text
from campaigns.models import Commitment
from campaigns.models.commitment import CommitmentQuerySet

OVERDUE = "overdue"


class CommitmentFilterForm(forms.Form):
    """Which commitments are listed; what is not understood does not restrict."""

    unit = forms.ChoiceField(label="单位（含下级）", required=False)
    sought = forms.CharField(label="单位、姓名或内容", required=False, max_length=100)
    by = forms.ChoiceField(
        label="承诺人",
        required=False,
        choices=[("", "全部"), ("organization", "党组织"), ("member", "党员")],
    )
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部"), *Commitment.Kind.choices])
    status = forms.ChoiceField(
        label="兑现情况",
        required=False,
        choices=[("", "全部"), *Commitment.Status.choices, (OVERDUE, "已过时限、尚未兑现")],
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units

    def apply(self, commitments: CommitmentQuerySet) -> CommitmentQuerySet:
        self.is_valid()
        wanted = self.cleaned_data
        if sought := wanted.get("sought", "").strip():
            commitments = commitments.filter(has_text(sought, "organization__name", "member__name", "content"))
        if by := wanted.get("by"):
            commitments = commitments.filter(member__isnull=by == "organization")
        if kind := wanted.get("kind"):
            commitments = commitments.filter(kind=kind)
        status = wanted.get("status")
        if status == OVERDUE:
            return commitments.overdue(timezone.localdate())
        return commitments.filter(status=status) if status else commitments


class FulfilmentForm(PartForm):
    """The outcome of a commitment."""

    note = PlainField(
        label="践诺情况",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="做了什么；未兑现的写明原因和打算。至多300字。",
    )

    class Meta:
        model = Commitment
        fields = ["status", "fulfilled_on", "note"]
        widgets = {"fulfilled_on": day_input(), "status": forms.RadioSelect}
        help_texts = {"fulfilled_on": "只有已兑现的才填。"}

    def clean_fulfilled_on(self):
        day = self.cleaned_data["fulfilled_on"]
        if day and day > timezone.localdate():
            raise ValidationError(f"兑现日期不能晚于今天（{timezone.localdate():%Y-%m-%d}）。")
        return day
