"""Forms of the rectification ledger's problems."""

from collections.abc import Callable
from datetime import date

from crispy_forms.layout import Column, Field, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from campaigns.forms.fields import PlainField, day_input
from campaigns.forms.unit_field import TreeChoiceField
from campaigns.models import Campaign, Commitment, Organization
from campaigns.models.states import StateError

from ..ledger.actions import Overtaken
from ..models import Problem
from ..permissions import organizations_of_kept_ledger
from ..wording import date_text

EARLIEST = date(2000, 1, 1)
YEARS_AHEAD = 10
BAD_DAY = {"invalid": "请按“年-月-日”填写日期，如2026-05-01。"}


class DueField(forms.DateField):
    """A deadline; a mistyped year is refused."""

    def __init__(self, **kwargs):
        super().__init__(label="完成时限", required=False, widget=day_input(), error_messages=BAD_DAY, **kwargs)

    def validate(self, value):
        super().validate(value)
        latest = date(timezone.localdate().year + YEARS_AHEAD, 12, 31)
        if value and not EARLIEST <= value <= latest:
            raise ValidationError(f"完成时限应在{date_text(EARLIEST)}至{date_text(latest)}之间，请检查年份。")


class PastDayField(forms.DateField):
    """A day on which something was done: today at the latest."""

    def __init__(self, *, label, **kwargs):
        errors = {**BAD_DAY, "required": f"请填写{label}。"}
        super().__init__(label=label, widget=day_input(), initial=timezone.localdate, error_messages=errors, **kwargs)

    def validate(self, value):
        super().validate(value)
        if value and not EARLIEST <= value <= timezone.localdate():
            raise ValidationError(f"{self.label}应在{date_text(EARLIEST)}至今天之间，不能填以后的日期。")


class RevisionForm(forms.Form):
    """A form that carries the revision of the problem it shows, so that nobody saves over what they have not seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self):
        cleaned = super().clean()
        if "revision" in self.errors:
            self.add_error(None, "页面内容没有完整送到，请重新打开本页再填。")
        return cleaned

    @property
    def seen(self) -> int:
        return self.cleaned_data["revision"]

    @property
    def columns(self) -> dict:
        """The problem's columns as filled in."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


