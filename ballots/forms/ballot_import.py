"""The upload of ballots collected elsewhere, and its confirmation."""

from django import forms
from django.core.exceptions import ValidationError

from campaigns.models import Campaign, Poll
from campaigns.roster.safety import MAX_UPLOAD_BYTES

# More are not offered one by one: the page would be all choices.
MOST_UNITS = 1000
MEGABYTES = MAX_UPLOAD_BYTES // 1024 // 1024


class ImportForm(forms.Form):
    file = forms.FileField(
        label="评议票文件",
        help_text=f"CSV 或文本（UTF-8 或 GB18030 编码）、.xlsx，不超过{MEGABYTES} MB。",
        widget=forms.FileInput(
            attrs={
                "accept": ".csv,.txt,.xlsx,text/csv,text/plain,"
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        ),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD_BYTES:
            raise ValidationError(f"文件超过{MEGABYTES} MB，请分成几个文件导入。")
        return file


class _UnitField(forms.ModelChoiceField):
    def label_from_instance(self, poll):
        return str(poll.organization)


class TemplateForm(forms.Form):
    """Whose ballot the empty table is for."""

    poll = _UnitField(
        label="用于哪个单位", queryset=Poll.objects.none(), required=False, empty_label="各单位合用一张表"
    )

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        polls = campaign.polls.exclude(form=None).select_related("organization").defer("form")
        self.fields["poll"].queryset = polls
        if polls.count() > MOST_UNITS:
            del self.fields["poll"]


class ImportConfirmForm(forms.Form):
    """Which upload is meant, and that ballots which are in already are others that look the same."""

    upload = forms.CharField(max_length=60, widget=forms.HiddenInput)
    hidden = forms.ChoiceField(
        label="隐藏的行和列",
        choices=[("leave", "不导入隐藏的，只导入看得见的"), ("count", "一起导入")],
        widget=forms.RadioSelect,
        required=False,
    )
    earlier = forms.ChoiceField(
        label="与以前导入的票",
        choices=[
            ("replace", "是同一批票后来重新下载的：代替以前的，以前的票批作废"),
            ("add", "是另外的票：两批都计入"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    again = forms.BooleanField(label="确认再次导入", required=False)

    def __init__(
        self,
        *args,
        is_repeated: bool = True,
        counts: tuple[int, int] | None = None,
        has_earlier: bool = True,
        **kwargs,
    ):
        """`counts`, where parts are hidden: the ballots that are in sight, and all."""
        super().__init__(*args, **kwargs)
        if not is_repeated:
            del self.fields["again"]
        if not has_earlier:
            del self.fields["earlier"]
        if counts is None:
            del self.fields["hidden"]
        else:
            seen, every = counts
            self.fields["hidden"].choices = [
                ("leave", f"不导入隐藏的，只导入看得见的（共{seen}张）"),
                ("count", f"一起导入（共{every}张）"),
            ]
