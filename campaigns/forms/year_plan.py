"""Forms of a year's plan and its periods."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..models import Campaign, Organization, PlannedPeriod, Role, YearPlan
from ..models.reach import role_paths, within_paths
from ..year_plan.patterns import PATTERNS
from .fields import PartForm, PlainField, day_input
from .unit_field import TreeChoiceField


class YearPlanForm(forms.ModelForm):
    """A new plan from a ready pattern."""

    organization = TreeChoiceField(label="组织单位", queryset=Organization.objects.none(), empty_label="（请选择）")
    year = forms.IntegerField(label="年度", min_value=YearPlan.EARLIEST, max_value=YearPlan.LATEST)
    pattern = forms.ChoiceField(
        label="怎样安排",
        choices=[(key, label) for key, (label, _) in PATTERNS.items()],
        widget=forms.RadioSelect,
        initial="quarters",
        help_text="各期的名称和日期随后都可以改，也可以增减。",
    )

    class Meta:
        model = YearPlan
        fields = ["organization", "year"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        paths = role_paths(user).get(Role.Kind.SECRETARY, ())
        self.fields["organization"].queryset = Organization.objects.active().filter(within_paths(paths))
        self.initial["year"] = timezone.localdate().year
        if len(paths) == 1:
            self.initial["organization"] = Organization.objects.filter(path=paths[0]).first()


class PeriodForm(PartForm):
    """A period: its name, its days, and a campaign that was made elsewhere."""

    seen_by_constraints = ("plan",)
    title = PlainField(label="周期名称", max_length=40, help_text="如：2026年第三季度。就是这一期活动的评议周期。")

    class Meta:
        model = PlannedPeriod
        fields = ["title", "starts_on", "ends_on", "campaign"]
        widgets = {"starts_on": day_input(), "ends_on": day_input()}
        help_texts = {"campaign": "另外建好的活动，在这里归入这一期；没有的留空，随后由上一期复制。"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plan = self.instance.plan
        free = Campaign.objects.filter(organizer=plan.organization)
        taken = PlannedPeriod.objects.exclude(pk=self.instance.pk).exclude(campaign=None)
        self.fields["campaign"].queryset = free.exclude(pk__in=taken.values("campaign"))

    def clean(self):
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期不能早于开始日期。")
        year = self.instance.plan.year
        for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
            if day and abs(day.year - year) > 1:
                self.add_error(name, ValidationError(f"这是{year}年的计划，日期应在{year}年前后。"))
        return self.cleaned_data
