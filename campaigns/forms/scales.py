"""The form of a scale of one's own: a name and up to seven grades, best first."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError

from .. import library
from ..library import UNKNOWN_GRADE, LibraryGrade
from ..models import Scale
from .fields import PlainField, RowsFormSet


class ScaleForm(forms.Form):
    name = PlainField(
        label="量表名称", max_length=60, help_text="如“五档满意度”；本单位和下级单位的其他评议表可以选用。"
    )


class GradeRow(forms.Form):
    """A grade; emptied, it is left out."""

    label = PlainField(
        label="等次",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "aria-label": "等次"}),
    )
    is_positive = forms.BooleanField(
        label="属满意范围",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input", "aria-label": "属满意范围"}),
    )
    is_outside = forms.BooleanField(
        label="不计入分母",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input", "aria-label": "不计入分母"}),
    )
    score = forms.IntegerField(
        label="分值",
        required=False,
        min_value=0,
        max_value=100,
        error_messages={"invalid": "分值应为0至100的整数。"},
        widget=forms.NumberInput(attrs={"class": "form-control", "aria-label": "分值", "min": 0, "max": 100}),
    )

    def clean(self):
        facts = self.cleaned_data
        others = (facts.get("is_positive"), facts.get("is_outside"), facts.get("score") is not None)
        if not facts.get("label") and any(others):
            raise ValidationError("这一行没有写等次；不用的行请全部清空。")
        return facts

    @property
    def grade(self) -> LibraryGrade:
        label = self.cleaned_data["label"]
        return LibraryGrade(
            label=label,
            is_positive=self.cleaned_data["is_positive"],
            score=self.cleaned_data["score"],
            is_in_base=not self.cleaned_data["is_outside"] and label != UNKNOWN_GRADE.label,
        )


class GradeRows(RowsFormSet):
    first_field = "label"

    @property
    def grades(self) -> list[LibraryGrade]:
        return [row.grade for row in self._filled]

    @property
    def _filled(self) -> list[GradeRow]:
        return [row for row in self.forms if row.cleaned_data.get(self.first_field)]

    def clean(self):
        """Show each broken rule at its grade, and those of the whole above the rows."""
        if any(self.errors):
            return
        # A row that is given an error loses the field that says it is filled.
        filled, faults = self._filled, library.scale_faults(self.grades)
        for fault in faults:
            if fault.place is not None:
                filled[fault.place].add_error(
                    "is_outside" if fault.field == "is_in_base" else fault.field, fault.message
                )
        if whole := [fault.message for fault in faults if fault.place is None]:
            raise ValidationError(whole)


GradeFormSet = forms.formset_factory(
    GradeRow,
    formset=GradeRows,
    extra=0,
    min_num=library.MOST_GRADES,
    max_num=library.MOST_GRADES,
    validate_max=True,
)


def grade_rows(scale: Scale) -> Iterable[dict]:
    """The grades of a scale as the form's first contents."""
    rows = scale.grades.values("label", "is_positive", "is_in_base", "score")
    return [{**row, "is_outside": not row["is_in_base"]} for row in rows]
