"""Service windows, their words, and what campaigns take from them."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from campaigns.models import Organization, Poll
from campaigns.models.reach import within_paths
from campaigns.permissions import can_keep_windows, can_see_windows, can_take_windows, require
from campaigns.views.fetching import visible_organization, visible_poll

from ...models import ServiceWindow, WindowTaking, WindowWord
from ...window.sums import parts_of, words_to_read


def organization_of_windows(request, organization_id: int) -> Organization:
    """A unit whose windows the user sees."""
    organization = visible_organization(request, organization_id)
    require(can_see_windows(request.user, organization))
    return organization


def organization_for_window(request, organization_id: int) -> Organization:
    """A unit for which the user sets up windows."""
    organization = organization_of_windows(request, organization_id)
    require(can_keep_windows(request.user, organization))
    return organization


def windows_within(organization: Organization) -> QuerySet[ServiceWindow]:
    """The windows at and below a unit, each with its unit and its scale."""
    windows = ServiceWindow.objects.filter(within_paths([organization.path], ServiceWindow.TO_PATH))
    return windows.select_related("organization").prefetch_related("scale__grades")


def window_to_see(request, window_id: int) -> ServiceWindow:
    """A window whose sums the user sees."""
    windows = ServiceWindow.objects.visible_to(request.user).select_related("organization", "scale")
    window = get_object_or_404(windows, pk=window_id)
    require(can_see_windows(request.user, window.organization))
    return window


def window_to_keep(request, window_id: int) -> ServiceWindow:
    """A window that the user opens, shuts and hangs up a poster for."""
    window = window_to_see(request, window_id)
    require(can_keep_windows(request.user, window.organization))
    return window


def word_to_mask(request, word_id: int) -> WindowWord:
    """A word that may be read by now, at a window that the user keeps."""
    words = WindowWord.objects.visible_to(request.user).select_related("window__organization")
    word = get_object_or_404(words, pk=word_id)
    require(can_keep_windows(request.user, word.window.organization))
    readable = words_to_read(word.window, parts_of(word.window, now=timezone.now()))
    return get_object_or_404(readable.select_related("window__organization"), pk=word_id)


def poll_to_take(request, poll_id: int) -> Poll:
    """A poll, open or later, into which the user takes sums of windows."""
    poll = visible_poll(request, poll_id)
    require(can_take_windows(request.user, poll))
    return poll


def taking_to_give_back(request, taking_id: int) -> WindowTaking:
    takings = WindowTaking.objects.visible_to(request.user).select_related("poll__campaign", "window")
    taking = get_object_or_404(takings, pk=taking_id)
    require(can_take_windows(request.user, taking.poll))
    return taking


def public_window(token: str) -> ServiceWindow:
    """The window at a public address, that for phones or that of the tablet; open or shut."""
    windows = ServiceWindow.objects.select_related("organization").prefetch_related("scale__grades")
    return get_object_or_404(windows.filter(Q(token=token) | Q(kiosk_token=token)))
