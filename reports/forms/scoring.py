"""Forms of 千分制考核: the scheme with its rows, a sheet from paper, the end of keying, bonus and deductions."""

import re
from collections.abc import Iterator
from decimal import Decimal

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from campaigns.forms.fields import PlainField, RowsFormSet
from campaigns.forms.seen import SharedRowForm
from campaigns.kept_files import CONTENT_TYPES
from campaigns.library import MOST_POINTS, MOST_RATERS, MOST_SCORE_LINES
from campaigns.models import Campaign, Questionnaire

from ..models import FinishedScoring, RaterGroup, ScoreAdjustment, ScoreIndicator, ScoreScheme
from ..scoring.actions import SchemeLine
from ..scoring.scheme import plain

WHOLE_NUMBER = re.compile(r"\d{1,6}")


def _row_input(label: str, **attributes) -> dict:
    return {"attrs": {"class": "form-control", "aria-label": label, **attributes}}


class SchemeRow(forms.Form):
    """An indicator; emptied, it is removed. A group that is left empty is that of the row above."""

    group = PlainField(label="分组", max_length=50, required=False, widget=forms.TextInput(**_row_input("分组")))
    text = PlainField(
        label="考核指标", max_length=200, required=False, widget=forms.TextInput(**_row_input("考核指标"))
    )
    maximum = forms.IntegerField(
        label="满分",
        required=False,
        min_value=1,
        max_value=MOST_POINTS,
        error_messages={
            "invalid": f"满分应为1至{MOST_POINTS}的整数。",
            "min_value": f"满分应为1至{MOST_POINTS}的整数。",
            "max_value": f"满分应为1至{MOST_POINTS}的整数。",
        },
        widget=forms.NumberInput(**_row_input("满分", min=1, step=1)),
    )

    def clean(self):
        facts = self.cleaned_data
        if facts.get("text") and "maximum" in facts and facts["maximum"] is None:
            self.add_error("maximum", "请填写满分。")
        if not facts.get("text") and (facts.get("group") or facts.get("maximum")):
            raise ValidationError("这一行没有写考核指标；不用的行请全部清空。")
        return facts


class SchemeRows(RowsFormSet):
    first_field = "text"

    def clean(self):
        if any(self.errors):
            return
        rows = self.rows
        if not rows:
            raise ValidationError("至少写一项考核指标。")
        texts = [row["text"] for row in rows]
        if twice := sorted({text for text in texts if texts.count(text) > 1}):
            raise ValidationError(f"考核指标“{'”“'.join(twice)}”填了两次。")
        if not rows[0]["group"]:
            raise ValidationError(f"第一项“{texts[0]}”没有写分组。")

    @property
    def lines(self) -> list[SchemeLine]:
        lines: list[SchemeLine] = []
        for row in self.rows:
            lines.append(SchemeLine(row["group"] or lines[-1].group, row["text"], row["maximum"]))
        return lines


class RaterRow(forms.Form):
    """A kind of raters; emptied, it is removed."""

    name = PlainField(label="考核组", max_length=50, required=False, widget=forms.TextInput(**_row_input("考核组")))
    weight = forms.DecimalField(
        label="权重（%）",
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(**_row_input("考核组权重（%）", step="0.01")),
    )

    def clean(self):
        facts = self.cleaned_data
        weight = facts.get("weight")
        if facts.get("name") and "weight" in facts and (weight is None or not 0 < weight <= 100):
            self.add_error("weight", "权重应大于0且不超过100。")
        if not facts.get("name") and weight is not None:
            raise ValidationError("这一行没有写考核组；不用的行请全部清空。")
        return facts


class RaterRows(RowsFormSet):
    first_field = "name"

    def clean(self):
        if any(self.errors):
            return
        names = [row["name"] for row in self.rows]
        if not names:
            raise ValidationError("至少写一个考核组。")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValidationError(f"考核组“{'”“'.join(twice)}”填了两次。")
        total = sum((row["weight"] for row in self.rows), Decimal())
        if total != 100:
            raise ValidationError(f"各考核组权重之和为{plain(total)}%，应为100%。")

    @property
    def raters(self) -> list[tuple[str, Decimal]]:
        return [(row["name"], row["weight"]) for row in self.rows]


