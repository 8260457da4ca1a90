"""A paper sheet as a teller types it, and the totals of a count sheet."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from campaigns.ballot_form import BLANK, SPOILED, BallotForm, InvalidMarks, Section

from ..paper.keying import PaperSheet, sections_of_cells
from ..voting.casting import MAX_OPINION_LENGTH
from .paper import MOST, reason_field

AS_MARKS = str.maketrans({"0": BLANK, "*": SPOILED, "×": SPOILED, "X": SPOILED})
BETWEEN = " \t\n,，;；|/、"


def read_marks(text: str) -> str:
    """Marks as a teller types them: 0 for blank, * or x for more than one; spaces and commas only group."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(character for character in text if character not in BETWEEN).translate(AS_MARKS)


def as_typed(marks: str) -> str:
    return marks.replace(BLANK, "0").replace(SPOILED, "*")


def grouped(form: BallotForm, marks: str) -> str:
    """Marks as they are typed, target by target."""
    typed = as_typed(marks)
    return " ".join(filter(None, (typed[cells] for cells in form.slices)))


class SheetForm(forms.Form):
    """A paper sheet: one line of marks, or the reason why it is invalid as a whole; opinions where there are any."""

    number = forms.IntegerField(min_value=1, max_value=MOST, widget=forms.HiddenInput)
    marks = forms.CharField(
        label="票面",
        required=False,
        max_length=2000,
        strip=True,
        widget=forms.TextInput(
            attrs={
                "class": "form-control keyed-marks",
                "autocomplete": "off",
                "spellcheck": "false",
                "inputmode": "text",
                "autofocus": True,
            }
        ),
    )
    void_reason = reason_field(label="整票无效的原因")

    def __init__(self, *args, ballot_form: BallotForm, **kwargs):
        super().__init__(*args, **kwargs)
        self.ballot_form = ballot_form
        for section in ballot_form.sections:
            self.fields[f"o{section.id}"] = forms.CharField(
                label=section.name,
                required=False,
                max_length=MAX_OPINION_LENGTH,
                widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
            )

    def clean_marks(self):
        return read_marks(self.cleaned_data["marks"])

    def clean(self):
        marks, reason = self.cleaned_data.get("marks"), self.cleaned_data.get("void_reason")
        if marks and reason:
            self.add_error("void_reason", "整票无效的不录票面：清空票面，或者清空原因。")
        elif "marks" not in self.errors and "void_reason" not in self.errors and not reason:
            self._check_marks(marks or "")
        return self.cleaned_data

    def _check_marks(self, marks: str) -> None:
        try:
            if not marks:
                raise InvalidMarks("请录入票面；整票无效的，请填写原因。")
            self.ballot_form.check_marks(marks, allow_spoiled=True)
        except InvalidMarks as problem:
            self.add_error("marks", str(problem))

    @property
    def opinion_fields(self):
        return [self[f"o{section.id}"] for section in self.ballot_form.sections]

    def sheet(self) -> PaperSheet:
        opinions = [(section.id, self.cleaned_data[f"o{section.id}"]) for section in self.ballot_form.sections]
        return PaperSheet(
            marks=self.cleaned_data["marks"],
            void_reason=self.cleaned_data["void_reason"],
            opinions=tuple((target, text.replace("\r\n", "\n")) for target, text in opinions if text),
        )

    def problem_text(self) -> str:
        return "".join(error for errors in self.errors.values() for error in errors)


def sheet_initial(form: BallotForm, sheet) -> dict:
    """A keyed sheet as the form shows it again."""
    opinions = {f"o{target}": text for target, text in sheet.opinions}
    return {"number": sheet.number, "marks": grouped(form, sheet.marks), "void_reason": sheet.void_reason, **opinions}


def answers(section: Section) -> list[tuple[str, str]]:
    """Mark and label of everything that may stand in a cell on paper."""
    labels = [grade.label for grade in section.grades]
    return [*zip(section.digits, labels, strict=True), (BLANK, "空白"), (SPOILED, "多选")]


def count_field(label):
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST,
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control number", "inputmode": "numeric", "autocomplete": "off", "aria-label": label}
        ),
    )


class TotalsForm(forms.Form):
    """How many of each answer, cell by cell, out of a count sheet; each row must sum to the valid sheets."""

    def __init__(self, *args, ballot_form: BallotForm, valid: int, totals=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.valid = valid
        self.cells = sections_of_cells(ballot_form)
        for place, (section, indicator) in enumerate(self.cells):
            for column, (_, label) in enumerate(answers(section)):
                name = f"t{place}-{column}"
                self.fields[name] = count_field(f"{section.name}·{indicator.text}·{label}")
                if totals:
                    self.initial[name] = totals[place][column]
        self.row_errors: dict[int, str] = {}

    def totals(self) -> list[list[int]]:
        return [
            [self.cleaned_data.get(f"t{place}-{column}") or 0 for column in range(len(section.symbols))]
            for place, (section, _) in enumerate(self.cells)
        ]

    def clean(self):
        for place, row in enumerate(self.totals()):
            if any(name.startswith(f"t{place}-") for name in self.errors):
                self.row_errors[place] = "请填写0或正整数。"
            elif sum(row) != self.valid:
                self.row_errors[place] = f"合计{sum(row)}，应为{self.valid}。"
        if self.row_errors:
            raise ValidationError("有的行合计不等于有效票，见表中红字。")
        return self.cleaned_data

    @property
    def tables(self) -> list[dict]:
        """A table for each section: its answers and its rows of fields."""
        tables = []
        for place, (section, indicator) in enumerate(self.cells):
            labels = [label for _, label in answers(section)]
            if not tables or tables[-1]["section"] is not section:
                tables.append({"section": section, "labels": labels, "rows": []})
            fields = [self[f"t{place}-{column}"] for column in range(len(labels))]
            tables[-1]["rows"].append((indicator, fields, self.row_errors.get(place, "")))
        return tables
