"""Handing out the right to vote: what a secretary fills in."""

from django import forms

from campaigns.models import Channel, Poll

from ..models import Batch
from ..voting.codes import MAX_PRINTED


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
        self.fields["method"].initial = Batch.Method.SLIPS


class CountForm(forms.Form):
    """How many rights to make."""

    count = forms.IntegerField(min_value=1, max_value=MAX_PRINTED)

    def __init__(self, *args, label: str, help_text: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["count"].label = label
        self.fields["count"].help_text = help_text
