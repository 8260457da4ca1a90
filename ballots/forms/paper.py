"""Counts of a paper batch before it is keyed, and the signed count sheet's picture."""

from django import forms
from django.core.exceptions import ValidationError

from campaigns.forms.fields import PlainField, RowsFormSet
from campaigns.models import Channel

from ..models import Batch
from ..paper.keying import MAX_REASON_LENGTH

MOST = 1_000_000
COMMON_REASONS = ("全部未填写", "涂改无法辨认", "不是本次印发的票", "写有与评议无关的内容")


def reason_field(**options):
    return PlainField(
        max_length=MAX_REASON_LENGTH,
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control", "list": "void-reasons", "autocomplete": "off", **options.pop("attrs", {})}
        ),
        **options,
    )


class PaperForm(forms.Form):
    """The counts of a paper batch before it is keyed."""

    channel = forms.ChoiceField(label="评议渠道")
    category = forms.ModelChoiceField(label="参评人员类别", queryset=None, empty_label=None)
    issued = forms.IntegerField(label="发出", min_value=0, max_value=MOST, help_text="发到参评人员手里的纸质票张数。")
    returned = forms.IntegerField(
        label="收回", min_value=0, max_value=MOST, help_text="从票箱取出的全部张数，整票无效的也在内。"
    )
    is_aggregated = forms.TypedChoiceField(
        label="录入方式",
        choices=[("", "逐张录入：每张票的每一项都录入"), ("1", "只报总数：手上只有统计表，没有票，录每一项各档的张数")],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, batch: Batch, **kwargs):
        initial = {
            "channel": batch.channel,
            "category": batch.category_id,
            "issued": batch.issued_count,
            "returned": batch.returned_count,
            "is_aggregated": "1" if batch.is_aggregated else "",
        }
        super().__init__(*args, initial=initial, **kwargs)
        campaign = batch.poll.campaign
        offered = {*campaign.channels, batch.channel}
        self.fields["channel"].choices = [choice for choice in Channel.choices if choice[0] in offered]
        self.fields["category"].queryset = campaign.categories.all()
        if batch.is_agreed:
            del self.fields["returned"], self.fields["is_aggregated"]


class VoidRow(forms.Form):
    """Sheets set aside for one reason; emptied, the row is removed."""

    reason = reason_field(label="原因", attrs={"aria-label": "整票无效的原因"})
    count = forms.IntegerField(
        label="张数",
        min_value=1,
        max_value=MOST,
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-control", "aria-label": "张数"}),
    )

    def clean(self):
        values = self.cleaned_data
        if values.get("reason") and not values.get("count") and "count" not in self.errors:
            self.add_error("count", "请填写张数。")
        if values.get("count") and not values.get("reason"):
            self.add_error("reason", "请填写原因。")
        return values


class VoidRows(RowsFormSet):
    first_field = "reason"

    def clean(self):
        if any(self.errors):
            return
        reasons = [row["reason"] for row in self.rows]
        if len(reasons) != len(set(reasons)):
            raise ValidationError("同一原因填了两行，请合并。")


VoidFormSet = forms.formset_factory(VoidRow, formset=VoidRows, extra=2, max_num=30, validate_max=True)


class PhotoForm(forms.Form):
    """A picture or scan of the signed count sheet."""

    photo = forms.FileField(
        label="照片或扫描件",
        help_text="JPEG、PNG图片或PDF，不超过10MB。",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )
