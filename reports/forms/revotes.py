"""The form of a revote, and the search among the problems to choose from."""

from collections.abc import Iterable
from fractions import Fraction

from django import forms
from django.utils import timezone

from campaigns.forms.fields import PlainField
from campaigns.forms.lists import ListFilterForm, containing, in_units_named
from campaigns.models import Campaign, Organization
from campaigns.models.columns import max_length

from ..models import Problem
from ..models.problem import ProblemQuerySet
from ..revotes.actions import revotable
from .ledger_filter import SEARCHED

SHARES = {"1/3": "超过三分之一不满意的", "1/2": "超过二分之一不满意的", "0/1": "有一张不满意的"}
OVERALL, THREE = "overall", "three"
MOST_PROBLEMS = 60


class RevoteFilterForm(ListFilterForm):
    """Problems by the names of their units, and by what the ledger says of them or the campaign that they come from."""

    under = forms.CharField(label="单位或上级的名称", required=False, max_length=100)
    q = forms.CharField(label="问题、责任人或评议活动", required=False, max_length=50)
    source = forms.ChoiceField(label="问题来源", required=False, choices=[("", "全部来源"), *Problem.Source.choices])
    # Who organizes the revote.
    unit = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def apply(self, problems: ProblemQuerySet) -> ProblemQuerySet:
        problems = problems.filter(containing(self.wanted.get("q", ""), *SEARCHED, "campaign__title"))
        if words := self.wanted.get("under"):
            problems = problems.filter(in_units_named(words, "organization__path"))
        return problems.filter(source=self.wanted["source"]) if "source" in self.wanted else problems


class RevoteForm(forms.Form):
    """Which answered problems are put to the vote again, what is asked, and from where on one is taken up again."""

    title = PlainField(label="活动名称", max_length=max_length(Campaign, "title"))
    period = PlainField(label="评议周期", max_length=max_length(Campaign, "period"))
    extent = forms.ChoiceField(
        label="每个问题评什么",
        choices=[
            (OVERALL, "只评一项：对整改情况的总体评价"),
            (THREE, "评四项：整改到位不到位、措施合理不合理、结果有效没有效，和总体评价"),
        ],
        initial=OVERALL,
        widget=forms.RadioSelect,
    )
    share = forms.ChoiceField(
        label="哪些问题重新整改",
        choices=SHARES.items(),
        initial="1/3",
        help_text="按总体评价的有效票比较；恰好等于的不算超过。",
    )
    problems = forms.ModelMultipleChoiceField(
        label="已办结、还没有再评的问题",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个问题。"},
    )

    def __init__(self, *args, organizer: Organization, shown: Iterable[Problem], initial=None, **kwargs):
        """`shown` are the problems that the page lists; all that may be put to the vote can be chosen."""
        year = timezone.localdate().year
        proposed = {"title": f"{year}年整改满意度再评", "period": f"{year}年"}
        super().__init__(*args, initial=proposed | (initial or {}), **kwargs)
        self.organizer = organizer
        field = self.fields["problems"]
        field.queryset = revotable(organizer)
        field.choices = [(problem.pk, f"{problem.organization.name}：{problem.content}") for problem in shown]

    def clean_title(self):
        title = self.cleaned_data["title"]
        if Campaign.objects.filter(organizer=self.organizer, title=title).exists():
            raise forms.ValidationError("该单位已有同名的评议活动，请换一个名称。")
        return title

    def clean_problems(self):
        problems = list(self.cleaned_data["problems"])
        if len(problems) > MOST_PROBLEMS:
            raise forms.ValidationError(f"一次最多{MOST_PROBLEMS}个问题，现在选了{len(problems)}个；请分几次再评。")
        return problems

    @property
    def facts(self) -> dict:
        """The arguments of `call_revote`."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in ("title", "period", "problems")},
            "share": Fraction(cleaned["share"]),
            "is_overall_alone": cleaned["extent"] == OVERALL,
        }