SchemeFormSet = forms.formset_factory(
    SchemeRow, formset=SchemeRows, can_order=True, extra=3, max_num=MOST_SCORE_LINES, validate_max=True
)
RaterFormSet = forms.formset_factory(
    RaterRow, formset=RaterRows, can_order=True, extra=2, max_num=MOST_RATERS, validate_max=True
)


class SchemeForm(SharedRowForm):
    """The points of the whole, and how the score joins with the satisfaction; `lines` are held against the total."""

    class Meta:
        model = ScoreScheme
        fields = ["total", "score_weight", "satisfaction_weight", "measure", "questionnaire"]
        help_texts = {
            "total": "各指标满分之和应等于总分，千分制填1000。",
            "satisfaction_weight": "两项权重之和为100；满意度不计入的填0。",
            "measure": "封存的评议票计出的哪一个数。满意度得分要等次有分值。",
            "questionnaire": "取这张评议表总体评价一项的数；只有评议单位自身的评议表可以选。",
        }

    def __init__(self, *args, campaign: Campaign, lines: SchemeRows, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        asked = campaign.questionnaires.filter(target_rule=Questionnaire.TargetRule.ORGANIZATION_ITSELF)
        self.fields["questionnaire"].queryset = asked
        if not self.instance.pk:
            self.initial["questionnaire"] = asked.first()
        seen = ["seen"] if "seen" in self.fields else []
        self.layout = Layout(
            "total", Fieldset("综合得分", "score_weight", "satisfaction_weight", "measure", "questionnaire"), *seen
        )

    def shown(self, row) -> dict:
        return super().shown(row) | {
            "lines": list(row.indicators.values_list("group", "text", "maximum")),
            "raters": list(row.raters.values_list("name", "weight")),
        }

    def clean(self):
        facts = super().clean()
        weights = facts.get("score_weight"), facts.get("satisfaction_weight")
        if None not in weights and sum(weights) != 100:
            self.add_error("satisfaction_weight", f"两项权重之和为{sum(weights)}%，应为100%。")
        if facts.get("satisfaction_weight") and not facts.get("questionnaire"):
            self.add_error("questionnaire", "满意度有权重，请选择取自哪张评议表。")
        if facts.get("total") and self.lines.is_valid():
            points = sum(line.maximum for line in self.lines.lines)
            if points != facts["total"]:
                self.add_error("total", f"各指标满分之和为{points}分，与总分{facts['total']}分不符。")
        return facts


class MarkField(forms.CharField):
    """The points of one indicator: a whole number from 0 to its maximum, in any digits that a person types."""

    def __init__(self, indicator: ScoreIndicator):
        self.indicator = indicator
        super().__init__(
            label=indicator.text,
            error_messages={"required": f"“{indicator.text}”没有填，应填0至{indicator.maximum}的整数。"},
            widget=forms.TextInput(
                attrs={
                    "class": "form-control",
                    "inputmode": "numeric",
                    "autocomplete": "off",
                    "aria-label": f"{indicator.text}，满分{indicator.maximum}",
                }
            ),
        )

    def clean(self, value):
        text = super().clean(value)
        if not WHOLE_NUMBER.fullmatch(text) or int(text) > self.indicator.maximum:
            raise ValidationError(
                f"“{self.indicator.text}”应填0至{self.indicator.maximum}的整数，您填的是“{text[:12]}”。"
            )
        return int(text)


class ScoreSheetForm(forms.Form):
    """A paper sheet of one kind of raters; `seen` is how many were keyed when the page was opened."""

    sheet_total = forms.CharField(
        label="表上写的合计",
        required=False,
        help_text="表上写了合计的请填上，与各项之和核对；没有写的留空。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, rater: RaterGroup, seen: int, **kwargs):
        super().__init__(*args, initial={"seen": seen}, **kwargs)
        self.indicators = list(rater.scheme.indicators.all())
        for indicator in self.indicators:
            self.fields[f"mark-{indicator.pk}"] = MarkField(indicator)

    def rows(self) -> Iterator[tuple[ScoreIndicator, BoundField]]:
        for indicator in self.indicators:
            yield indicator, self[f"mark-{indicator.pk}"]

    @property
    def marks(self) -> tuple[int, ...]:
        """The points in the order of the indicators."""
        return tuple(self.cleaned_data[f"mark-{indicator.pk}"] for indicator in self.indicators)

    def clean(self):
        facts = super().clean()
        written = facts.get("sheet_total", "").strip()
        if self.errors or not written:
            return facts
        added = sum(self.marks)
        if not WHOLE_NUMBER.fullmatch(written) or int(written) != added:
            self.add_error("sheet_total", f"各项之和为{added}分，与填的合计“{written[:12]}”不符，请核对。")
        return facts

    def see(self, seen: int) -> None:
        """Let the next sending be about the box as it is now."""
        self.data = self.data.copy()
        self.data["seen"] = str(seen)


class FinishScoringForm(forms.Form):
    """The sheets as somebody counted them by hand; where a kind of raters has none, what to do about its weight."""

    def __init__(self, *args, raters: list[RaterGroup], keyed: dict[int, int], **kwargs):
        super().__init__(*args, **kwargs)
        self.raters, self.keyed = raters, keyed
        for rater in raters:
            self.fields[f"count-{rater.pk}"] = forms.IntegerField(
                label=f"{rater.name}的打分表",
                min_value=0,
                error_messages={"required": "请填写清点的份数，没有的填0。"},
                help_text="手里有几份纸质表，没有的填0。",
            )
        if any(not keyed.get(rater.pk) for rater in raters):
            empty = "、".join(rater.name for rater in raters if not keyed.get(rater.pk))
            self.fields["answer"] = forms.ChoiceField(
                label=f"{empty}没有打分表",
                choices=[choice for choice in FinishedScoring.Answer.choices if choice[0]],
                widget=forms.RadioSelect,
            )

    def clean(self):
        facts = super().clean()
        for rater in self.raters:
            counted, keyed = facts.get(f"count-{rater.pk}"), self.keyed.get(rater.pk, 0)
            if counted is not None and counted != keyed:
                self.add_error(f"count-{rater.pk}", f"清点{counted}份，录入了{keyed}份，请核对。")
        return facts

    @property
    def counts(self) -> dict[int, int]:
        return {rater.pk: self.cleaned_data[f"count-{rater.pk}"] for rater in self.raters}

    @property
    def answer(self) -> str:
        return self.cleaned_data.get("answer", "")


class AdjustmentForm(forms.ModelForm):
    """A bonus or a deduction with its evidence."""

    reason = PlainField(label="事由", max_length=200, help_text="如：获市级表彰；被通报批评1次。")
    evidence = PlainField(label="依据", max_length=300, help_text="文件名称和文号、检查记录等，让人查得到。")
    file = forms.FileField(
        label="附件",
        required=False,
        help_text="PDF、JPEG和PNG图片、Word文档（docx）、Excel工作簿（xlsx），不超过10MB。",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{kind}" for kind in CONTENT_TYPES)}),
    )

    class Meta:
        model = ScoreAdjustment
        fields = ["points", "reason", "evidence"]
        help_texts = {"points": "加分填正数，扣分填负数，如5、-2.5。"}

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class WithdrawAdjustmentForm(forms.Form):
    reason = PlainField(label="撤销原因", max_length=200)


def scheme_rows(scheme: ScoreScheme) -> list[dict]:
    """The indicators of a scheme as the form's first contents."""
    return list(scheme.indicators.values("group", "text", "maximum"))


def rater_rows(scheme: ScoreScheme) -> list[dict]:
    return list(scheme.raters.values("name", "weight"))
