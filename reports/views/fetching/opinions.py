"""Opinions of sealed polls, and those gathered beside the ballots."""

from django.shortcuts import get_object_or_404

from ballots.models import Forum, Opinion, OpinionOrigin
from campaigns.models import AppraisedDocument, Poll
from campaigns.permissions import (
    can_count,
    can_gather,
    can_gather_on_drafts,
    can_key_sheets,
    can_read_opinions,
    require,
)
from campaigns.views.fetching import visible_poll

from ...opinions.readings import opinions_of, with_alike
from ...permissions import can_sort_opinions
from .results import poll_of_results


def poll_to_read(request, poll_id: int) -> Poll:
    """A sealed poll whose opinions the user reads."""
    poll = poll_of_results(request, poll_id)
    require(can_read_opinions(request.user, poll))
    return poll


def poll_to_sort(request, poll_id: int) -> Poll:
    """A sealed poll whose opinions the user sorts."""
    poll = poll_of_results(request, poll_id)
    require(can_sort_opinions(request.user, poll))
    return poll


def opinion_of_poll(poll: Poll, opinion_id: int) -> Opinion:
    """An opinion with those that were merged into it."""
    return get_object_or_404(with_alike(opinions_of([poll])), pk=opinion_id)


def poll_to_gather(request, poll_id: int) -> Poll:
    """A poll, open or later, for which the user records opinions that came beside the ballots."""
    poll = visible_poll(request, poll_id)
    require(can_gather(request.user, poll))
    return poll


def poll_to_key_sheets(request, poll_id: int) -> Poll:
    """A poll, open or later, whose 征求意见表 the user counts and keys."""
    poll = visible_poll(request, poll_id)
    require(can_key_sheets(request.user, poll))
    return poll


def poll_to_hand_out(request, poll_id: int) -> Poll:
    """A poll whose 征求意见表 the user prints, before its opening too."""
    poll = visible_poll(request, poll_id)
    require(can_count(request.user, poll))
    return poll


def opinion_origin_to_edit(request, origin_id: int) -> OpinionOrigin:
    """A recorded opinion with its way here."""
    origins = OpinionOrigin.objects.visible_to(request.user).select_related(
        "opinion__target__poll__campaign", "opinion__target__poll__organization", "forum"
    )
    origin = get_object_or_404(origins, pk=origin_id)
    require(can_gather(request.user, origin.opinion.target.poll))
    return origin


def document_to_ask_about(request, document_id: int) -> AppraisedDocument:
    """A report on whose drafts the user gathers opinions."""
    documents = AppraisedDocument.objects.visible_to(request.user).select_related(
        "target", "poll__campaign", "poll__organization"
    )
    document = get_object_or_404(documents, pk=document_id)
    require(can_gather_on_drafts(request.user, document.poll))
    return document


def origin_on_draft(request, origin_id: int) -> OpinionOrigin:
    """An opinion on a draft, for somebody who gathers those; 404 for one that came otherwise."""
    origins = OpinionOrigin.objects.visible_to(request.user).filter(draft__isnull=False)
    origins = origins.select_related("draft__document__poll__organization", "opinion__target", "opinion__reading")
    origin = get_object_or_404(origins, pk=origin_id)
    require(can_gather_on_drafts(request.user, origin.draft.document.poll))
    return origin


def forum_to_edit(request, forum_id: int) -> Forum:
    forums = Forum.objects.visible_to(request.user).select_related("poll__campaign", "poll__organization")
    forum = get_object_or_404(forums, pk=forum_id)
    require(can_gather(request.user, forum.poll))
    return forum
