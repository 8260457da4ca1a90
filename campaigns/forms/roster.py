"""The upload of a roster workbook."""

from django import forms
from django.core.exceptions import ValidationError

from ..roster.comparing import SECOND, SKIP, TRANSFER, Namesake, RosterChoices, RosterComparison
from ..roster.nearness import NearUnit
from ..roster.safety import MAX_UPLOAD_BYTES

# More are answered all together.
MOST_NAMESAKES = 100
OTHER = "other"


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


class RosterUnitsForm(forms.Form):
    """Which units the names that come near them are."""

    upload = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args, near: list[NearUnit], **kwargs):
        super().__init__(*args, **kwargs)
        self._near = {f"u{place}": unit for place, unit in enumerate(near)}
        for field, unit in self._near.items():
            self.fields[field] = forms.ChoiceField(
                label=f"工作表“{unit.sheet}”第{unit.row}行的“{unit.name}”",
                choices=[*((other, f"就是“{other}”") for other in unit.others), (OTHER, "是另外一个单位")],
                widget=forms.RadioSelect,
                error_messages={"required": "请选择。"},
            )

    @property
    def same(self) -> dict[str, str]:
        """The names that are units there are, each with the unit's path."""
        answers = {unit.name: self.cleaned_data[field] for field, unit in self._near.items()}
        return {name: answer for name, answer in answers.items() if answer != OTHER}

    @property
    def told_apart(self) -> list[str]:
        return [unit.name for unit in self._near.values() if unit.name not in self.same]


class RosterConfirmForm(forms.Form):
    """The upload that a preview hands back, the digest of what it showed, and who is who, stays and goes."""

    upload = forms.CharField(max_length=60, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    for_all = forms.ChoiceField(
        label="与别处党员同名的新增党员",
        choices=[
            ("", "逐个选择"),
            (TRANSFER, "都是同一个人：转接到这里"),
            (SECOND, "都是另外的人：新增"),
            (SKIP, "都不导入，名册照旧"),
        ],
        required=False,
    )
    deactivated = forms.TypedMultipleChoiceField(
        label="从名册移出", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, comparison: RosterComparison, **kwargs):
        super().__init__(*args, **kwargs)
        self._namesakes = {f"n{namesake.row}": namesake for namesake in comparison.namesakes}
        for field, namesake in list(self._namesakes.items())[:MOST_NAMESAKES]:
            self.fields[field] = forms.ChoiceField(
                label=f"第{namesake.row}行{namesake.name}（{namesake.unit}）：{'、'.join(namesake.others)}有同名党员",
                choices=[
                    (SKIP, "不导入这一行，名册照旧"),
                    *((f"{TRANSFER}{key}", f"同一个人：由“{unit}”转接到这里") for key, unit in namesake.movable),
                    (SECOND, "另外一个人：新增"),
                ],
                widget=forms.RadioSelect,
                required=False,
            )
        if not self._namesakes:
            del self.fields["for_all"]
        members = [(member.key, f"{member.unit}：{member.name}（{member.post}）") for member in comparison.absent]
        self.fields["deactivated"].choices = members
        if not members:
            del self.fields["deactivated"]

    def choices(self) -> RosterChoices:
        """The answers that were given; a namesake without one is missing among them."""
        answers = {namesake.row: self._answer(field, namesake) for field, namesake in self._namesakes.items()}
        return RosterChoices(
            {row: answer for row, answer in answers.items() if answer},
            frozenset(self.cleaned_data.get("deactivated", ())),
        )

    def _answer(self, field: str, namesake: Namesake) -> tuple[str, int] | None:
        answer = self.cleaned_data.get(field) or self.cleaned_data.get("for_all", "")
        if answer in (SKIP, SECOND):
            return answer, 0
        if answer.startswith(TRANSFER):
            keys = [str(key) for key, _ in namesake.movable]
            key = answer.removeprefix(TRANSFER) or (keys[0] if len(keys) == 1 else "")
            return (TRANSFER, int(key)) if key in keys else None
        return None

    @property
    def namesake_fields(self) -> list:
        return [self[field] for field in self._namesakes if field in self.fields]
