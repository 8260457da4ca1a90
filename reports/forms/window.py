"""Forms of 窗口即时评议: what anybody taps and writes, and what those who keep windows fill in."""

from django import forms

from ballots.voting.casting import MAX_OPINION_LENGTH
from campaigns import library
from campaigns.actions import own_scales_above
from campaigns.forms.fields import PartForm, PlainField, PlainTextField, day_input
from campaigns.forms.questionnaires import own_label
from campaigns.forms.seen import SharedRowForm

from ..models import ServiceWindow, WindowWord

MAX_WORD_LENGTH = 200


class TapForm(forms.Form):
    """The grade that a button stands for, and the key of the page."""

    grade = forms.TypedChoiceField(coerce=int)
    key = forms.CharField(max_length=200, required=False)

    def __init__(self, *args, window: ServiceWindow, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = [(place, grade.label) for place, grade in enumerate(window.grades, start=1)]


class WordForm(forms.Form):
    """A word after a tap."""

    text = PlainTextField(
        label="还想说一句（可以不写）",
        max_length=MAX_WORD_LENGTH,
        error_messages={
            "required": "还没有写。不想写的，可以直接离开。",
            "max_length": f"至多{MAX_WORD_LENGTH}字，请删短后再交。",
        },
    )


class WindowNameForm(PartForm):
    """The name of a window, which stands on its page and poster."""

    seen_by_constraints = ("organization",)
    name = PlainField(label="窗口名称", max_length=50, help_text="如“不动产登记窗口”，印在海报上，群众看得到。")

    class Meta:
        model = ServiceWindow
        fields = ["name"]


class WindowForm(WindowNameForm):
    """A new window; its question and scale are never changed, for then sums of different questions would be added."""

    question = PlainField(
        label="评议内容",
        max_length=60,
        initial=ServiceWindow._meta.get_field("question").default,
        help_text="一句话，问来办事的人。设好以后不能改；要换，另设一个窗口。",
    )
    scale = forms.ChoiceField(label="等次", help_text="一档一个大按钮。设好以后不能改。")

    class Meta:
        model = ServiceWindow
        fields = ["name", "question"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = own_scales_above(self.instance.organization.path)
        self.fields["scale"].choices = [
            *((scale.key, scale.name) for scale in library.scales().values()),
            *((scale.key, own_label(scale)) for scale in own),
        ]


class MaskWordForm(SharedRowForm):
    """The words in which somebody's own are shown."""

    masked_text = PlainTextField(
        label="公开的文字",
        max_length=MAX_OPINION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="能看出是谁写的、写的是谁的字句，改成别的说法。留空保存，即照原文显示。",
    )

    class Meta:
        model = WindowWord
        fields = ["masked_text"]


class WindowChoiceField(forms.ModelChoiceField):
    """A choice of a window, with its unit."""

    def label_from_instance(self, window):
        return f"{window.organization.name}·{window.name}"


class TakingForm(forms.Form):
    """The window and the whole days that a campaign takes."""

    window = WindowChoiceField(label="服务窗口", queryset=ServiceWindow.objects.none())
    first_on = forms.DateField(label="从哪天", widget=day_input())
    last_on = forms.DateField(
        label="到哪天", widget=day_input(), help_text="整天计算，两头都在内；当天的还没有公布，不能汇总。"
    )

    def __init__(self, *args, windows, targets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["window"].queryset = windows
        if len(targets) > 1:
            self.fields["target"] = forms.ModelChoiceField(
                label="留言作为对谁的意见", queryset=targets, initial=targets[0], empty_label=None
            )
