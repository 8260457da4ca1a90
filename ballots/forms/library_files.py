"""The upload of a set of forms."""

from django import forms

from campaigns.forms.unit_field import TreeChoiceField
from campaigns.models import Organization

from ..campaign_file.library_checking import MAX_LIBRARY_BYTES


class LibraryFileForm(forms.Form):
    """A file, and the organization that keeps what is in it."""

    organization = TreeChoiceField(label="归哪个单位", queryset=Organization.objects.none(), empty_label="请选择")
    file = forms.FileField(
        label="规范表格文件",
        help_text=f".json 文件，不超过{MAX_LIBRARY_BYTES // 1024 // 1024} MB，由“下载文件”得到。",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )

    def __init__(self, *args, organizations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations.order_by("path")
        # The highest: what it keeps all units below may use.
        self.fields["organization"].initial = organizations.order_by("path").first()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_LIBRARY_BYTES:
            raise forms.ValidationError(f"文件超过{MAX_LIBRARY_BYTES // 1024 // 1024} MB，不是规范表格。")
        return file
