"""The reason for which a file with names or opinions is taken away."""

from django import forms


class ReasonForm(forms.Form):
    """The purpose of a file, in the words of whoever takes it."""

    reason = forms.CharField(
        label="用途",
        min_length=2,
        max_length=200,
        help_text="如：提交党委会研究、归档、交整改责任人。不要写别人的话。",
        error_messages={"required": "请写明这份文件做什么用。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
