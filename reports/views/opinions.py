"""The opinions desk of a sealed poll: the list, one at a time, and what is done with them."""

from bisect import bisect_left, bisect_right

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ballots.models import Opinion
from campaigns.models import Poll
from campaigns.permissions import can_gather, require
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.opinions import OpinionFilterForm, OpinionMergeForm, OpinionReadingForm
from ..models import OpinionReading
from ..opinions import desk
from ..opinions.readings import (
    STANDING,
    categories_of,
    opinion_figures,
    opinions_of,
    origin_of,
    reading_of,
    says_nothing,
    shown_text,
    unread_and_empty,
    with_alike,
)
from ..permissions import can_sort_opinions
from .fetching.opinions import opinion_of_poll, poll_to_read, poll_to_sort

OPINIONS_PER_PAGE = 50


def opinion_list(request, poll_id):
    poll = poll_to_read(request, poll_id)
    filters, opinions = _filtered(request, poll)
    page = Paginator(with_alike(opinions), OPINIONS_PER_PAGE).get_page(request.GET.get("page"))
    boxes = OpinionMergeForm(opinions=[(opinion.pk, shown_text(opinion)) for opinion in page])["opinions"]
    can_sort = can_sort_opinions(request.user, poll)
    context = {
        "poll": poll,
        "figures": opinion_figures([poll]),
        "filters": filters,
        "page": page,
        "rows": [_row(opinion) | {"box": box} for opinion, box in zip(page, boxes, strict=True)],
        "can_sort": can_sort,
        "can_gather": can_gather(request.user, poll),
        "empty_count": len(unread_and_empty(poll)) if can_sort else 0,
        "query": _query(request),
    }
    return render(request, "reports/opinion_list.html", context)


def opinion_read(request, poll_id, opinion_id):
    poll = poll_to_read(request, poll_id)
    opinion = opinion_of_poll(poll, opinion_id)
    require(can_sort_opinions(request.user, poll) or request.method != "POST")
    form = _reading_form(request, opinion)
    before, after = _neighbours(_filtered(request, poll)[1], opinion)
    if form.is_valid() and _save(request, form):
        if "next" in request.POST and after:
            return redirect(_address(request, "opinion_read", poll.pk, after))
        return redirect(_address(request, "opinion_list", poll.pk))
    return _page(request, poll, form, before, after)


@require_POST
def opinion_send(request, poll_id, opinion_id):
    """Save what stands on the page of one opinion, and make a problem of it."""
    poll = poll_to_sort(request, poll_id)
    opinion = opinion_of_poll(poll, opinion_id)
    form = _reading_form(request, opinion)
    if form.is_valid():
        try:
            _, is_new = desk.send_to_ledger(opinion, by=request.user, answers=form.answers)
            messages.success(request, "已转入台账。" if is_new else "这条意见早已转入台账，没有重复登记。")
            return redirect(_address(request, "opinion_read", poll.pk, opinion.pk))
        except desk.CannotSort as refusal:
            _refuse(form, refusal)
    return _page(request, poll, form, *_neighbours(_filtered(request, poll)[1], opinion))


def _reading_form(request, opinion: Opinion) -> OpinionReadingForm:
    reading = reading_of(opinion) or OpinionReading(opinion=opinion)
    return OpinionReadingForm(posted(request), instance=reading, opinion=opinion)


def _save(request, form: OpinionReadingForm) -> bool:
    """Record the reading; what does not go together is said on the page, which keeps what was typed."""
    try:
        reading = desk.read_opinion(form.opinion, by=request.user, answers=form.answers)
    except desk.CannotSort as refusal:
        _refuse(form, refusal)
        return False
    messages.success(request, "已保存。")
    if "masked_text" in form.changed_data and desk.has_other_words_in_the_ledger(reading):
        messages.warning(request, "这条意见转入台账以后，台账里的文字另改过，不随这里改变，请到台账中核对。")
    return True


def _refuse(form: OpinionReadingForm, refusal: desk.CannotSort) -> None:
    form.add_error(None, told(refusal))
    form.show_again(OpinionReading.objects.filter(opinion=form.opinion).first())


def _page(request, poll: Poll, form: OpinionReadingForm, before: int | None, after: int | None):
    """The page of an opinion as it is now, whatever the form says."""
    context = {
        "poll": poll,
        "form": form,
        "can_sort": can_sort_opinions(request.user, poll),
        "before": before and _address(request, "opinion_read", poll.pk, before),
        "after": after and _address(request, "opinion_read", poll.pk, after),
        "categories": categories_of(poll.campaign.polls.visible_to(request.user)),
        "query": _query(request),
    }
    return render(request, "reports/opinion_read.html", context | _row(opinion_of_poll(poll, form.opinion.pk)))


@require_POST
def opinion_merge(request, poll_id):
    poll = poll_to_sort(request, poll_id)
    known = Opinion.objects.filter(target__poll=poll).values_list("pk", flat=True)
    form = OpinionMergeForm(posted(request), opinions=[(key, "") for key in known])
    try:
        if form.is_valid():
            chosen = form.cleaned_data["opinions"]
            desk.merge_opinions(poll, chosen, by=request.user)
            messages.success(request, f"{len(chosen)}条意见已并为一条，以排在最前的一条的文字为准。")
        else:
            messages.error(request, form.errors["opinions"][0])
    except desk.CannotSort as refusal:
        messages.error(request, told(refusal))
    return redirect(_address(request, "opinion_list", poll.pk))


@require_POST
def opinion_part(request, poll_id, opinion_id):
    poll = poll_to_sort(request, poll_id)
    desk.part_opinion(opinion_of_poll(poll, opinion_id), by=request.user)
    messages.success(request, "已分开，单独计为一件。")
    return redirect(_address(request, "opinion_list", poll.pk))


@require_POST
def opinion_set_aside(request, poll_id):
    poll = poll_to_sort(request, poll_id)
    count = desk.set_aside_empty(poll, by=request.user)
    messages.success(request, f"{count}条没有写明意见的，已设为不作为意见。")
    return redirect(_address(request, "opinion_list", poll.pk))


def _row(opinion: Opinion) -> dict:
    """An opinion as the pages show it."""
    reading = reading_of(opinion)
    return {
        "opinion": opinion,
        "reading": reading,
        "origin": origin_of(opinion),
        "text": shown_text(opinion),
        "alike": reading.alike.all() if reading else (),
        "says_nothing": reading is None and says_nothing(opinion.text),
    }


def _filtered(request, poll: Poll) -> tuple[OpinionFilterForm, QuerySet[Opinion]]:
    """The filters of the address, and the opinions that pass them without those merged into others."""
    filters = OpinionFilterForm(request.GET, poll=poll, categories=categories_of([poll]))
    return filters, filters.filtered(opinions_of([poll]).filter(STANDING))


def _neighbours(opinions: QuerySet[Opinion], opinion: Opinion) -> tuple[int | None, int | None]:
    """The keys before and after an opinion among those listed, whether it is one of them or not."""
    own = (opinion.target.position, opinion.target_id, opinion.pk)
    listed = list(opinions.values_list("target__position", "target_id", "pk"))
    place, following = bisect_left(listed, own), bisect_right(listed, own)
    return (listed[place - 1][-1] if place else None), (listed[following][-1] if following < len(listed) else None)


def _query(request) -> str:
    """The filters and the page, carried along so that one comes back to the same list."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _address(request, name: str, *keys: int) -> str:
    return reverse(f"reports:{name}", args=keys) + _query(request)
