"""Thresholds that tallies crossed: all of a campaign, and the decision on one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from campaigns.models import Poll
from campaigns.permissions import can_decide_findings, require

from ..actions import decide_finding
from ..findings import Crossing, crossings_of
from ..forms import FindingForm
from ..results import all_results, results_of
from .results import chosen_node, visible_campaign, visible_poll

FINDINGS_PER_PAGE = 50


def finding_list(request, campaign_id):
    """Those at and below the unit that `?unit=` names, waiting ones first."""
    campaign = visible_campaign(request, campaign_id)
    node = chosen_node(request, campaign)
    below = {"organization__path__gte": node.path, "organization__path__lt": node.path + "z"}
    polls = all_results(Poll.objects.filter(campaign=campaign, **below))
    can_decide = {one.poll.pk: can_decide_findings(request.user, one.poll) for one in polls}
    found = [(crossing, can_decide[crossing.poll_id]) for crossing in crossings_of(polls)]
    found.sort(key=lambda pair: not pair[0].is_pending)
    context = {
        "campaign": campaign,
        "node": node,
        "pending_count": sum(crossing.is_pending for crossing, _ in found),
        "page": Paginator(found, FINDINGS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "reports/finding_list.html", context)


def finding_decide(request, poll_id, rule, target_id, indicator_id):
    poll = visible_poll(request, poll_id)
    require(can_decide_findings(request.user, poll))
    crossing = _crossing(poll, (rule, target_id, indicator_id))
    form = FindingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        decide_finding(crossing, by=request.user, **form.cleaned_data)
        messages.success(request, f"对“{crossing.target}”的认定意见已经记录。")
        return redirect("reports:poll_results", poll_id=poll.pk)
    return render(request, "reports/finding_decide.html", {"poll": poll, "crossing": crossing, "form": form})


def _crossing(poll: Poll, key: tuple[str, int, int]) -> Crossing:
    """The crossed threshold of that key; 404 where the ballots do not give it."""
    for crossing in crossings_of([results_of(poll)]):
        if (crossing.threshold.key, crossing.target_id, crossing.indicator_id) == key:
            return crossing
    raise Http404
