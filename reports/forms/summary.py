"""The form of the 小结's editable sections."""

from collections.abc import Sequence

from django import forms

from campaigns.forms.fields import PlainField, PlainTextField

from ..models import SummaryVersion
from ..summary import EDITABLE, HEADINGS, MAX_SECTION_LENGTH, field_names, has_stray_brace

HELP_TEXTS = {
    "leadership": "系统只写有记录的主持人、上级派员、监票人和计票人；其他确已做到的，请写在这里。留空则小结中不出现这一部分。",
    "method": "活动方案中的评议形式和程序没有逐步记录，系统不照抄；确已做到的，请写在这里。",
    "shortcomings": "没有的可以不写，留空则小结中不出现这一部分。",
    "opinions": "意见、问题、措施的数由系统写在前面，不能改动。",
    "commitments": "可以写典型经验和实事好事；留空且没有登记公开承诺的，小结中不出现这一部分。",
    "signed_on": "如2026年11月8日。",
}
CHARACTERS_A_LINE = 40


class SeenForm(forms.Form):
    """The version that a page was opened with."""

    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class SummaryForm(SeenForm):
    """A text box for each section; an empty one leaves the section out. `names` are the fields that may stand in the text."""

    def __init__(self, *args, names: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names
        for key in EDITABLE:
            self.fields[key] = self._section(key)

    def _section(self, key: str) -> forms.CharField:
        facts = {"label": "文字（可改写）", "required": False, "help_text": HELP_TEXTS.get(key, "")}
        attributes = {"aria-label": f"{HEADINGS[key]}：{facts['label']}"}
        if key == "signed_on":
            return PlainField(max_length=40, widget=forms.TextInput(attributes), **facts)
        lines = (self.initial.get(key) or "").splitlines()
        rows = sum(1 + len(line) // CHARACTERS_A_LINE for line in lines)
        widget = forms.Textarea({**attributes, "rows": min(max(rows + 1, 3), 14)})
        return PlainTextField(max_length=MAX_SECTION_LENGTH, widget=widget, **facts)

    def clean(self):
        cleaned = super().clean()
        for key in EDITABLE:
            text = cleaned.get(key, "")
            unknown = [name for name in dict.fromkeys(field_names(text)) if name not in self.names]
            if unknown:
                asked = "、".join(f"{{{name}}}" for name in unknown)
                allowed = "、".join(f"{{{name}}}" for name in self.names)
                self.add_error(key, f"没有{asked}这样的字段。可以用的字段：{allowed}。")
            if has_stray_brace(text):
                self.add_error(key, "花括号没有成对。字段写作{满意率}这样；正文中的括号请用（）。")
        return cleaned

    @property
    def texts(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in EDITABLE}

    def refuse_outdated(self, version: SummaryVersion, message: str) -> None:
        """Add the error that somebody saved meanwhile. The typed words stay; saved once more, they take the place of the other's."""
        self.add_error(None, message)
        self.data = self.data.copy()
        self.data["seen"] = version.number


class FileAllForm(forms.Form):
    """Whether the 小结 that nobody has worded are filed along with the others."""

    with_unworded = forms.BooleanField(
        label="没有人改写过的，用系统的通用文字一并定稿", required=False, help_text="不勾选的，只定已经有人写过的。"
    )
