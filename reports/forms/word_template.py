"""The form of a unit's Word template."""

from django import forms


class WordTemplateForm(forms.Form):
    """The Word file; `word_templates.checking` looks it over."""

    file = forms.FileField(
        label="Word文档",
        help_text="docx，至多2MB。",
        error_messages={"required": "请选择一份Word文档（docx）。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
