"""Forms of the use of results: decisions, their end, and appeals."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.forms.fields import PlainField, PlainTextField, day_input
from campaigns.forms.lists import ListFilterForm, containing
from campaigns.forms.seen import SharedRowForm

from ..models import Appeal, Consequence
from .ledger import PastDayField


class ConsequenceForm(SharedRowForm):
    """A decision that was taken because of a confirmed finding."""

    content = PlainField(label="具体内容", max_length=300, help_text="如：2026年度不得推荐为先进基层党组织。")
    basis = PlainField(
        label="依据", max_length=200, help_text="如：《工作实绩群众评议办法》第十二条，某发〔2026〕3号。"
    )
    authority = PlainField(label="决定单位", max_length=100)
    decided_on = PastDayField(label="决定日期")

    class Meta:
        model = Consequence
        fields = ["kind", "content", "basis", "authority", "decided_on", "until"]
        widgets = {"until": day_input()}
        help_texts = {"until": "到期不再列入名单；谈话、整顿这类一次办结的，或者没有期限的，留空。"}


class RevokeForm(forms.Form):
    """When and why a decision was taken back."""

    on = PastDayField(label="撤销日期")
    reason = PlainField(label="撤销原因", max_length=200, error_messages={"required": "请写明撤销的原因。"})

    def __init__(self, *args, consequence: Consequence, **kwargs):
        super().__init__(*args, **kwargs)
        self.consequence = consequence

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on < self.consequence.decided_on:
            raise forms.ValidationError("撤销日期不能早于决定日期。")
        return on


class AppealForm(SharedRowForm):
    """An appeal as it came in, and the answer when there is one."""

    received_on = PastDayField(label="收到日期")
    text = PlainTextField(label="申诉内容", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    answer = PlainTextField(
        label="复查和答复情况",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="答复以后填写，连同处理结果和答复日期。变更或者撤销认定、决定的，另在相应的地方办理。",
    )

    class Meta:
        model = Appeal
        fields = ["received_on", "text", "outcome", "answer", "answered_on"]
        widgets = {"answered_on": day_input()}

    def clean_answered_on(self):
        answered_on = self.cleaned_data["answered_on"]
        if answered_on and answered_on > timezone.localdate():
            raise forms.ValidationError("答复日期不能晚于今天。")
        return answered_on


class RestrictionFilterForm(ListFilterForm):
    """Whose list is shown, and which of it."""

    unit = forms.ChoiceField(label="单位（含下级）", required=False)
    q = forms.CharField(label="对象、内容或依据", required=False, max_length=50)
    kind = forms.ChoiceField(label="结果运用", required=False, choices=[("", "全部"), *Consequence.Kind.choices])

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted.keys() - {"unit"})

    def apply(self, consequences: QuerySet[Consequence]) -> QuerySet[Consequence]:
        places = ("finding__target__name", "finding__target__poll__organization__name", "content", "basis")
        consequences = consequences.filter(containing(self.wanted.get("q", ""), *places))
        return consequences.filter(kind=self.wanted["kind"]) if "kind" in self.wanted else consequences
