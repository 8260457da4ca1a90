"""Which units appraise one another: two with the same number are a pair."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django import forms
from django.forms.boundfield import BoundField

from ..actions.pairing import Pair
from ..models import Campaign, Poll

LARGEST_NUMBER = 9999


class PairingForm(forms.Form):
    """A number for each unit, and the category of those who come from the other one."""

    category = forms.ChoiceField(
        label="结对单位的人属于哪一类",
        required=False,
        help_text="他们领这一类的票，结果按类别分列；没有这一类的，先在“参评人员类别”里增加。",
    )

    def __init__(self, *args, campaign: Campaign, polls: Sequence[Poll], pairs: Sequence[Pair], **kwargs):
        super().__init__(*args, **kwargs)
        names = list(campaign.categories.values_list("name", flat=True))
        self.fields["category"].choices = [("", "（请选择）"), *((name, name) for name in names)]
        self.fields["category"].initial = campaign.partner_category if campaign.partner_category in names else ""
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
