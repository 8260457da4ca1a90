"""A member's words about themselves, with a file."""

from django import forms

from campaigns.forms.fields import PlainTextField

LONGEST = 3000


class SelfAppraisalForm(forms.Form):
    """The text, or a file, or both."""

    text = PlainTextField(
        label="自评",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "long-answer form-control"}),
        help_text=f"对照党员标准写思想、工作、学习和作风，存在的不足和改进措施。至多{LONGEST}字。",
    )
    file = forms.FileField(
        label="附件",
        required=False,
        help_text="需要时上传书面报告的照片或扫描件：JPEG、PNG图片或PDF，不超过10MB。照片里带有的拍摄地点、时间等存入时去掉，PDF原样保存。",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def clean(self):
        if not self.errors and not self.cleaned_data.get("text") and not self.cleaned_data.get("file"):
            raise forms.ValidationError("请填写自评，或者上传附件。")
        return self.cleaned_data
