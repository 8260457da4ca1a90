"""The upload of a roster workbook."""

from django import forms
from django.core.exceptions import ValidationError

from ..kept_files import XLSX
from ..roster.comparing import SECOND, SKIP, TRANSFER, Namesake, RosterChoices
from ..roster.layout import MEMBERS, SHEETS
from ..roster.meanings import RosterMeanings, column_key
from ..roster.nearness import NearUnit
from ..roster.previewing import RosterPreview
from ..roster.reading import Reading
from ..roster.safety import MAX_UPLOAD_BYTES

# More are answered all together.
MOST_NAMESAKES = 100
OTHER = "other"
NOTHING = "-"
_COLUMNS = [
    ("", "（不导入这一列）"),
    *((sheet.name, [(column_key(sheet, column), column.heading) for column in sheet.columns]) for sheet in SHEETS),
]
# The meanings that words can have, by column.
_CHOICES = {
    column_key(sheet, column): [
        ("", "请选择"),
        *column.choices.choices,
        *([] if column.is_required else [(NOTHING, "没有填写（新增的按默认，已有的不变）")]),
    ]
    for sheet in SHEETS
    for column in sheet.columns
    if column.choices
}


class RosterForm(forms.Form):
    file = forms.FileField(
        label="名册工作簿",
        help_text=f".xlsx 文件，不超过{MAX_UPLOAD_BYTES // 1024 // 1024} MB。",
        widget=forms.FileInput(attrs={"accept": f".xlsx,{XLSX}"}),
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


class RosterColumnsForm(forms.Form):
    """Which sheet a worksheet is, which column is what, and which word means what."""

    upload = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args, reading: Reading, **kwargs):
        super().__init__(*args, **kwargs)
        self._meanings = reading.meanings
        self._columns: dict[str, tuple[str, str]] = {}
        self._words: dict[str, tuple[str, str]] = {}
        for number, (title, headings) in enumerate((reading.unplaced or reading.meanings.columns).items()):
            for place, text in enumerate(headings):
                field = f"c{number}-{place}"
                self._columns[field] = (title, text)
                self.fields[field] = forms.ChoiceField(label=f"{title}：“{text}”", choices=_COLUMNS, required=False)
                self.initial[field] = self._guess(title, text)
        words = {key: [*reading.meanings.words.get(key, {}), *reading.unknown.get(key, [])] for key in _CHOICES}
        for number, (key, of_column) in enumerate(words.items()):
            for place, word in enumerate(dict.fromkeys(of_column)):
                field = f"w{number}-{place}"
                self._words[field] = (key, word)
                self.fields[field] = forms.ChoiceField(
                    label=f"{key}：“{word}”", choices=_CHOICES[key], error_messages={"required": "请选择它的意思。"}
                )
                self.initial[field] = reading.meanings.words.get(key, {}).get(word) or None
        self.is_whole = all(name in self.data for name in self.fields)

    def _guess(self, title: str, text: str) -> str:
        sheet, heading = self._meanings.sheets.get(title), self._meanings.columns.get(title, {}).get(text)
        if sheet and heading:
            return f"{sheet}·{heading}"
        near = [
            column_key(sheet, column)
            for sheet in SHEETS
            for column in sheet.columns
            if any(name in text or text in name for name in column.headings)
        ]
        named = [key for key in near if key.startswith(MEMBERS.name)]
        return (named or near or [""])[0]

    def clean(self):
        by_title: dict[str, list[tuple[str, str]]] = {}
        for field, (title, _) in self._columns.items():
            if target := self.cleaned_data.get(field):
                by_title.setdefault(title, []).append((field, target))
        if self._columns and not by_title:
            raise ValidationError("还没有说明哪一列是什么。")
        for title, chosen in by_title.items():
            self._check_sheet(title, [target for _, target in chosen])
        return self.cleaned_data

    def _check_sheet(self, title: str, targets: list[str]) -> None:
        names = {target.partition("·")[0] for target in targets}
        if len(names) > 1:
            self.add_error(None, f"工作表“{title}”的各列应属于同一种（{'、'.join(sorted(names))}）。")
        if twice := {target for target in targets if targets.count(target) > 1}:
            self.add_error(None, f"工作表“{title}”里“{'、'.join(sorted(twice))}”选了两列。")
        for sheet in SHEETS:
            lacking = [column.heading for column in sheet.needed if column_key(sheet, column) not in targets]
            if names == {sheet.name} and lacking:
                self.add_error(None, f"工作表“{title}”缺少“{'、'.join(lacking)}”列。")

    def meanings(self) -> RosterMeanings:
        """The answers."""
        given = RosterMeanings()
        for field, (title, text) in self._columns.items():
            sheet, _, heading = self.cleaned_data[field].partition("·")
            given.columns.setdefault(title, {})[text] = heading
            if sheet:
                given.sheets[title] = sheet
        for field, (key, word) in self._words.items():
            value = self.cleaned_data[field]
            given.words.setdefault(key, {})[word] = "" if value == NOTHING else value
        return given


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

    def __init__(self, *args, preview: RosterPreview, **kwargs):
        super().__init__(*args, **kwargs)
        self._namesakes = {f"n{namesake.row}": namesake for namesake in preview.namesakes}
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
        members = [(member.key, f"{member.unit}：{member.name}（{member.post}）") for member in preview.absent]
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
