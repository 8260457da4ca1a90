"""The days of a campaign's steps."""

from itertools import pairwise

from django import forms
from django.core.exceptions import ValidationError

from ..models import CampaignStep
from .fields import FRAME_IS_MISSING, day_input


class CampaignStepForm(forms.ModelForm):
    """From when to when one step goes; both may be open."""

    class Meta:
        model = CampaignStep
        fields = ["starts_on", "ends_on"]
        widgets = {"starts_on": day_input(), "ends_on": day_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            what = "开始日期" if name == "starts_on" else "结束日期"
            field.widget.attrs |= {"class": "form-control", "aria-label": f"{self.instance}的{what}"}


class CampaignStepRows(forms.BaseModelFormSet):
    """The steps in their order: none begins before the one before it."""

    default_error_messages = {"missing_management_form": FRAME_IS_MISSING}

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        days = [
            (form.instance, form.cleaned_data["starts_on"]) for form in self.forms if form.cleaned_data["starts_on"]
        ]
        for (before, earlier), (after, later) in pairwise(days):
            if later < earlier:
                raise ValidationError(f"“{after}”在“{before}”之后，开始日期不能早于它的{earlier:%Y-%m-%d}。")


CampaignStepFormSet = forms.modelformset_factory(
    CampaignStep, form=CampaignStepForm, formset=CampaignStepRows, extra=0, edit_only=True
)
