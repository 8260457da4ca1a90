"""Decisions where two keyings differ."""

from django import forms

from campaigns.ballot_form import BallotForm, InvalidMarks

from ..paper.comparing import Difference, KeyingComparison
from ..paper.keying import PaperSheet, sections_of_cells
from .keying import answers, count_field, grouped, read_marks


class SheetDecisionForm(forms.Form):
    """A decision about a sheet that two tellers read differently."""

    def __init__(self, *args, ballot_form: BallotForm, difference: Difference, **kwargs):
        super().__init__(*args, prefix=f"s{difference.number}", **kwargs)
        self.ballot_form, self.difference = ballot_form, difference
        if difference.is_about_validity:
            self._ask_validity()
        else:
            self._ask_cells()

    def _ask_cells(self):
        cells, decided = sections_of_cells(self.ballot_form), self.difference.decided
        self.rows = []
        for place in self.difference.cells:
            section, indicator = cells[place]
            first, second = self.difference.first.marks[place], self.difference.second.marks[place]
            labels = dict(answers(section))
            name = f"c{place}"
            self.fields[name] = forms.ChoiceField(
                label=f"{section.name}·{indicator.text}",
                choices=[(mark, label + _readers(mark, first, second)) for mark, label in labels.items()],
                widget=forms.RadioSelect,
                initial=decided.marks[place] if decided else None,
            )
            self.rows.append((section, indicator, labels[first], labels[second], self[name]))

    def _ask_validity(self):
        first, decided = self.difference.first, self.difference.decided
        void, valid = (first, self.difference.second) if first.is_void else (self.difference.second, first)
        self.void, self.valid = void, valid
        typed = grouped(self.ballot_form, valid.marks)
        initial = None
        if decided:
            initial = "void" if decided.is_void else ("valid" if decided.marks == valid.marks else "other")
        self.fields["verdict"] = forms.ChoiceField(
            label="认定",
            choices=[
                ("void", f"整票无效：{void.void_reason}"),
                ("valid", f"有效，票面照{valid.keying.get_round_display()}：{typed}"),
                ("other", "有效，票面另录"),
            ],
            widget=forms.RadioSelect,
            initial=initial,
        )
        self.fields["marks"] = forms.CharField(
            label="另录的票面",
            required=False,
            max_length=2000,
            initial=grouped(self.ballot_form, decided.marks) if initial == "other" else "",
            widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        )

    def clean(self):
        values = self.cleaned_data
        if values.get("verdict") == "other":
            values["marks"] = read_marks(values.get("marks", ""))
            try:
                self.ballot_form.check_marks(values["marks"], allow_spoiled=True)
            except InvalidMarks as problem:
                self.add_error("marks", str(problem))
        return values

    def sheet(self) -> PaperSheet:
        values = self.cleaned_data
        if self.difference.is_about_validity:
            if values["verdict"] == "void":
                return PaperSheet(void_reason=self.void.void_reason)
            return PaperSheet(marks=self.valid.marks if values["verdict"] == "valid" else values["marks"])
        marks = list(self.difference.first.marks)
        for place in self.difference.cells:
            marks[place] = values[f"c{place}"]
        return PaperSheet(marks="".join(marks))


def _readers(mark: str, first: str, second: str) -> str:
    return {first: "（第一遍）", second: "（第二遍）"}.get(mark, "")


class TotalDecisionForm(forms.Form):
    """Which counts of one cell are right."""

    choice = forms.ChoiceField(
        label="认定",
        choices=[("first", "照第一遍"), ("second", "照第二遍"), ("other", "另填")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, ballot_form: BallotForm, difference: Difference, **kwargs):
        super().__init__(*args, prefix=f"s{difference.number}", **kwargs)
        self.difference = difference
        self.section, self.indicator = sections_of_cells(ballot_form)[difference.number - 1]
        for column, (_, label) in enumerate(answers(self.section)):
            self.fields[f"n{column}"] = count_field(label)
        decided = difference.decided
        if decided:
            known = {tuple(difference.second): "second", tuple(difference.first): "first"}
            self.initial["choice"] = known.get(tuple(decided), "other")
            self.initial |= {f"n{column}": number for column, number in enumerate(decided)}

    @property
    def labels(self):
        return [label for _, label in answers(self.section)]

    @property
    def count_fields(self):
        return [self[f"n{column}"] for column in range(len(self.labels))]

    def counts(self) -> list[int]:
        values = self.cleaned_data
        if values["choice"] == "first":
            return self.difference.first
        if values["choice"] == "second":
            return self.difference.second
        return [values.get(f"n{column}") or 0 for column in range(len(self.labels))]


def decision_form(post, *, ballot_form: BallotForm, comparison: KeyingComparison, difference: Difference):
    """The form that decides one difference; `post` is None for one that is only shown."""
    kind = TotalDecisionForm if comparison.batch.is_aggregated else SheetDecisionForm
    return kind(post, ballot_form=ballot_form, difference=difference)
