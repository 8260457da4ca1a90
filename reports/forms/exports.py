"""The choice of the file to be exported for every unit at and below a unit."""

from django import forms

from ..models import Export

MOST_UNITS = 2000
_NOTES = {
    (Export.Kind.SUMMARY, Export.Format.PDF): "每个单位一份，定了稿的用定稿，还没有补齐的标明草稿",
    (Export.Kind.SUMMARY, Export.Format.DOCX): "同样的内容，可以在WPS或Word里接着改",
    (Export.Kind.RESULTS, Export.Format.PDF): "各项评议内容的票数和比率",
    (Export.Kind.RESULTS, Export.Format.XLSX): "另有意见建议清单",
    (Export.Kind.COUNT_SHEET, Export.Format.PDF): "带签字栏",
    (Export.Kind.REPORT, Export.Format.XLSX): "结果、意见、整改台账、点评和承诺，一个单位一个工作簿",
    (Export.Kind.WHOLE_REPORT, Export.Format.XLSX): "本级和全部下级合在一个工作簿里，与汇总小结数字相同",
}


class ExportForm(forms.Form):
    """A choice among the files that there are for a unit; `total` units will each have one."""

    contents = forms.ChoiceField(
        label="导出什么",
        widget=forms.RadioSelect,
        choices=[
            (f"{kind}.{format}", f"{kind.label}（{format.label}）：{_NOTES[kind, format]}")
            for kind, format in Export.FORMATS
        ],
        error_messages={"required": "请选择要导出的文件。", "invalid_choice": "没有这种文件，请从列出的里面选一种。"},
    )

    def __init__(self, *args, total: int, **kwargs):
        super().__init__(*args, **kwargs)
        self._total = total

    def clean(self):
        if self._total > MOST_UNITS:
            raise forms.ValidationError(
                f"这里有{self._total}个已封存的评议点，一次最多导出{MOST_UNITS}个，请到下级单位分别导出。"
            )
        return super().clean()

    @property
    def asked(self) -> dict[str, str]:
        """The kind and the format."""
        kind, _, format = self.cleaned_data["contents"].partition(".")
        return {"kind": kind, "format": format}
