"""Public commitments: those of a unit and all below it, and what became of one."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from campaigns.forms.seen import save_seen
from campaigns.listing import Head, Listing, in_order_of
from campaigns.models import Commitment
from campaigns.pinyin import ByPinyin
from campaigns.views.posting import posted

from ..commitments.content import commitment_figures, polls_about, votes_on, within_or_all
from ..forms.commitments import CommitmentFilterForm, FulfilmentForm
from ..permissions import can_keep_ledger
from ..results.poll import all_results
from .fetching.address import query_with
from .fetching.ledger import commitment_to_fulfil, unit_of_ledger, units_around

COMMITMENTS_PER_PAGE = 50
COMMITMENT_HEADS = (
    Head("承诺人", "by", ("organization__path", ByPinyin("member__name"))),
    Head("承诺内容"),
    Head("完成时限", "due", ("due_on",)),
    Head("兑现情况", "status", (in_order_of("status", Commitment.Status.values), "fulfilled_on")),
    Head("践诺情况"),
    Head("群众评诺"),
    Head("操作", is_deeds=True),
)


def commitment_list(request):
    """The commitments at and below the unit that `?unit=` names, with the votes about them that were sealed there."""
    unit = unit_of_ledger(request)
    below = within_or_all([unit.path])
    filters = CommitmentFilterForm(query_with(request, unit=unit.pk), units=units_around(request, unit))
    commitments = filters.apply(Commitment.objects.filter(below).select_related("organization", "member"))
    listing = Listing(request.GET, commitments, COMMITMENT_HEADS, size=COMMITMENTS_PER_PAGE)
    page = listing.page
    polls, today = polls_about(page).filter(below), timezone.localdate()
    votes = votes_on(polls, all_results(polls))
    figures = commitment_figures(below, today=today)
    context = {
        "unit": unit,
        "figures": figures,
        "filters": filters,
        "listing": listing,
        "page": page,
        "rows": [
            (each, votes.get(each.pk), each.is_overdue(today), can_keep_ledger(request.user, each.organization))
            for each in page
        ],
    }
    return render(request, "reports/commitment_list.html", context)


def commitment_fulfil(request, commitment_id):
    commitment = commitment_to_fulfil(request, commitment_id)
    form = FulfilmentForm(posted(request), instance=commitment)
    if save_seen(form):
        messages.success(request, "兑现情况已经登记。")
        address = reverse("reports:commitment_list")
        return HttpResponseRedirect(f"{address}?unit={commitment.organization_id}")
    return render(request, "reports/commitment_fulfil.html", {"form": form, "commitment": commitment})
