"""The page after login: what each of the user's roles has to do now."""

from django.db.models import Count, F, Q
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Campaign, Poll, Role
from campaigns.models.role import role_paths, within_paths

SHOWN = 6


def home(request):
    paths = role_paths(request.user)
    context = {"today": timezone.localdate(), "has_role": bool(paths)}
    if own := paths.get(Role.Kind.SECRETARY):
        context |= _secretary(own)
    if counted := {*paths.get(Role.Kind.TELLER, ()), *paths.get(Role.Kind.SECRETARY, ())}:
        context |= _waiting_polls(counted)
    if watched := paths.get(Role.Kind.OFFICER):
        context["coverage"] = _coverage(watched)
    return render(request, "reports/home.html", context)


def _secretary(paths) -> dict:
    """The campaigns that the user organizes and that are not over."""
    campaigns = (
        Campaign.objects.filter(within_paths(paths, "organizer__path")).with_progress().order_by("-created_at", "-pk")
    )
    unfinished = campaigns.exclude(opened_at__isnull=False, poll_count=F("sealed_count"))
    return {
        "unfinished": unfinished.select_related("organizer")[:SHOWN],
        "finished_count": campaigns.filter(opened_at__isnull=False, poll_count=F("sealed_count")).count(),
    }


def _waiting_polls(paths) -> dict:
    """Polls whose days are over and that are still open, and closed ones that wait for the count and the seal."""
    polls = (
        Poll.objects.filter(within_paths(paths, "organization__path"))
        .select_related("campaign", "organization")
        .order_by("campaign__ends_on", "organization__path")
    )
    to_close = polls.filter(state=Poll.State.OPEN)
    to_seal = polls.filter(state=Poll.State.CLOSED)
    return {
        "to_close": to_close[:SHOWN],
        "to_close_count": to_close.count(),
        "to_seal": to_seal[:SHOWN],
        "to_seal_count": to_seal.count(),
    }


def _coverage(paths):
    """For each opened campaign how far the polls within the user's reach have come, newest campaign first."""
    counts = {
        f"{state.value}_count": Count("pk", filter=Q(state=state))
        for state in (Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED)
    }
    return (
        Poll.objects.filter(within_paths(paths, "organization__path"), campaign__opened_at__isnull=False)
        .values("campaign_id", "campaign__title", "campaign__organizer__name", "campaign__opened_at")
        .annotate(poll_count=Count("pk"), **counts)
        .order_by("-campaign__opened_at", "-campaign_id")[:SHOWN]
    )
