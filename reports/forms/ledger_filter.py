"""The filters that narrow the list and the board of the ledger."""

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.db.models.functions import Length

from campaigns.forms.lists import containing
from campaigns.forms.unit_field import IndentedChoiceField
from campaigns.models import Campaign, Organization
from campaigns.models.place import STEP
from campaigns.models.reach import within_paths

from ..models import Problem

# A longer list of units is cut to its two upper levels; a link may still name any unit.
MAX_UNITS = 500
SEARCHED = (
    "content",
    "category",
    "subject",
    "cause",
    "responsible_leader",
    "responsible_unit",
    "responsible_person",
    "reply",
    "remarks",
    "organization__name",
)


class LedgerFilterForm(forms.Form):
    """Nothing chosen is everything; a choice that is out of reach is told, and the rest holds."""

    unit = IndentedChoiceField(label="党组织", required=False, queryset=Organization.objects.none(), empty_label="全部")
    campaign = forms.ModelChoiceField(
        label="评议活动", required=False, queryset=Campaign.objects.none(), empty_label="全部"
    )
    source = forms.ChoiceField(label="问题来源", required=False, choices=[("", "全部"), *Problem.Source.choices])
    treatment = forms.ChoiceField(label="处置类型", required=False, choices=[("", "全部"), *Problem.Treatment.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Problem.State.choices])
    overdue = forms.BooleanField(label="只看逾期的", required=False)
    q = forms.CharField(label="查找", required=False, max_length=50, help_text="问题、对象、责任人、答复中的文字。")

    def __init__(self, *args, paths, **kwargs):
        super().__init__(*args, **kwargs)
        units = Organization.objects.filter(within_paths(paths)).order_by("path")
        self.fields["unit"].queryset = units
        self.fields["unit"].choices = [("", "全部"), *self._units(units)]
        kept = Problem.objects.within(paths).filter(campaign__isnull=False).values("campaign")
        self.fields["campaign"].queryset = Campaign.objects.filter(pk__in=kept).order_by("-pk")
        for name in ("unit", "campaign"):
            self.fields[name].error_messages["invalid_choice"] = "没有这一项，或者您不能看它的台账。"
        fields = [Column(name, css_class="col-sm-6 col-lg-3") for name in self.fields if name != "overdue"]
        self.layout = Layout(Row(*fields, Column("overdue", css_class="col-sm-6 col-lg-3 align-self-center")))

    def _units(self, units):
        rows = list(units[: MAX_UNITS + 1])
        if len(rows) > MAX_UNITS:
            upper = units.annotate(length=Length("path")).filter(length__lte=len(rows[0].path) + STEP)
            rows = list(upper[:MAX_UNITS])
        chosen = self.data.get("unit", "")
        if chosen.isdecimal() and int(chosen) not in {unit.pk for unit in rows}:
            rows += units.filter(pk=chosen)
        return [(unit.pk, self.fields["unit"].label_from_instance(unit)) for unit in rows]

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    def apply(self, problems, *, today):
        """The problems that were asked for."""
        self.full_clean()
        wanted = self.cleaned_data
        if unit := wanted.get("unit"):
            problems = problems.within([unit.path])
        for name in ("campaign", "source", "treatment", "state"):
            if value := wanted.get(name):
                problems = problems.filter(**{name: value})
        if wanted.get("overdue"):
            problems = problems.overdue(today)
        return problems.filter(containing(wanted.get("q", ""), *SEARCHED))
