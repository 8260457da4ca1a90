"""The upload of ballots collected elsewhere, and its confirmation."""

from django import forms
from django.core.exceptions import ValidationError

from campaigns.models import Campaign, Poll
from campaigns.roster.safety import MAX_UPLOAD_BYTES

from ..ballot_import import Asking, Meanings
from ..ballot_import.headings import CATEGORY, CHANNEL, INDICATOR, REST, UNIT

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
        # They have a ballot (constraint poll_form_frozen_while_ballots_exist); to ask for it would read each whole one.
        polls = campaign.polls.exclude(state=Poll.State.PREPARING).select_related("organization").defer("form")
        self.fields["poll"].queryset = polls
        if polls[: MOST_UNITS + 1].count() > MOST_UNITS:
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
    rest = forms.BooleanField(label="各档合计比有效票少的，差额按弃权计", required=False)
    again = forms.BooleanField(label="确认再次导入", required=False)

    def __init__(
        self,
        *args,
        is_repeated: bool = True,
        counts: tuple[int, int] | None = None,
        has_earlier: bool = True,
        has_shortfalls: bool = True,
        **kwargs,
    ):
        """`counts`, where parts are hidden: the ballots that are in sight, and all."""
        super().__init__(*args, **kwargs)
        if not is_repeated:
            del self.fields["again"]
        if not has_earlier:
            del self.fields["earlier"]
        if not has_shortfalls:
            del self.fields["rest"]
        if counts is None:
            del self.fields["hidden"]
        else:
            seen, every = counts
            self.fields["hidden"].choices = [
                ("leave", f"不导入隐藏的，只导入看得见的（共{seen}张）"),
                ("count", f"一起导入（共{every}张）"),
            ]


LEFT_OUT = "（不导入这一列）"
# More choices than this become a line to type in, with the choices as suggestions.
MOST_CHOICES = 60
_OF_ALL_ROWS = {
    UNIT: "全部是哪个单位的票",
    CHANNEL: "全部是哪个渠道的票",
    CATEGORY: "全部是哪类参评人员的票",
    INDICATOR: "各等次的数是哪一项评议内容的",
    REST: "票上有、表里没有数的评议内容",
}


def _choice(label: str, choices: list[str], *, suggestions: str, error: str) -> forms.Field:
    """A field for a choice, out of a list or, where there are very many, typed."""
    if len(choices) <= MOST_CHOICES:
        return forms.ChoiceField(
            label=label,
            choices=[("", "请选择"), *((each, each) for each in choices)],
            error_messages={"required": error},
        )
    typed = forms.TextInput(attrs={"list": suggestions, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=500, widget=typed, error_messages={"required": error})


class MeaningsForm(forms.Form):
    """Which column of a table is what, which word means what, and what holds for all rows.

    The words to ask about depend on the columns: `is_whole` is whether a POST answers all that its columns raise.
    """

    upload = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args, asking: Asking, meanings: Meanings, **kwargs):
        super().__init__(*args, **kwargs)
        self._asking = asking
        self.headings = asking.all_headings
        self._columns = {f"c{place}": name for place, name in enumerate(asking.names)}
        for field, name in self._columns.items():
            self.fields[field] = _choice(
                name, [*self.headings, LEFT_OUT], suggestions="headings", error="请选择这一列是什么。"
            )
            target = meanings.columns.get(name)
            self.initial[field] = LEFT_OUT if target == "" else target
        self._add_what_columns_raise(meanings)
        self.is_whole = all(name in self.data for name in self.fields)

    def _add_what_columns_raise(self, meanings: Meanings) -> None:
        chosen = self.columns
        self._words: dict[str, tuple[str, str]] = {}
        self.suggestions: dict[str, list[str]] = {"headings": [*self.headings, LEFT_OUT]}
        for place, name in enumerate(self._asking.names):
            target = chosen.get(name)
            for number, word in enumerate(self._asking.strange_words(name, target) if target else ()):
                field = f"w{place}-{number}"
                self._words[field] = (name, word)
                self._add(field, f"{name}：“{word}”", target, meanings.words.get(name, {}).get(word))
        self._constants = {}
        for heading in self._asking.constants(filter(None, chosen.values())):
            field = f"k{list(_OF_ALL_ROWS).index(heading)}"
            self._constants[field] = heading
            self._add(field, _OF_ALL_ROWS[heading], heading, meanings.constants.get(heading))

    def _add(self, field: str, label: str, target: str, given: str | None) -> None:
        suggestions = f"choices-{len(self.suggestions)}"
        choices = self._asking.choices(target)
        self.fields[field] = _choice(label, choices, suggestions=suggestions, error="请选择它的意思。")
        self.initial[field] = given
        if len(choices) > MOST_CHOICES:
            self.suggestions[suggestions] = choices

    @property
    def columns(self) -> dict[str, str]:
        """The heading that each column stands for, as it was sent or as it is proposed; columns without an answer are missing."""
        chosen = {name: self[field].value() for field, name in self._columns.items()}
        known = {name: "" if target == LEFT_OUT else target for name, target in chosen.items() if target}
        return {name: target for name, target in known.items() if not target or self._asking.is_known(target)}

    def clean(self):
        taken: dict[str, str] = {}
        for field, name in self._columns.items():
            target = self.cleaned_data.get(field)
            if not target or target == LEFT_OUT:
                continue
            if not self._asking.is_known(target):
                self.add_error(field, "没有这样的列；请从所列的里面选。")
            elif first := taken.get(target):
                self.add_error(field, f"“{first}”已经是“{target}”，只能选一列。")
            taken.setdefault(target, name)
        for field, (name, _) in self._words.items():
            self._require_choice(field, self.columns[name])
        for field, heading in self._constants.items():
            self._require_choice(field, heading)
        return self.cleaned_data

    def _require_choice(self, field: str, target: str) -> None:
        """A line that was typed has one of the choices too."""
        meaning = self.cleaned_data.get(field)
        if meaning and isinstance(self.fields[field], forms.CharField) and meaning not in self._asking.choices(target):
            self.add_error(field, "请从所列的里面选。")

    def meanings(self) -> Meanings:
        """The answers; while some are missing, those that are there."""
        words: dict[str, dict[str, str]] = {}
        for field, (name, word) in self._words.items():
            if value := self[field].value():
                words.setdefault(name, {})[word] = value
        constants = {heading: self[field].value() for field, heading in self._constants.items()}
        return Meanings(self.columns, words, {heading: value for heading, value in constants.items() if value})

    @property
    def column_rows(self) -> list[tuple]:
        """Each column: its name, some of its words, and the field that asks about it."""
        return [(name, self._asking.sample(name), self[field]) for field, name in self._columns.items()]

    @property
    def word_rows(self) -> list[tuple]:
        return [(name, word, self[field]) for field, (name, word) in self._words.items()]

    @property
    def constant_fields(self) -> list:
        return [self[field] for field in self._constants]
