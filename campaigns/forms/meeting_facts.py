"""The upload of the workbook of meetings."""

from django import forms


class MeetingFactsFileForm(forms.Form):
    file = forms.FileField(
        label="会议情况表",
        help_text=".xlsx 文件，只读第一张看得见的工作表。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )
