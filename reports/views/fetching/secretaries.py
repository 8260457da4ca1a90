"""Superiors' marks, and secretaries beside each other."""

from django.shortcuts import get_object_or_404

from campaigns.models import Poll, Target
from campaigns.permissions import require
from campaigns.views.fetching import visible_poll

from ...models import SuperiorMark
from ...permissions import can_mark_as_superior, can_rank_secretaries, can_read_superior_marks
from ...scope import Scope
from .results import chosen_scope


def poll_of_superior_marks(request, poll_id: int) -> Poll:
    """A poll, open or later, whose superiors' marks the user reads."""
    poll = visible_poll(request, poll_id)
    require(can_read_superior_marks(request.user, poll))
    return poll


def target_to_mark(request, target_id: int) -> Target:
    """A person on a ballot for whom the user records superiors' marks."""
    targets = Target.objects.filter(poll__in=Poll.objects.visible_to(request.user))
    target = get_object_or_404(
        targets.select_related("poll__campaign", "poll__organization", "member__organization"), pk=target_id
    )
    require(can_mark_as_superior(request.user, target))
    return target


def superior_mark_to_remove(request, superior_mark_id: int) -> SuperiorMark:
    marks = SuperiorMark.objects.visible_to(request.user).select_related("target__poll", "target__member__organization")
    mark = get_object_or_404(marks, pk=superior_mark_id)
    require(can_mark_as_superior(request.user, mark.target))
    return mark


def scope_of_secretaries(request, campaign_id: int) -> Scope:
    """The part of a campaign whose secretaries the user sees beside each other."""
    scope = chosen_scope(request, campaign_id)
    require(can_rank_secretaries(request.user, scope.unit))
    return scope
