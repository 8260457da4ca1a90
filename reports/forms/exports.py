"""The choice of the file to be exported for every unit at and below a unit."""

from django import forms

from ..models import Export

MOST_UNITS = 2000
# A file of the ledger holds no more: a hundred take the worker two seconds.
MOST_PROBLEMS = 1000
_NOTES = {
    (Export.Kind.SUMMARY, Export.Format.PDF): "每个单位一份，定了稿的用定稿，还没有补齐的标明草稿",
    (Export.Kind.SUMMARY, Export.Format.DOCX): "同样的内容，可以在WPS或Word里接着改",
    (Export.Kind.RESULTS, Export.Format.PDF): "各项评议内容的票数和比率",
    (Export.Kind.RESULTS, Export.Format.XLSX): "另有意见建议清单",
    (Export.Kind.COUNT_SHEET, Export.Format.PDF): "带签字栏",
    (Export.Kind.REPORT, Export.Format.XLSX): "结果、意见、整改台账、点评和承诺，一个单位一个工作簿",
    (Export.Kind.WHOLE_REPORT, Export.Format.XLSX): "本级和全部下级合在一个工作簿里，与汇总小结数字相同",
    (Export.Kind.WHOLE_RESULTS, Export.Format.XLSX): "本级和全部下级的票数和比率合在一个工作簿里，另有意见建议清单",
    (Export.Kind.LEDGER, Export.Format.PDF): "本次评议活动转入的问题，本级和全部下级的合在一份里",
    (Export.Kind.LEDGER, Export.Format.XLSX): "同样的内容，可以筛选",
}


class ExportForm(forms.Form):
    """A choice among the files that there are for a unit; `total` units will each have one; `problems` stand in their ledger."""

    contents = forms.ChoiceField(
        label="导出什么",
        widget=forms.RadioSelect,
        choices=[
            (f"{kind}.{format}", f"{kind.label}（{format.label}）：{_NOTES[kind, format]}")
            for kind, format in Export.FORMATS
        ],
        error_messages={"required": "请选择要导出的文件。", "invalid_choice": "没有这种文件，请从列出的里面选一种。"},
    )

    def __init__(self, *args, total: int, problems: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        self._total, self._problems = total, problems

    def clean(self):
        if self._total > MOST_UNITS:
            raise forms.ValidationError(
                f"这里有{self._total}个已封存的评议点，一次最多导出{MOST_UNITS}个，请到下级单位分别导出。"
            )
        is_ledger = self.cleaned_data.get("contents", "").startswith(f"{Export.Kind.LEDGER}.")
        if is_ledger and self._problems > MOST_PROBLEMS:
            raise forms.ValidationError(
                f"这里的台账有{self._problems}个问题，一份最多{MOST_PROBLEMS}个，请到下级单位分别导出。"
            )
        return super().clean()

    @property
    def asked(self) -> dict[str, str]:
        """The kind and the format."""
        kind, _, format = self.cleaned_data["contents"].partition(".")
        return {"kind": kind, "format": format}
