"""Forms about a person's data: each deed says why."""

from django import forms
from django.core.exceptions import ValidationError

from campaigns.forms.fields import PartForm, PlainField
from campaigns.forms.organizations import NameField
from campaigns.models import Member
from campaigns.models.columns import max_length

from ..models import PersonDeed


def _reason(example: str) -> PlainField:
    return PlainField(label="事由", max_length=max_length(PersonDeed, "reason"), help_text=f"如：{example}")


class HandOverForm(forms.Form):
    """Why the data is handed over."""

    reason = _reason("本人2026年11月30日书面申请查阅。")


class PersonCorrectForm(PartForm):
    """The columns of the roster, and why they are corrected."""

    seen_by_constraints = ("organization",)
    name = NameField(label="姓名", max_length=max_length(Member, "name"))
    reason = _reason("本人申请，姓名用字有误。")

    class Meta:
        model = Member
        fields = ["name", "status", "post"]

    @property
    def columns(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class PersonDeleteForm(forms.Form):
    """Why the data is deleted, without the name: the record stays."""

    reason = _reason("本人已转出本单位，申请删除。")

    def __init__(self, *args, name: str, **kwargs):
        super().__init__(*args, **kwargs)
        self._name = name

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if self._name in reason:
            raise ValidationError("办理记录要留着，事由里请不要写姓名，可以写“本人”。")
        return reason
