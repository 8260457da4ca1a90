"""Forms of what changes the tree for a reason: merging units and transferring members."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..models import MemberTransfer, Organization
from ..models.columns import max_length
from ..permissions import organizations_of_roster
from .fields import PlainField, day_input
from .unit_field import TreeChoiceField


class MoveForm(forms.Form):
    """Where to, from which day on, and on what grounds."""

    destination = TreeChoiceField(label="转入单位", queryset=Organization.objects.none(), empty_label="（请选择）")
    on = forms.DateField(label="日期", widget=day_input())
    basis = PlainField(
        label="依据",
        max_length=max_length(MemberTransfer, "basis"),
        required=False,
        help_text="如：某委组〔2026〕3号。",
    )

    def __init__(self, *args, user, source: Organization, **kwargs):
        super().__init__(*args, initial={"on": timezone.localdate()}, **kwargs)
        self.fields["destination"].queryset = organizations_of_roster(user).active().exclude(pk=source.pk)

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError("日期不能晚于今天：已经发生的才登记。")
        return day

    @property
    def facts(self) -> dict:
        """The day and the grounds."""
        return {name: self.cleaned_data[name] for name in ("on", "basis")}
