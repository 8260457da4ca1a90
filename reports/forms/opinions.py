"""The questions of the opinions desk: which opinions, which of them are alike, and what was made of one."""

import unicodedata

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Layout
from django import forms
from django.db.models import Q, QuerySet

from ballots.models import Opinion, OpinionOrigin
from campaigns.forms.fields import PlainField
from campaigns.forms.lists import ListFilterForm, containing
from campaigns.models import Poll, Questionnaire

from ..models import OpinionReading
from ..opinions.desk import Answers
from ..opinions.readings import SET_ASIDE, shown_text

QUESTIONS = ("is_in_place", "is_reasonable", "is_effective")
NOT_ASKED = ("", "未评")
STATES = {
    "unread": ("未阅", Q(reading=None)),
    "read": ("已阅，计入", Q(reading__isnull=False, reading__is_set_aside=False)),
    "waiting": ("已阅，未转台账", Q(reading__is_set_aside=False, reading__problem=None, reading__isnull=False)),
    "sent": ("已转台账", Q(reading__problem__isnull=False)),
    "aside": ("不作为意见", SET_ASIDE),
}


class OpinionFilterForm(ListFilterForm):
    """Which opinions of a poll are listed; their order is that of the targets, and random."""

    target = forms.ChoiceField(label="评议对象", required=False)
    kind = forms.ChoiceField(label="类型", required=False)
    category = forms.ChoiceField(label="类别", required=False)
    source = forms.ChoiceField(
        label="来源",
        required=False,
        choices=[("", "全部来源"), ("ballot", "评议票"), *OpinionOrigin.Source.choices],
    )
    state = forms.ChoiceField(label="状态", required=False)
    q = forms.CharField(label="文字", required=False, max_length=50)

    def __init__(self, *args, poll: Poll, categories: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        targets = poll.targets.filter(opinions__isnull=False).order_by("position", "pk").distinct()
        kinds = dict(Questionnaire.OpinionKind.choices)
        asked = poll.targets.values_list("questionnaire__opinion_kind", flat=True).order_by().distinct()
        self.fields["target"].choices = [("", "全部对象"), *((str(target.pk), target.name) for target in targets)]
        self.fields["kind"].choices = [("", "全部类型"), *((kind, kinds[kind]) for kind in asked)]
        self.fields["category"].choices = [
            ("", "全部类别"),
            ("none", "未分类"),
            *((category, category) for category in categories),
        ]
        self.fields["state"].choices = [("", "全部状态"), *((key, label) for key, (label, _) in STATES.items())]

    def filtered(self, opinions: QuerySet[Opinion]) -> QuerySet[Opinion]:
        chosen = self.wanted
        if target := chosen.get("target"):
            opinions = opinions.filter(target_id=target)
        if kind := chosen.get("kind"):
            opinions = opinions.filter(kind=kind)
        if category := chosen.get("category"):
            unsorted = Q(reading=None) | Q(reading__category="")
            opinions = opinions.filter(unsorted if category == "none" else Q(reading__category=category))
        if source := chosen.get("source"):
            opinions = opinions.filter(origin=None) if source == "ballot" else opinions.filter(origin__source=source)
        if state := chosen.get("state"):
            opinions = opinions.filter(STATES[state][1])
        # Nobody finds an opinion by words that were masked in it.
        masked = Q(reading__masked_text__gt="")
        words = chosen.get("q", "")
        is_shown = ~masked & containing(words, "text") | masked & containing(words, "reading__masked_text")
        return opinions.filter(is_shown) if words.strip() else opinions


class OpinionMergeForm(forms.Form):
    """The opinions that are alike."""

    opinions = forms.TypedMultipleChoiceField(
        label="意见建议",
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": "请至少勾选两条意见，再并为一条。",
            "invalid_choice": "勾选的意见不在这个评议点里，请重新打开列表再选。",
        },
    )

    def __init__(self, *args, opinions, **kwargs):
        """`opinions` are those that may be chosen: pairs of key and label."""
        super().__init__(*args, **kwargs)
        self.fields["opinions"].choices = opinions


class OpinionReadingForm(forms.ModelForm):
    """A reader's entry about one opinion; `answers` are the arguments of the desk's deed."""

    category = PlainField(
        label="类别",
        max_length=20,
        required=False,
        help_text="可以从常用类别中选，也可以自己写。",
        widget=forms.TextInput(attrs={"list": "opinion-categories", "autocomplete": "off"}),
    )
    masked_text = forms.CharField(
        label="公开的文字",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="小结、意见清单和台账都用这里的文字。能看出是谁写的、写的是谁的字句，请在这里改掉，如把人名改为“有的同志”。",
    )

    # Which state of the reading the page showed.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = OpinionReading
        fields = ["category", "masked_text", "is_in_place", "is_reasonable", "is_effective", "is_set_aside"]

    def __init__(self, *args, opinion: Opinion, **kwargs):
        super().__init__(*args, **kwargs)
        self.opinion = opinion
        self.initial["masked_text"] = shown_text(opinion)
        self.fields["is_set_aside"].help_text = "写了“无”“没有意见”之类的，勾选后不计入征求到的意见建议条数。"
        self.initial["seen"] = self.instance.revision
        for name in QUESTIONS:
            asked = OpinionReading._meta.get_field(name)
            choices = [NOT_ASKED, *asked.choices]
            self.fields[name] = forms.ChoiceField(
                label=asked.verbose_name, required=False, choices=choices, widget=forms.RadioSelect
            )
        self.layout = Layout("masked_text", "category", *map(InlineRadios, QUESTIONS), "is_set_aside", "seen")

    def clean_masked_text(self):
        """Empty where nothing was masked."""
        text = _tidy(self.cleaned_data["masked_text"])
        if not text:
            raise forms.ValidationError("请保留可以公开的文字；整条都不宜公开的，可写“（内容略）”。")
        return "" if text == _tidy(self.opinion.text) else text

    @property
    def answers(self) -> Answers:
        columns = {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}
        return Answers(columns, seen=self.cleaned_data["seen"])

    def show_again(self, reading: OpinionReading | None) -> None:
        """Let what was typed be sent once more, beside the reading as it is now."""
        self.data = self.data.copy()
        self.data["seen"] = reading.revision if reading else ""


def _tidy(text: str) -> str:
    """Lines without what cannot be printed: a participant may have pasted it, and a reader cannot see it to delete it."""
    lines = (
        "".join(character for character in line if unicodedata.category(character) not in ("Cc", "Cs", "Co"))
        for line in text.replace("\t", " ").splitlines()
    )
    return "\n".join(line.strip() for line in lines).strip()
