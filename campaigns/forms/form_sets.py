"""Forms of the sets of forms that are handed down: naming one, and using one in a campaign."""

from django import forms

from ..form_sets.contents import Handed
from ..models import Campaign, FormSet
from .fields import PlainField, require_chinese


class FormSetForm(forms.ModelForm):
    """The name of a set that is made of a campaign."""

    title = PlainField(
        label="名称",
        max_length=100,
        validators=[require_chinese],
        help_text="如“2026年度群众评议规范表格”。下发以后内容不再改；有变动的另发一份，名称里写明年份。",
    )
    note = PlainField(
        label="说明", max_length=300, required=False, help_text="可不填。如：评议内容各单位可以增加，不得删减。"
    )

    class Meta:
        model = FormSet
        fields = ["title", "note"]

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.organization = campaign.organizer

    def _get_validation_exclusions(self):
        # The name is unique in the organization, which is not in the form.
        return super()._get_validation_exclusions() - {"organization"}


class FormSetUseForm(forms.Form):
    """The questionnaires of a set that a campaign takes, and whether it takes the rest."""

    questionnaires = forms.MultipleChoiceField(
        label="选用哪几张评议表",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一张评议表。"},
        help_text="选用的是副本，可以修改；与规范表格不同的地方，本单位和上级都看得到。",
    )
    takes_pattern = forms.BooleanField(
        label="连同渠道、参评人员类别、计票规则、评议步骤和阈值",
        required=False,
        initial=True,
        help_text="勾选的，本活动原来填写的这几项换成规范表格的。",
    )

    def __init__(self, *args, handed: Handed, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(entry.key, f"{entry.title}（{len(entry.indicators)}项）") for entry in handed.questionnaires]
        self.fields["questionnaires"].choices = choices
        self.fields["questionnaires"].initial = [key for key, _ in choices]
