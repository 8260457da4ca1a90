"""Opinions gathered beside the ballots: the list of a poll, one that came in, and 座谈会."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ballots.models import Forum
from campaigns.forms.seen import save_seen
from campaigns.permissions import can_key_sheets
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.gathering import ForumForm, GatheredOpinionForm
from ..gathering import actions
from ..gathering.content import forums_of, gathered_entry, gathered_opinions
from .fetching.opinions import forum_to_edit, opinion_origin_to_edit, poll_to_gather

GATHERED_PER_PAGE = 50


def gathering_list(request, poll_id):
    poll = poll_to_gather(request, poll_id)
    page = Paginator(gathered_opinions(poll), GATHERED_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "poll": poll,
        "page": page,
        "entries": [gathered_entry(opinion) for opinion in page],
        "forums": forums_of(poll),
        "can_key_sheets": can_key_sheets(request.user, poll),
        "is_filed": actions.is_filed(poll),
    }
    return render(request, "reports/gathering_list.html", context)


def gathered_add(request, poll_id):
    poll = poll_to_gather(request, poll_id)
    form = GatheredOpinionForm(posted(request), poll=poll)
    if _done(form, lambda: actions.record_opinion(poll, form.heard, by=request.user)):
        messages.success(request, "意见已经登记。")
        return redirect("reports:gathered_add" if "next" in request.POST else "reports:gathering_list", poll.pk)
    return _gathered_page(request, poll, form)


def gathered_edit(request, origin_id):
    origin = opinion_origin_to_edit(request, origin_id)
    poll = origin.opinion.target.poll
    form = GatheredOpinionForm(posted(request), instance=origin, poll=poll)
    if _done(form, lambda: actions.change_opinion(origin, form.heard)):
        messages.success(request, "意见已经保存。")
        return redirect("reports:gathering_list", poll.pk)
    return _gathered_page(request, poll, form)


def _gathered_page(request, poll, form):
    context = {"poll": poll, "form": form, "origin": form.instance, "is_filed": actions.is_filed(poll)}
    return render(request, "reports/gathered_form.html", context)


@require_POST
def gathered_delete(request, origin_id):
    origin = opinion_origin_to_edit(request, origin_id)
    return _removed(request, origin.opinion.target.poll_id, lambda: actions.remove_opinion(origin), "意见已经删除。")


def forum_add(request, poll_id):
    poll = poll_to_gather(request, poll_id)
    form = ForumForm(posted(request), poll=poll)
    if _done(form, lambda: actions.hold_forum(poll, form.forum_facts, form.raised, by=request.user)):
        messages.success(request, f"座谈会已经登记，会上提出的意见{len(form.raised)}条。")
        return redirect("reports:gathering_list", poll.pk)
    return _forum_page(request, poll, form)


def forum_edit(request, forum_id):
    forum = forum_to_edit(request, forum_id)
    form = ForumForm(posted(request), instance=forum, poll=forum.poll)
    if _done(form, lambda: actions.change_forum(forum, form.forum_facts, form.raised, by=request.user)):
        messages.success(request, "座谈会已经保存。")
        return redirect("reports:gathering_list", forum.poll_id)
    return _forum_page(request, forum.poll, form)


def _forum_page(request, poll, form):
    forum: Forum = form.instance
    raised = gathered_opinions(poll).filter(origin__forum=forum) if forum.pk else ()
    context = {
        "poll": poll,
        "form": form,
        "forum": forum,
        "entries": [gathered_entry(opinion) for opinion in raised],
        "is_filed": actions.is_filed(poll),
    }
    return render(request, "reports/forum_form.html", context)


@require_POST
def forum_delete(request, forum_id):
    forum = forum_to_edit(request, forum_id)
    return _removed(request, forum.poll_id, lambda: actions.remove_forum(forum), "座谈会和会上的意见已经删除。")


def _done(form, deed) -> bool:
    """Whether the form was sent, is in order, and its deed was done; a refusal is said on the page."""
    try:
        return save_seen(form, deed)
    except actions.CannotGather as refusal:
        form.add_error(None, told(refusal))
        return False


def _removed(request, poll_id, deed, words):
    try:
        deed()
    except actions.CannotGather as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, words)
    return redirect("reports:gathering_list", poll_id)
