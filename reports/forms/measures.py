"""Forms of a problem's measures and progress."""

from django import forms
from django.core.exceptions import ValidationError

from campaigns.forms.fields import PlainField

from ..models import Measure, Problem, ProgressNote
from ..wording import date_text
from .ledger import DueField, PastDayField, RevisionForm, lines


class MeasureForm(forms.ModelForm):
    """A measure to be taken, by whom and by when; not later than its problem."""

    content = PlainField(
        label="整改措施",
        max_length=500,
        widget=lines(3),
        help_text="至多500字，一条措施写一件事。",
        error_messages={"required": "请写明措施。"},
    )
    responsible_person = PlainField(label="责任人", max_length=50, required=False)
    due_on = DueField()

    class Meta:
        model = Measure
        fields = ["content", "responsible_person", "due_on"]

    def __init__(self, *args, problem: Problem, **kwargs):
        super().__init__(*args, **kwargs)
        self.problem = problem
        if problem.due_on:
            self.fields["due_on"].help_text = f"问题的完成时限是{date_text(problem.due_on)}。"

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and self.problem.due_on and due_on > self.problem.due_on:
            raise ValidationError(f"措施的完成时限不能晚于问题的完成时限（{date_text(self.problem.due_on)}）。")
        return due_on


class MeasureEditForm(RevisionForm, MeasureForm):
    """A measure that is there."""

    def __init__(self, *args, problem: Problem, **kwargs):
        super().__init__(*args, problem=problem, **kwargs)
        self.fields["revision"].initial = problem.revision


class FinishForm(forms.Form):
    """The day on which a measure was carried out."""

    done_on = PastDayField(label="落实日期")


class NoteForm(forms.ModelForm):
    """A note of the progress made by a day."""

    noted_on = PastDayField(label="日期")
    text = PlainField(
        label="进展", max_length=500, widget=lines(2), error_messages={"required": "请写明做了什么、做到哪一步。"}
    )

    class Meta:
        model = ProgressNote
        fields = ["noted_on", "text", "measure"]

    def __init__(self, *args, problem: Problem, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = problem.measures.all()
        self.fields["measure"].empty_label = "（整个问题）"
        if not problem.measures.exists():
            del self.fields["measure"]
