"""Forms about a person's data: each deed says why."""

from django import forms

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
    """Why the data is deleted."""

    reason = _reason("本人已转出本单位，申请删除。")
