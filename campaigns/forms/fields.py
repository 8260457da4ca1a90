"""Fields and form classes that the configuration pages share."""

import re

from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError

from ..plain_text import NotPlain, clean_text
from .seen import SharedRowForm

FRAME_IS_MISSING = "页面内容没有完整送到，请重新打开本页再填。"
CHINESE = re.compile(r"[\u3400-\u9fff]")


class PlainField(forms.CharField):
    """A line of text without invisible characters; they would spoil the ballots and the documents."""

    def to_python(self, value):
        value = super().to_python(value)
        try:
            return value if value in self.empty_values else clean_text(value)
        except NotPlain as refusal:
            raise ValidationError(str(refusal)) from refusal


class PlainTextField(forms.CharField):
    """Several lines of such text."""

    def to_python(self, value):
        value = super().to_python(value)
        try:
            return "\n".join(clean_text(line) for line in value.splitlines())
        except NotPlain as refusal:
            raise ValidationError(str(refusal)) from refusal


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def require_chinese(value: str) -> None:
    """A title that people can read: at least two Chinese characters."""
    if len(CHINESE.findall(value)) < 2:
        raise ValidationError("请用中文写明，让人一看就知道评议什么，如“2026年度党支部群众评议”。")


class PartForm(SharedRowForm):
    """Some fields of a row: writes those alone, and lets the constraints see fields that are not in the form."""

    seen_by_constraints: tuple[str, ...] = ()

    def _get_validation_exclusions(self):
        # A field that was refused already is not refused again for being empty.
        return super()._get_validation_exclusions() - (set(self.seen_by_constraints) - self.errors.keys())

    def save(self):
        self.instance.save(update_fields=[name for name in self.fields if name in self._meta.fields])
        return self.instance


class Folded(Fieldset):
    """Fields that few people change, behind their heading; unfolded where one of them has an error."""

    template = "campaigns/_folded.html"

    def render(self, form, context, *args, **kwargs):
        self.is_open = any(name in form.errors for name in self.fields)
        return super().render(form, context, *args, **kwargs)


class RowsFormSet(forms.BaseFormSet):
    """Rows of a table in the order of their numbers; a row whose first field is empty counts as removed."""

    first_field = ""
    default_error_messages = {
        "missing_management_form": FRAME_IS_MISSING,
        "too_many_forms": "最多%(num)d行。",
    }

    def get_ordering_widget(self):
        return forms.NumberInput(attrs={"class": "form-control form-control-sm", "aria-label": "次序"})

    @property
    def rows(self) -> list[dict]:
        """The contents of the filled rows, in order; rows without a number come last as they stand."""
        filled = [
            (form.cleaned_data.get("ORDER"), place, form.cleaned_data)
            for place, form in enumerate(self.forms)
            if form.cleaned_data.get(self.first_field)
        ]
        filled.sort(key=lambda row: (row[0] is None, row[0] or 0, row[1]))
        return [values for _, _, values in filled]


def with_more_rows(post, prefix: str = "form", count: int = 5):
    """The posted rows, and some empty ones more."""
    grown = post.copy()
    name = f"{prefix}-TOTAL_FORMS"
    grown[name] = str(int(post.get(name) or 0) + count) if str(post.get(name, "")).isdigit() else "0"
    return grown


def read_only_rows(form) -> list[tuple[str, str]]:
    """Label and value of each field as text, for pages on which nothing can be changed any more."""
    return [(field.label, _as_text(field.field, field.initial)) for field in form.visible_fields()]


def _as_text(field, value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(getattr(field, "choices", ()) or ())
    if isinstance(value, list | tuple | set):
        return "、".join(str(choices.get(choice, choice)) for choice in value) or "—"
    text = choices.get(value, value)
    return "—" if text in (None, "") else str(text)
