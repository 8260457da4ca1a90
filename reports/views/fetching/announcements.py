"""Announcements and the objections to them."""

from django.shortcuts import get_object_or_404

from campaigns.models import Target
from campaigns.permissions import require

from ...announcements import PlaceResults, result_choices
from ...models import Announcement, Objection
from ...permissions import can_announce, can_see_announcements
from .address import key_in


def visible_announcement(request, announcement_id: int) -> Announcement:
    announcements = Announcement.objects.visible_to(request.user).with_scope()
    announcement = get_object_or_404(announcements.select_related("published_by", "withdrawn_by"), pk=announcement_id)
    require(can_see_announcements(request.user, announcement.scope))
    return announcement


def announcement_to_write(request, announcement_id: int) -> Announcement:
    announcement = visible_announcement(request, announcement_id)
    require(can_announce(request.user, announcement.scope))
    return announcement


def target_to_announce(request, results: PlaceResults) -> Target | None:
    """The target that `?target=` names, one with results of its own; None where the notice is about the whole place."""
    if not request.GET.get("target"):
        return None
    shown = [choice.key for choice in result_choices(results) if isinstance(choice.key, int)]
    return get_object_or_404(Target.objects.filter(pk__in=shown), pk=key_in(request, "target"))


def objection_to_answer(request, objection_id: int) -> Objection:
    objections = Objection.objects.visible_to(request.user).select_related("announcement")
    objection = get_object_or_404(objections, pk=objection_id)
    require(can_announce(request.user, objection.announcement.scope))
    return objection
