"""征求意见表 beside the 评议表: blank to be printed, counted, and what was written on them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from ballots.models import Consultation
from campaigns.forms.seen import save_seen
from campaigns.permissions import can_gather
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..files import pdf
from ..forms.gathering import ConsultationForm, SheetOpinionsForm
from ..gathering import actions
from .fetching.opinions import poll_to_hand_out, poll_to_key_sheets
from .sending import PDF, attachment


def sheets_count(request, poll_id):
    """How many were handed out and came back."""
    poll = poll_to_key_sheets(request, poll_id)
    sheets = Consultation.objects.filter(poll=poll).first() or Consultation(poll=poll)
    form = ConsultationForm(posted(request), instance=sheets)

    def record():
        numbers = form.cleaned_data
        issued, returned = numbers["issued_count"], numbers["returned_count"]
        actions.record_sheets(poll, issued=issued, returned=returned, by=request.user)

    if _done(form, record):
        messages.success(request, "份数已经登记。")
        return redirect("reports:sheets_count", poll.pk)
    context = {
        "poll": poll,
        "form": form,
        "sheets": sheets,
        "keyed": actions.keyed_from_sheets(poll),
        "is_filed": actions.is_filed(poll),
        "can_gather": can_gather(request.user, poll),
    }
    return render(request, "reports/sheets_count.html", context)


def sheets_key(request, poll_id):
    """Key opinions from the sheets; what others keyed is not shown."""
    poll = poll_to_key_sheets(request, poll_id)
    form = SheetOpinionsForm(posted(request), poll=poll)
    day = poll.meeting_on or timezone.localdate()
    if _done(form, lambda: actions.key_sheets(poll, form.heard_on(day), by=request.user)):
        messages.success(request, f"录入了{len(form.cleaned_data['opinions'])}条。")
        return redirect("reports:sheets_count", poll.pk)
    return render(request, "reports/sheets_key.html", {"poll": poll, "form": form, "is_filed": actions.is_filed(poll)})


def _done(form, deed) -> bool:
    try:
        return save_seen(form, deed)
    except actions.CannotGather as refusal:
        form.add_error(None, told(refusal))
        return False


@never_cache
def sheets_blank(request, poll_id):
    """The form to be printed: text alone, and no name."""
    poll = poll_to_hand_out(request, poll_id)
    return attachment(pdf.blank_consultation(poll), name=f"征求意见表-{poll.unit_name}.pdf", content_type=PDF)
