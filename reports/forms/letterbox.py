"""Forms of 意见箱: what anybody writes, and what its reader makes of a letter."""

from django import forms
from django.db.models import QuerySet

from ballots.voting.casting import MAX_OPINION_LENGTH
from campaigns.forms.fields import PlainField, PlainTextField
from campaigns.forms.seen import SharedRowForm
from campaigns.models import Target

from ..models import Letter


class LetterForm(forms.Form):
    """The words of a letter; the key is that of the page, so that a letter sent twice is one."""

    text = PlainTextField(
        label="您的意见",
        max_length=MAX_OPINION_LENGTH,
        error_messages={"required": "还没有写意见。", "max_length": f"至多{MAX_OPINION_LENGTH}字，请删短后再交。"},
    )
    key = forms.CharField(max_length=200, required=False)


class ReceiptForm(forms.Form):
    """A receipt code as somebody types it."""

    code = forms.CharField(max_length=40)


class ReplyForm(SharedRowForm):
    """The reply that is read with the receipt code."""

    reply = PlainTextField(
        label="答复",
        max_length=MAX_OPINION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="只有拿着这封信的回执码的人看得到。留空保存，即撤回答复。",
    )

    class Meta:
        model = Letter
        fields = ["reply"]


class LetterProblemForm(forms.Form):
    """The words in which a letter goes to the ledger."""

    content = PlainField(
        label="反映问题",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="台账里的文字，能看出是谁写的、写的是谁的字句请改掉。",
    )


class BringForm(forms.Form):
    """The campaign, and about whom in it, that a letter is counted in."""

    target = forms.ModelChoiceField(label="带入哪次评议、对谁的意见", queryset=Target.objects.none())

    def __init__(self, *args, targets: QuerySet[Target], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = targets
        self.fields["target"].label_from_instance = lambda target: f"{target.poll.campaign.title}·{target.name}"
