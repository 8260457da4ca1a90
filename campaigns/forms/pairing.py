"""Which units appraise one another: two with the same number are a pair."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.forms.boundfield import BoundField

from ..actions.pairing import Pair
from ..models import Campaign, Organization, Poll
from .unit_field import TreeChoiceField

LARGEST_NUMBER = 9999


def _ask_category(field: forms.ChoiceField, campaign: Campaign) -> None:
    """Offer the categories of a campaign, first the one that it has."""
    names = list(campaign.categories.values_list("name", flat=True))
    field.choices = [("", "（请选择）"), *((name, name) for name in names)]
    field.initial = campaign.partner_category if campaign.partner_category in names else ""


class PartnerCategoryForm(forms.Form):
    """The category of those who come from the other unit."""

    category = forms.ChoiceField(
        label="结对单位的人属于哪一类",
        help_text="他们领这一类的票，结果按类别分列；没有这一类的，先在“参评人员类别”里增加。",
        error_messages={"required": "请选择结对单位的人属于哪一类。"},
    )

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_category(self.fields["category"], campaign)


class PairForm(PartnerCategoryForm):
    """A single pair, where a campaign has too many units for a number beside each."""

    first = TreeChoiceField(label="单位", queryset=Organization.objects.none(), empty_label="（请选择）")
    second = TreeChoiceField(label="与哪个单位互评", queryset=Organization.objects.none(), empty_label="（请选择）")
    field_order = ["first", "second", "category"]

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, campaign=campaign, **kwargs)
        self._campaign = campaign
        free = Exists(campaign.polls.filter(organization=OuterRef("pk"), partner=None))
        for name in ("first", "second"):
            self.fields[name].queryset = Organization.objects.within(campaign.organizer).filter(free).order_by("path")

    def clean_second(self):
        if self.cleaned_data["second"] == self.cleaned_data.get("first"):
            raise ValidationError("一个单位不能和自己结对，请另选一个。")
        return self.cleaned_data["second"]

    @property
    def polls(self) -> list[Poll]:
        """The polls of the two units."""
        return [self._campaign.polls.get(organization=self.cleaned_data[name]) for name in ("first", "second")]


class PairingForm(forms.Form):
    """A number for each unit, and the category of those who come from the other one."""

    category = forms.ChoiceField(
        label="结对单位的人属于哪一类",
        required=False,
        help_text="他们领这一类的票，结果按类别分列；没有这一类的，先在“参评人员类别”里增加。",
    )

    def __init__(self, *args, campaign: Campaign, polls: Sequence[Poll], pairs: Sequence[Pair], **kwargs):
        super().__init__(*args, **kwargs)
        _ask_category(self.fields["category"], campaign)
        self._polls = polls
        numbers = {poll.pk: number for number, pair in enumerate(pairs, start=1) for poll in pair}
        for poll in polls:
            label = f"{poll.organization.name}的结对号"
            self.fields[f"pair-{poll.pk}"] = forms.IntegerField(
                label=label,
                required=False,
                min_value=1,
                max_value=LARGEST_NUMBER,
                initial=numbers.get(poll.pk),
                widget=forms.NumberInput(attrs={"class": "form-control", "aria-label": label}),
            )

    def rows(self) -> Iterator[tuple[Poll, BoundField]]:
        for poll in self._polls:
            yield poll, self[f"pair-{poll.pk}"]

    def clean(self):
        facts = super().clean()
        self._numbered: dict[int, list[Poll]] = defaultdict(list)
        for poll in self._polls:
            if number := facts.get(f"pair-{poll.pk}"):
                self._numbered[number].append(poll)
        for number, polls in self._numbered.items():
            if len(polls) != 2:
                names = "、".join(poll.organization.name for poll in polls)
                self.add_error(f"pair-{polls[0].pk}", f"{number}号有{len(polls)}个单位（{names}），每号应是两个。")
        if self._numbered and not facts.get("category"):
            self.add_error("category", "请选择结对单位的人属于哪一类。")
        return facts

    @property
    def pairs(self) -> list[Pair]:
        return [(first, second) for first, second in self._numbered.values()]
