"""Forms of superiors' marks, and of the order in which secretaries are ranked."""

from django import forms

from campaigns.ballot_form import Section
from campaigns.forms.fields import PlainField, day_input

from ..secretaries.ranking import RANKED_BY, RankedBy
from .gathering import not_later


class SuperiorMarkForm(forms.Form):
    """A superior's grade for each indicator of a person's section."""

    marked_by = PlainField(
        label="评价的上级党组织或者领导", max_length=50, help_text="如：镇党委、镇党委书记李某。公开记名，不是投票。"
    )
    marked_on = forms.DateField(label="评价日期", widget=day_input())

    def __init__(self, *args, section: Section, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = [f"line_{indicator.id}" for indicator in section.indicators]
        grades = list(zip(section.digits, section.labels, strict=True))
        for name, indicator in zip(self.names, section.indicators, strict=True):
            self.fields[name] = forms.ChoiceField(label=indicator.text, choices=grades, widget=forms.RadioSelect)

    def clean_marked_on(self):
        return not_later(self.cleaned_data["marked_on"])

    @property
    def facts(self) -> dict:
        marks = "".join(self.cleaned_data[name] for name in self.names)
        return {"marks": marks, **{name: self.cleaned_data[name] for name in ("marked_by", "marked_on")}}


class RankedByForm(forms.Form):
    """The rate by which secretaries are put in order."""

    by = forms.ChoiceField(
        label="按什么排名", choices=[(by.value, label) for by, label in RANKED_BY.items()], required=False
    )

    @property
    def chosen(self) -> RankedBy:
        return RankedBy(self.cleaned_data.get("by") or RankedBy.BALLOTS) if self.is_valid() else RankedBy.BALLOTS
