"""What a secretary answers where the count stops and asks."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from campaigns.permissions import can_write_summary, require

from ..actions import choose_score
from ..forms import ScoreChoiceForm
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
