"""Thresholds that tallies crossed: all of a campaign, and the decision on one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.models import Poll
from campaigns.models.reach import within_paths
from campaigns.models.states import StateError
from campaigns.permissions import require
from campaigns.views.fetching import visible_campaign
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..findings.actions import decide_finding, register_finding
from ..forms import FindingForm
from ..forms.ledger import carry_out
from ..forms.lists import CrossingFilterForm
from ..permissions import can_decide_findings, can_read_some_ledger, can_register_findings
from ..report import crossings_among
from .fetching.findings import crossing_of_poll
from .fetching.results import poll_of_results, unit_of_results

FINDINGS_PER_PAGE = 50


def finding_list(request, campaign_id):
    """The crossed thresholds at and below the unit that `?unit=` names, waiting ones first."""
    campaign = visible_campaign(request, campaign_id)
    unit = unit_of_results(request, campaign)
    polls = Poll.objects.filter(within_paths([unit.path]), campaign=campaign)
    crossings = crossings_among([campaign], polls)
    crossings.sort(key=lambda crossing: not crossing.is_pending)
    filters = CrossingFilterForm(request.GET)
    page = Paginator(filters.chosen(crossings), FINDINGS_PER_PAGE).get_page(request.GET.get("page"))
    keys = {crossing.poll_id for crossing in page}
    shown = {poll.pk: poll for poll in polls.filter(pk__in=keys).select_related("organization").defer("form")}
    context = {
        "campaign": campaign,
        "unit": unit,
        "filters": filters,
        "total": len(crossings),
        "pending_count": sum(crossing.is_pending for crossing in crossings),
        "page": page,
        "can_read_uses": can_read_some_ledger(request.user),
        "findings": [(crossing, *_rights(request.user, shown[crossing.poll_id])) for crossing in page],
    }
    return render(request, "reports/finding_list.html", context)


def _rights(user, poll: Poll) -> tuple[bool, bool]:
    """Whether the user may decide the poll's findings, and put them into the ledger."""
    return can_decide_findings(user, poll), can_register_findings(user, poll)


def finding_decide(request, poll_id, rule, target_id):
    poll = poll_of_results(request, poll_id)
    require(can_decide_findings(request.user, poll))
    crossing = crossing_of_poll(poll, rule, target_id)
    form = FindingForm(posted(request))
    if carry_out(form, lambda: decide_finding(crossing, by=request.user, **form.cleaned_data)):
        messages.success(request, f"对“{crossing.target}”的认定意见已经记录。")
        return redirect("reports:poll_results", poll_id=poll.pk)
    return render(request, "reports/finding_decide.html", {"poll": poll, "crossing": crossing, "form": form})


@require_POST
def finding_problem(request, poll_id, rule, target_id):
    """Put a confirmed finding into the rectification ledger; asked again, show the same problem."""
    poll = poll_of_results(request, poll_id)
    require(can_register_findings(request.user, poll))
    crossing = crossing_of_poll(poll, rule, target_id)
    try:
        problem = register_finding(poll, crossing, by=request.user)
    except StateError as refusal:
        messages.error(request, told(refusal))
        return redirect("reports:poll_results", poll_id=poll.pk)
    messages.success(request, "已转入整改台账。")
    return redirect("reports:problem_detail", problem.pk)
