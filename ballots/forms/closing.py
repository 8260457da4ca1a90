"""Numbers that people count at closing, and the reason why a batch is voided."""

from collections.abc import Sequence

from django import forms

from ..counting.closing import BatchFacts
from ..models import Batch

MOST = 1_000_000


def _number(label, **options):
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, **options)


class AttendanceForm(forms.Form):
    """How many people took part in the poll."""

    attended_count = _number("实际参评人数", required=False, help_text="集中评议和其他形式合计；不掌握的可不填。")
    # Asked only where ballots of a channel are missing (scenario C2).
    goes_on = forms.BooleanField(
        label="不再补录，照此截止，结果注明不含没有录入的票", required=False, widget=forms.HiddenInput
    )

    def ask_about(self, missing: str) -> None:
        """Name the ballots that were not entered, and ask whether to close without them."""
        self.add_error(None, f"{missing}请先补录；确实不再补录的，勾选“{self.fields['goes_on'].label}”。")
        self.fields["goes_on"].widget = forms.CheckboxInput()


class BatchFactsForm(forms.Form):
    """The numbers of one batch; a phone batch knows its own returned ones."""

    issued = _number("发出")
    returned = _number("收回", help_text="从票箱取出的全部张数。")
    void = _number("整票无效", initial=0, help_text="其中整张无效的张数，不录入系统。")
    assisted = _number(
        "其中代填", required=False, help_text="本人不便填写，由会务人员按本人意思代填的张数，没有的不填。票上不作记号。"
    )

    def __init__(self, *args, batch: Batch, **kwargs):
        super().__init__(*args, prefix=f"batch-{batch.pk}", **kwargs)
        self.batch = batch
        if batch.is_paper:
            self._ask_paper()
            return
        del self.fields["returned"], self.fields["void"]
        if batch.method == Batch.Method.SCREEN:
            self._ask_screen()
        else:
            self._ask_slips()

    def _ask_slips(self):
        """Nothing is proposed: only people know how many of the slips that were made were handed out."""
        issued, made = self.fields["issued"], self.batch.printed_count
        issued.help_text = f"发到参评人员手里的张数。共制作{made}张，没有发出去的不算。"
        issued.error_messages["required"] = f"请清点并填写发出的张数；共制作{made}张，没有发出去的不算。"

    def _ask_screen(self):
        """As many as were let in, unless somebody counted otherwise."""
        issued = self.fields["issued"]
        issued.required = False
        issued.label = "发出（到场可投票人数）"
        issued.help_text = f"会场码准许{self.batch.printed_count}人投票；不填的按收回数计。"
        self.initial.setdefault("issued", self.batch.printed_count)

    def _ask_paper(self):
        """Earlier counts are proposed; keyed ones are fixed."""
        batch = self.batch
        if batch.agreement in (Batch.Agreement.TWICE, Batch.Agreement.SINGLE):
            del self.fields["returned"], self.fields["void"]
        for name, count in (("issued", batch.issued_count), ("returned", batch.returned_count)):
            self.initial.setdefault(name, count)
        self.initial.setdefault("void", batch.void_count)

    def facts(self) -> BatchFacts:
        counted = self.cleaned_data
        assisted = counted.get("assisted") or 0
        if self.batch.is_paper and "returned" not in self.fields:
            return BatchFacts(counted["issued"], self.batch.returned_count, self.batch.void_count, assisted)
        returned, void = counted.get("returned"), counted.get("void") or 0
        return BatchFacts(counted["issued"], returned, void, assisted)


class VoidForm(forms.Form):
    """Why a batch is voided; for an open one also what was counted, true or not (scenario C13)."""

    reason = forms.CharField(label="作废原因", max_length=200, help_text="如：收回的票多于发出的票。")
    issued = _number("清点的发出数", required=False)
    returned = _number("清点的收回数", required=False, help_text="照实填写，留作记录；不进入任何汇总。")

    with_tied = forms.BooleanField(required=False)

    def __init__(self, *args, batch: Batch, beside: Sequence[Batch] = (), **kwargs):
        super().__init__(*args, **kwargs)
        if beside:
            titles = "、".join(f"“{tied.poll.campaign.title}”" for tied in beside)
            self.fields["with_tied"].label = f"同票的{titles}也一并作废"
            self.fields["with_tied"].help_text = "不勾选的，码条对它们仍然有效。"
        else:
            del self.fields["with_tied"]
        if batch.state != Batch.State.OPEN:
            del self.fields["issued"], self.fields["returned"]
        elif not batch.is_paper:
            del self.fields["returned"]
        else:
            self.initial |= {"issued": batch.issued_count, "returned": batch.returned_count}


class CampaignCloseForm(forms.Form):
    """Whether polls that never took a ballot are closed along with the others."""

    with_empty = forms.BooleanField(
        label="一并截止没有发过票的评议点",
        required=False,
        help_text="截止后不能再收票，结果显示“—”。",
    )
