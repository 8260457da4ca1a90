"""The upload of a roster workbook."""

from django import forms
from django.core.exceptions import ValidationError

from ..roster.safety import MAX_UPLOAD_BYTES


class RosterForm(forms.Form):
    file = forms.FileField(
        label="名册工作簿",
        help_text=f".xlsx 文件，不超过{MAX_UPLOAD_BYTES // 1024 // 1024} MB。",
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD_BYTES:
            raise ValidationError(f"文件超过{MAX_UPLOAD_BYTES // 1024 // 1024} MB，请分成几个工作簿导入。")
        return file


class RosterHiddenForm(forms.Form):
    """Whether the hidden parts of an upload come in."""

    upload = forms.CharField(max_length=60, widget=forms.HiddenInput)
    hidden = forms.ChoiceField(
        label="隐藏的部分",
        choices=[("leave", "不导入隐藏的部分，只导入看得见的"), ("count", "一起导入")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择隐藏的部分是否导入。"},
    )


class RosterConfirmForm(forms.Form):
    """The upload that a preview hands back, and the digest of what it showed."""

    upload = forms.CharField(max_length=60, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
