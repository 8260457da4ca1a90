"""The pattern by which all units of a campaign get their batches and slips."""

from django import forms
from django.core.exceptions import ValidationError

from campaigns.forms.lists import in_units_named
from campaigns.models import Campaign, Category, Channel, PollQuerySet

from ..models import Batch
from ..voting.codes import MAX_PRINTED
from ..voting.handing_out import BatchPattern, HowMany


class HandingOutForm(forms.Form):
    """Channels, categories and the number of slips; read from the address, so that a page shows what it would do."""

    channels = forms.MultipleChoiceField(label="评议渠道", widget=forms.CheckboxSelectMultiple)
    categories = forms.ModelMultipleChoiceField(
        Category.objects.none(), label="参评人员类别", widget=forms.CheckboxSelectMultiple
    )
    how_many = forms.ChoiceField(
        label="每个票批做多少张选票码", choices=HowMany.choices, initial=HowMany.ROSTER, widget=forms.RadioSelect
    )
    same = forms.IntegerField(
        label="每个单位做几张",
        required=False,
        min_value=1,
        max_value=MAX_PRINTED,
        help_text="选“每个单位同样多”时填写。不在名册上的人，如群众代表，用这一种。",
    )

    q = forms.CharField(
        label="单位或上级的名称",
        required=False,
        max_length=100,
        help_text="只给名称里有这些字的单位，和在它们下面的单位；不填就是全部单位。",
    )

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = [choice for choice in Channel.choices if choice[0] in campaign.channels]
        self.fields["categories"].queryset = campaign.categories.all()

    def clean(self):
        facts = super().clean()
        if facts.get("how_many") == HowMany.SAME and not facts.get("same") and "same" not in self.errors:
            self.add_error("same", ValidationError(f"请填写每个单位做几张，1至{MAX_PRINTED}。"))
        return facts

    def narrow(self, polls: PollQuerySet) -> PollQuerySet:
        """The polls among some that are meant."""
        words = self.cleaned_data["q"]
        return polls.filter(in_units_named(words)) if words else polls

    @property
    def pattern(self) -> BatchPattern:
        facts = self.cleaned_data
        return BatchPattern(
            facts["channels"],
            list(facts["categories"]),
            facts.get("method", Batch.Method.SLIPS),
            facts["how_many"],
            facts["same"] or 0,
        )


class BatchesForAllForm(HandingOutForm):
    """The same, with the way in which the ballots of the batches are taken."""

    method = forms.ChoiceField(
        label="收票方式",
        choices=Batch.Method.choices,
        initial=Batch.Method.SLIPS,
        widget=forms.RadioSelect,
        help_text="只有一次性选票码需要张数；会场屏幕码到会上再放行，纸质票收回后清点。",
    )
    field_order = ["channels", "categories", "method", "how_many", "same"]


class SlipsForAllForm(HandingOutForm):
    """The same, of batches that are there, with the choice to make more for those that have slips."""

    again = forms.BooleanField(
        label="已经制作过的也再做一批",
        required=False,
        help_text="上次的文件没有保存好的才需要；多出来的在截止时作废并计数。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Here they are made.
        self.fields["how_many"].choices = [choice for choice in HowMany.choices if choice[0] != HowMany.NONE]
