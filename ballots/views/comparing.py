"""Two keyings side by side: the differences, what the paper says, and the agreement."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.ballot_form import InvalidMarks
from campaigns.models.states import StateError
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.comparing import decision_form
from ..paper import comparing, keying
from .fetching import batch_to_decide

DIFFERENCES_A_PAGE = 20


def _comparison(request, batch):
    """The comparison, or None with a message why there is none."""
    try:
        if reason := keying.refusal(batch):
            raise StateError(reason)
        return comparing.compare_keyings(batch)
    except StateError as problem:
        messages.error(request, told(problem))
        return None


@never_cache
def keying_compare(request, batch_id):
    """The list of differences, sheet by sheet."""
    batch = batch_to_decide(request, batch_id)
    comparison = _comparison(request, batch)
    if comparison is None:
        return redirect("ballots:batch_keying", batch_id=batch.pk)
    return _compare_page(request, comparison)


def _compare_page(request, comparison, refused=None):
    batch = comparison.batch
    form = batch.poll.ballot_form
    page = Paginator(comparison.differences, DIFFERENCES_A_PAGE).get_page(request.GET.get("page"))
    refused_number = refused.difference.number if refused else None
    forms = [
        refused
        if difference.number == refused_number
        else decision_form(None, ballot_form=form, comparison=comparison, difference=difference)
        for difference in page
    ]
    context = {"batch": batch, "poll": batch.poll, "comparison": comparison, "page": page, "forms": forms}
    return render(request, "ballots/keying_compare.html", context)


@never_cache
@require_POST
def keying_decide(request, batch_id, number):
    """Decide one sheet, or one cell of the totals."""
    batch = batch_to_decide(request, batch_id)
    comparison = _comparison(request, batch)
    if comparison is None:
        return redirect("ballots:batch_keying", batch_id=batch.pk)
    differences = {difference.number: difference for difference in comparison.differences}
    back = f"{reverse('ballots:keying_compare', args=[batch.pk])}?page={request.GET.get('page', '1')}"
    if number not in differences:
        messages.error(request, "这一处两遍一致，不需要认定。")
        return redirect(back)
    ballot_form = batch.poll.ballot_form
    form = decision_form(
        posted(request), ballot_form=ballot_form, comparison=comparison, difference=differences[number]
    )
    if not _decide(batch, form, by=request.user):
        return _compare_page(request, comparison, refused=form)
    return redirect(f"{back}#s{number}")


def _decide(batch, form, *, by) -> bool:
    if not form.is_valid():
        return False
    number = form.difference.number
    try:
        if batch.is_aggregated:
            comparing.decide_total(batch, number=number, counts=form.counts(), by=by)
        else:
            comparing.decide_sheet(batch, number=number, sheet=form.sheet(), by=by)
    except (keying.CannotKey, InvalidMarks, StateError) as problem:
        form.add_error(None, told(problem))
        return False
    return True


@require_POST
def keying_agree(request, batch_id):
    """Write the ballots of an agreed batch."""
    batch = batch_to_decide(request, batch_id)
    try:
        written = comparing.agree(batch, by=request.user)
    except (keying.CannotKey, StateError) as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, f"核对一致，{written}张票已经写入票库。")
    return redirect("ballots:batch_keying", batch_id=batch.pk)
