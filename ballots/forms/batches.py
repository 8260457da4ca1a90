"""Handing out the right to vote: what a secretary fills in."""

from django import forms
from django.core.exceptions import ValidationError

from campaigns.models import Category, Channel, Poll

from ..models import MOST_FORMS, Batch
from ..voting.codes import ALPHABET, CODE_LENGTH, MAX_PRINTED, normalize


class BatchForm(forms.ModelForm):
    """A new batch, by phone or on paper; only the campaign's own channels and categories are offered."""

    class Meta:
        model = Batch
        fields = ["channel", "category", "method"]
        widgets = {"method": forms.RadioSelect}
        help_texts = {
            "method": "一次性选票码：打印成小条，一人一条，一码一票。会场屏幕码：投影一个码，大家都扫它，收到的票数以到场人数为限，"
            "但保证不了一人一票（换手机、清除浏览器记录可以再投）。"
            "纸质票录入：发纸质票，收回后由两人各录一遍。领了纸质票的人不再领选票码。"
        }

    def __init__(self, *args, poll: Poll, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [choice for choice in Channel.choices if choice[0] in poll.campaign.channels]
        self.fields["channel"].choices = offered
        self.fields["category"].queryset = poll.campaign.categories.all()
        self.fields["category"].empty_label = None
        self.fields["method"].choices = Batch.Method.choices
        self._poll = poll
        if poll.partner and poll.campaign.partner_category:
            self.fields[
                "category"
            ].help_text = f"“{poll.campaign.partner_category}”发给{poll.partner.unit_name}的党员。"
        self.fields["method"].initial = Batch.Method.SLIPS

    def clean_category(self):
        category = self.cleaned_data["category"]
        if category.name == self._poll.campaign.partner_category and self._poll.partner is None:
            raise ValidationError(f"“{category}”由结对单位的党员填写，本单位没有结对，不能发这一类票。")
        return category


class ShareForm(forms.Form):
    """Polls of a unit that are held at one meeting, and for whom their slips are."""

    polls = forms.ModelMultipleChoiceField(
        Poll.objects.none(), label="同一个会上的其他评议表", widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(label="评议渠道")
    category = forms.ModelChoiceField(Category.objects.none(), label="参评人员类别", empty_label=None)

    def __init__(self, *args, poll: Poll, beside, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["polls"].queryset = beside
        self.fields["polls"].label_from_instance = _form_of
        self.fields["channel"].choices = [choice for choice in Channel.choices if choice[0] in poll.campaign.channels]
        self.fields["category"].queryset = poll.campaign.categories.all()
        self.fields["category"].help_text = "几张表都要有这一类参评人员；别的类别再做一次。"
        self.fields[
            "polls"
        ].help_text = f"连同本表至多{MOST_FORMS}张。还没有开启的也可以，开启以后这些码条对它自然有效。"


def _form_of(poll: Poll) -> str:
    return f"{poll.campaign.title}（{poll.get_state_display()}）"


class ReturnedSlipForm(forms.Form):
    """The code of a slip that came back."""

    code = forms.CharField(
        label="退回的选票码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="印在小条上的10位，不分大小写，横线可不输。",
    )

    def clean_code(self):
        code = normalize(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
            raise ValidationError(
                f"选票码是{CODE_LENGTH}位字母和数字，没有0、1、I、L、O、U、V；现在输入的不是。请照小条上的再输一次。"
            )
        return code


class CountForm(forms.Form):
    """How many rights to make."""

    count = forms.IntegerField(min_value=1, max_value=MAX_PRINTED)

    def __init__(self, *args, label: str, help_text: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["count"].label = label
        self.fields["count"].help_text = help_text
