"""支部工作报告: its page, its file, and taking it out."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.forms.stages import ArtefactFileForm
from campaigns.kept_files import MOST_BYTES, Unsuitable
from campaigns.models.states import StateError
from campaigns.permissions import require
from campaigns.views.kept_files import kept_file
from campaigns.views.posting import posted, posted_files
from campaigns.views.refusing import told
from pingyi.bodies import takes_files

from ..permissions import can_hand_in_work_report
from ..work_reports.actions import hand_in, take_out
from ..work_reports.content import work_report_of
from .fetching.members import poll_of_work_report, work_report_to_read


@takes_files(MOST_BYTES)
def work_report(request, poll_id):
    """The report that is there, or the place to hand it in."""
    poll = poll_of_work_report(request, poll_id)
    can_hand_in = can_hand_in_work_report(request.user, poll)
    require(can_hand_in or request.method == "GET")
    form = ArtefactFileForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            hand_in(poll, form.cleaned_data["file"], by=request.user)
        except (StateError, Unsuitable) as refusal:
            form.add_error("file", told(refusal))
        else:
            messages.success(request, "支部工作报告已经上传。")
            return redirect("reports:work_report", poll_id=poll.pk)
    context = {"poll": poll, "report": work_report_of(poll), "form": form, "can_hand_in": can_hand_in}
    return render(request, "reports/work_report.html", context)


def work_report_file(request, poll_id):
    """The file itself: saved by the browser, never shown as a page of this site."""
    report = work_report_to_read(request, poll_id)
    return kept_file(report.file_name, kind=report.file_kind, name=f"支部工作报告-{report.poll.unit_name}")


@require_POST
def work_report_remove(request, poll_id):
    report = work_report_to_read(request, poll_id)
    require(can_hand_in_work_report(request.user, report.poll))
    take_out(report)
    messages.success(request, "已经移除。")
    return redirect("reports:work_report", poll_id=poll_id)