def carry_out(form: forms.Form, deed: Callable[[], object]) -> bool:
    """Do a form's deed where the form was sent and is in order; returns whether it was done.

    A refusal is shown on the form, with all that was filled in. After somebody else's save the form shows the new revision and may be sent again.
    """
    if not form.is_valid():
        return False
    try:
        deed()
    except (StateError, Overtaken) as refusal:
        form.add_error(None, str(refusal))
        if isinstance(refusal, Overtaken) and refusal.changes:
            form.data = form.data.copy()
            form.data["revision"] = str(refusal.changes[-1].revision)
        return False
    return True


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProblemForm(forms.ModelForm):
    """The columns of the ledger that are filled in before the end."""

    content = PlainField(
        label="反映问题",
        max_length=500,
        widget=lines(3),
        help_text="至多500字。",
        error_messages={"required": "请写明反映的问题。"},
    )
    category = PlainField(label="类别", max_length=20, required=False, help_text="如：窗口服务、收费、作风。")
    subject = PlainField(label="涉及对象", max_length=100, required=False)
    cause = PlainField(
        label="原因分析",
        max_length=500,
        required=False,
        widget=lines(2),
        help_text="因政策原因解释说明的，在这里写明政策依据。",
    )
    responsible_leader = PlainField(label="责任领导", max_length=50, required=False)
    responsible_unit = PlainField(label="责任单位", max_length=100, required=False)
    responsible_person = PlainField(label="责任人", max_length=50, required=False)
    due_on = DueField()
    remarks = PlainField(label="备注", max_length=200, required=False)

    class Meta:
        model = Problem
        fields = [
            "campaign",
            "source",
            "content",
            "category",
            "subject",
            "cause",
            "treatment",
            "responsible_leader",
            "responsible_unit",
            "responsible_person",
            "due_on",
            "remarks",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["treatment"].choices = [("", "（待定）"), *Problem.Treatment.choices]
        self.fields["campaign"].empty_label = "（不属于某次评议活动）"

    @property
    def layout(self) -> Layout:
        """The rows of the fields that are left when the form is drawn."""
        wide = "col-sm-6"
        third = "col-sm-4"
        top = [Column(Field(name), css_class=wide) for name in ("organization", "campaign") if name in self.fields]
        hidden = ["revision"] if "revision" in self.fields else []
        return Layout(
            *hidden,
            *([Row(*top)] if top else []),
            "content",
            Row(*(Column(name, css_class=third) for name in ("source", "category", "subject"))),
            "cause",
            Row(Column("treatment", css_class=wide), Column("due_on", css_class=wide)),
            Row(
                *(
                    Column(name, css_class=third)
                    for name in ("responsible_leader", "responsible_unit", "responsible_person")
                )
            ),
            "remarks",
        )


class ProblemAddForm(ProblemForm):
    """A new problem of one of the units whose ledger the user keeps."""

    organization = TreeChoiceField(label="党组织", queryset=Organization.objects.none(), empty_label="（请选择）")
    field_order = ["organization"]

    def __init__(self, *args, user, commitment: Commitment | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        units = organizations_of_kept_ledger(user).active()
        if commitment:
            units = Organization.objects.filter(pk=commitment.organization_id)
            self.instance.commitment = commitment
            self.initial |= {
                "source": Problem.Source.COMMITMENT,
                "content": f"公开承诺未兑现：{commitment.content}",
                "subject": str(commitment.member or commitment.organization),
                "due_on": commitment.due_on,
            }
        self.fields["organization"].queryset = units
        if len(only := units[:2]) == 1:
            self.initial.setdefault("organization", only[0].pk)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user).order_by("-pk")

    def clean(self):
        cleaned = super().clean()
        organization, campaign = cleaned.get("organization"), cleaned.get("campaign")
        if organization and campaign and not campaign.organizer.contains(organization):
            self.add_error("campaign", f"“{organization}”不在这次评议活动的范围内，请另选活动或者留空。")
        return cleaned


class ProblemEditForm(RevisionForm, ProblemForm):
    """A problem as known so far; that of a finding keeps its campaign."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        problem = self.instance
        self.fields["revision"].initial = problem.revision
        if problem.target_id:
            del self.fields["campaign"]
            return
        seen = Campaign.objects.visible_to(user).filter(organizer__path__in=problem.organization.ancestor_paths)
        possible = Q(pk__in=seen.values("pk")) | Q(pk=problem.campaign_id)
        self.fields["campaign"].queryset = Campaign.objects.filter(possible).order_by("-pk")

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        late = self.instance.measures.filter(due_on__gt=due_on).order_by("-due_on").first() if due_on else None
        if late:
            raise ValidationError(
                f"措施“{late}”的完成时限是{date_text(late.due_on)}，晚于这里填的日期。请先改这条措施的时限，或者把这里改晚。"
            )
        return due_on


class CloseForm(RevisionForm):
    """The end of a problem: nothing is closed without a reply."""

    reply = PlainField(
        label="答复情况",
        max_length=500,
        widget=lines(4),
        help_text="向谁答复、怎样答复、结果如何。",
        error_messages={"required": "填写答复情况后才能办结。"},
    )
    publicity = PlainField(
        label="公开情况",
        max_length=200,
        required=False,
        help_text="何时在哪里公开，如“5月6日在党务公开栏公布”；不宜公开的，写“已答复本人”。",
    )
    done_on = PastDayField(label="完成日期")

    def __init__(self, *args, problem: Problem, **kwargs):
        super().__init__(*args, **kwargs)
        self.last_done = problem.measures.filter(done_on__isnull=False).order_by("done_on").last()
        self.initial = {
            "revision": problem.revision,
            "reply": problem.reply,
            "publicity": problem.publicity,
            **({"done_on": self.last_done.done_on} if self.last_done else {}),
            **self.initial,
        }

    def clean_done_on(self):
        done_on = self.cleaned_data["done_on"]
        if self.last_done and done_on < self.last_done.done_on:
            raise ValidationError(
                f"完成日期不能早于最后一条措施的落实日期（{date_text(self.last_done.done_on)}，“{self.last_done}”）。"
            )
        return done_on


class ReopenForm(forms.Form):
    """Why a closed problem is taken up again."""

    is_answer_only = forms.TypedChoiceField(
        label="重新启动以后",
        choices=[("no", "继续整改：再定措施，落实后重新答复"), ("yes", "只改答复：措施不变，更正答复后重新办结")],
        coerce=lambda choice: choice == "yes",
        widget=forms.RadioSelect,
        initial="no",
        error_messages={"required": "请选择继续整改还是只改答复。"},
    )
    reason = PlainField(label="理由", max_length=200, widget=lines(2), error_messages={"required": "请写明理由。"})


class VerdictForm(forms.Form):
    """The people's verdict on the outcome."""

    verdict = forms.ChoiceField(
        label="群众再评",
        choices=Problem.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择满意、基本满意或不满意。"},
    )
    note = PlainField(
        label="再评说明",
        max_length=200,
        required=False,
        widget=lines(2),
        help_text="怎样征求的、群众怎么说；不要写能认出个人的内容。",
    )
