"""The choice of a ranking."""

from django import forms

from campaigns.models import Indicator

from ..committee.ranking import EVERY_POLL, NEXT_LEVEL, POSITIVE, SATISFACTION, too_many_polls


class RankingForm(forms.Form):
    """Which indicator, which of its rates, which units; the first of each where nothing is chosen."""

    indicator = forms.ModelChoiceField(Indicator.objects.none(), label="评议内容", empty_label=None, required=False)
    rate = forms.ChoiceField(
        label="按什么排", choices=[(SATISFACTION, "满意率（第一档）"), (POSITIVE, "综合满意率")], required=False
    )
    level = forms.ChoiceField(
        label="排哪些单位", choices=[(NEXT_LEVEL, "下一级单位"), (EVERY_POLL, "全部评议点")], required=False
    )
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, campaign, unit, **kwargs):
        super().__init__(*args, initial={"unit": unit.pk}, **kwargs)
        self._campaign, self._unit = campaign, unit
        # The options of a list are each poll's own, and rank no unit.
        asked = Indicator.objects.filter(questionnaire__campaign=campaign, questionnaire__most_chosen=None)
        indicators = asked.select_related("questionnaire")
        # The 总体评价 stands for a questionnaire.
        self.fields["indicator"].queryset = indicators.order_by(
            "questionnaire__position", "questionnaire_id", "-is_overall", "position", "pk"
        )
        self.fields["indicator"].label_from_instance = lambda indicator: (
            f"{indicator.questionnaire.title}：{indicator.text}"
        )

    def clean_indicator(self):
        return self.cleaned_data["indicator"] or self.fields["indicator"].queryset.first()

    def clean_rate(self):
        return self.cleaned_data["rate"] or SATISFACTION

    def clean_level(self):
        level = self.cleaned_data["level"] or NEXT_LEVEL
        if level == EVERY_POLL and (refusal := too_many_polls(self._campaign, self._unit)):
            raise forms.ValidationError(refusal)
        return level
