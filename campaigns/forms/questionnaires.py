"""Forms of a questionnaire and its indicators."""

import re

from django import forms
from django.core.exceptions import ValidationError

from .. import actions, library
from ..actions import BLANK_SOURCE
from ..models import Questionnaire, Scale, TargetKind
from .fields import PartForm, PlainField, RowsFormSet, require_chinese

# Scores as somebody types them: 100、80、0 or 100 80 0.
BETWEEN_SCORES = re.compile(r"[、，,\s]+")


class QuestionnaireAddForm(forms.Form):
    """From the library or blank."""

    source = forms.ChoiceField(label="从哪里开始", widget=forms.RadioSelect(attrs={"class": "form-check-input"}))
    rule = forms.ChoiceField(
        label="空白评议表评议谁", choices=Questionnaire.TargetRule.choices, required=False, help_text="以后还可以改。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        questionnaires = library.questionnaires().items()
        self.fields["source"].choices = [
            *((key, questionnaire.title) for key, questionnaire in questionnaires),
            (BLANK_SOURCE, "空白评议表"),
        ]

    def clean(self):
        if self.cleaned_data.get("source") == BLANK_SOURCE and not self.cleaned_data.get("rule"):
            self.add_error("rule", "请选择空白评议表评议谁。")
        return self.cleaned_data


class QuestionnaireForm(PartForm):
    """Title, whom it is about, scale and opinion box."""

    seen_by_constraints = ("campaign", "target_kind")
    title = PlainField(label="评议表名称", max_length=100, validators=[require_chinese])
    target_name = PlainField(
        label="票面上的名称",
        max_length=100,
        required=False,
        help_text="只用于文件稿和全体党员，如“分析检查报告（评议稿）”“本支部党员”；其他的用单位名称和姓名。",
    )
    library_scale = forms.ChoiceField(label="等次量表")
    has_unknown = forms.BooleanField(
        label="加一档“不了解”", required=False, help_text="选“不了解”的票默认不计入这一项的分母，计票规则里可以改。"
    )
    scores = PlainField(
        label="各档分值",
        max_length=40,
        required=False,
        help_text="用于计算满意度得分，从第一档起依次填写，如“100、80、0”；不填则用量表原有的分值。“不了解”没有分值。",
    )
    opinion_prompt = PlainField(label="意见栏提示", max_length=100)

    class Meta:
        model = Questionnaire
        fields = ["title", "target_rule", "target_name", "most_chosen", "opinion_prompt", "opinion_kind", "position"]
        help_texts = {
            "most_chosen": (
                "填写后，这张评议表的各个对象（公开承诺、实事）在票上是一张清单，每人至多勾选这么多项，结果按得票多少排列；"
                "不填则逐个评议。只用于“一份文件稿”，量表用“最满意、未勾选”这样的两档。"
            ),
            "target_rule": "改动后，各评议点的评议对象随之增减。",
            "position": "在票上排第几；数小的在前。",
        }

    def shown(self, row):
        """The indicators and the scale too, which are written with it."""
        indicators = list(row.indicators.values_list("text", "is_overall"))
        return super().shown(row) | {"scale": row.scale_id, "indicators": indicators}

    field_order = [
        "title",
        "target_rule",
        "target_name",
        "library_scale",
        "has_unknown",
        "scores",
        "most_chosen",
        "opinion_prompt",
        "opinion_kind",
        "position",
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        key = self.instance.scale.key
        scales = {name: scale.name for name, scale in library.scales().items()}
        scales |= {scale.key: own_label(scale) for scale in actions.own_scales_for(self.instance.campaign)}
        named, _, scores = key.partition(actions.SCORES_MARK)
        scales.setdefault(named.removesuffix(actions.UNKNOWN_SUFFIX), self.instance.scale.name)
        self.fields["library_scale"].choices = list(scales.items())
        self.initial["library_scale"] = named.removesuffix(actions.UNKNOWN_SUFFIX)
        self.initial["has_unknown"] = named.endswith(actions.UNKNOWN_SUFFIX)
        self.initial["scores"] = scores.replace("-", "、")

    def clean(self):
        if rule := self.cleaned_data.get("target_rule"):
            # The kind follows from the rule; the constraint that holds them together sees both.
            self.instance.target_kind = actions.KIND_OF_RULE[rule]
        if "scores" in self.cleaned_data:
            self._read_scores(self.cleaned_data["scores"])
        key = self.cleaned_data.get("library_scale", "")
        if key.startswith(Scale.OWN_PREFIX) and self.cleaned_data.get("has_unknown"):
            self.add_error("has_unknown", "自定的量表，“不了解”一档在“自定等次”里增加。")
        return self.cleaned_data

    def _read_scores(self, text: str) -> None:
        """Turn the scores as typed into numbers, one for each grade of the chosen scale."""
        scale = library.scales().get(self.cleaned_data.get("library_scale"))
        typed = [score for score in BETWEEN_SCORES.split(text) if score]
        self.cleaned_data["scores"] = ()
        if not typed:
            return
        if scale is None:
            self.add_error("scores", "自定的量表，分值在“自定等次”里填写。")
            return
        if not all(score.isascii() and score.isdigit() and int(score) <= 100 for score in typed):
            self.add_error("scores", "分值应为0至100的整数，各档之间用顿号隔开。")
            return
        scores = tuple(map(int, typed))
        if len(scores) != len(scale.grades):
            self.add_error("scores", f"这个量表有{len(scale.grades)}档，现在填了{len(scores)}个分值。")
        elif list(scores) != sorted(scores, reverse=True):
            self.add_error("scores", "分值应从高到低，与各档的次序一致。")
        else:
            self.cleaned_data["scores"] = scores

    def save(self):
        questionnaire = self.instance
        key = self.cleaned_data["library_scale"]
        if key in library.scales():
            questionnaire.scale = actions.scale_from_library(
                key, unknown=self.cleaned_data["has_unknown"], scores=self.cleaned_data["scores"]
            )
        elif key != questionnaire.scale.key:
            questionnaire.scale = actions.own_scales_for(questionnaire.campaign).get(key=key)
        questionnaire.save(update_fields=[*self._meta.fields, "target_kind", "scale"])
        return questionnaire


def own_label(scale: Scale) -> str:
    """「五档（很满意／满意／一般／不满意／很不满意）」: two scales may have one name."""
    return f"{scale.name}（{'／'.join(grade.label for grade in scale.grades.all())}）"


class IndicatorRow(forms.Form):
    """A line of the questionnaire; emptied, it is removed."""

    text = PlainField(
        label="评议内容",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "aria-label": "评议内容"}),
    )
    is_overall = forms.BooleanField(
        label="总体评价",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input", "aria-label": "总体评价"}),
    )


class IndicatorRows(RowsFormSet):
    first_field = "text"

    def clean(self):
        if any(self.errors):
            return
        texts = [row["text"] for row in self.rows]
        twice = sorted({text for text in texts if texts.count(text) > 1})
        if twice:
            raise ValidationError(f"评议内容“{'”“'.join(twice)}”写了两次。")
        overall = [row["text"] for row in self.rows if row["is_overall"]]
        if len(overall) > 1:
            raise ValidationError(f"一张评议表只能有一项总体评价，现在勾选了{len(overall)}项：{'、'.join(overall)}。")

    def refuse_for(self, kind: str) -> bool:
        """Whether an open question was given indicators; says so above the rows."""
        refused = kind == TargetKind.OPEN and bool(self.rows)
        if refused:
            self.non_form_errors().append("开放问题只有意见栏，不列评议内容；请清空各行，或改“评议谁”。")
        return refused


IndicatorFormSet = forms.formset_factory(
    IndicatorRow, formset=IndicatorRows, can_order=True, extra=3, max_num=100, validate_max=True
)
