"""The form of the 小结's editable sections."""

from crispy_forms.helper import FormHelper
from django import forms

from ..summary import EDITABLE, HEADINGS, MAX_SECTION_LENGTH


class SummaryForm(forms.Form):
    """One text box a section; an empty one leaves the section out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for key in EDITABLE:
            self.fields[key] = forms.CharField(
                label=HEADINGS[key],
                required=False,
                max_length=40 if key == "signed_on" else MAX_SECTION_LENGTH,
                widget=forms.TextInput if key == "signed_on" else forms.Textarea(attrs={"rows": 4}),
            )
        self.fields["shortcomings"].help_text = "没有的可以不写，留空则小结中不出现这一部分。"
        self.fields["opinions"].help_text = "意见条数由系统写在前面，不能改动。"
