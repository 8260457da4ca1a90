"""会议记录 of a poll's meeting: written by the unit's secretary, printed for those who answer for the unit."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from campaigns.forms.seen import save_seen
from campaigns.models import Poll
from campaigns.permissions import can_run, require
from campaigns.views.fetching import visible_poll
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..files import pdf
from ..forms.minutes import MinutesForm
from ..minutes.actions import RecordedMeanwhile, record_minutes
from ..minutes.content import minutes_content
from ..models import Minutes
from ..permissions import can_read_minutes
from .sending import PDF, attachment


def minutes_edit(request, poll_id):
    poll = visible_poll(request, poll_id)
    require(can_run(request.user, poll))
    minutes = Minutes.objects.filter(poll=poll).first() or Minutes()
    minutes.poll = poll
    form = MinutesForm(posted(request), instance=minutes)
    if _recorded(form, request.user):
        messages.success(request, "会议记录已经保存。")
        return redirect("reports:minutes_edit", poll_id=poll.pk)
    return render(request, "reports/minutes_edit.html", {"poll": poll, "minutes": minutes, "form": form})


def _recorded(form: MinutesForm, user) -> bool:
    """Whether the minutes were sent, are in order and were written; refused, the form says why."""
    try:
        return save_seen(form, lambda: record_minutes(form.instance, form.attendances, by=user))
    except RecordedMeanwhile as refusal:
        form.add_error(None, told(refusal))
        return False


def minutes_pdf(request, poll_id):
    poll: Poll = visible_poll(request, poll_id)
    require(can_read_minutes(request.user, poll))
    minutes = Minutes.objects.filter(poll=poll).first()
    if minutes is None:
        raise Http404
    minutes.poll = poll
    body = pdf.draw_minutes(minutes_content(minutes))
    return attachment(body, name=f"会议记录-{poll.unit_name}.pdf", content_type=PDF)
