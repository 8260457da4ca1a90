"""What a secretary answers where the count stops and asks."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.permissions import can_write_summary, require

from ..actions import choose_score, count_excellent
from ..excellent import excellent_of
from ..forms import ExcellentForm, ScoreChoiceForm
from ..results import results_of
from .results import visible_poll


@require_POST
def score_choose(request, poll_id):
    poll = visible_poll(request, poll_id)
    require(can_write_summary(request.user, poll))
    form = ScoreChoiceForm(request.POST)
    if form.is_valid():
        choose_score(poll, form.cleaned_data["answer"], by=request.user)
        messages.success(request, "得分的处理办法已经记录。")
    else:
        messages.error(request, "请选择一种处理办法。")
    return redirect("reports:poll_results", poll_id=poll.pk)


def excellent_edit(request, poll_id):
    poll = visible_poll(request, poll_id)
    require(can_write_summary(request.user, poll))
    excellent = excellent_of([results_of(poll)]).get(poll.pk)
    if excellent is None:
        raise Http404
    initial = {
        "excellent": excellent.count,
        "members": excellent.members,
        "attended": excellent.attended,
        "reason": excellent.reason,
    }
    form = ExcellentForm(request.POST if request.method == "POST" else None, initial=initial, excellent=excellent)
    if form.is_valid():
        count_excellent(poll, by=request.user, **form.cleaned_data)
        messages.success(request, "优秀人数已经登记。")
        return redirect("reports:poll_results", poll_id=poll.pk)
    return render(request, "reports/excellent_edit.html", {"poll": poll, "excellent": excellent, "form": form})
