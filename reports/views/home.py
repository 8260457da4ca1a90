"""The page after login: what each of the user's roles has to do now."""

from itertools import chain

from django.db.models import Count, F
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Campaign, Organization, Poll, Role
from campaigns.models.reach import role_paths, within_paths
from campaigns.year_plan.reminders import reminders_of

from ..committee.charts import ledger_bar
from ..committee.duties import duties_of
from ..committee.progress import campaigns_within
from ..ledger.content import ledger_progress

SHOWN = 6


def home(request):
    paths = role_paths(request.user)
    context = {"today": timezone.localdate(), "has_role": bool(paths)}
    if own := paths.get(Role.Kind.SECRETARY):
        context |= _secretary(own, context["today"])
    if counted := {*paths.get(Role.Kind.TELLER, ()), *paths.get(Role.Kind.SECRETARY, ())}:
        context |= _waiting_polls(counted)
    if watched := paths.get(Role.Kind.OFFICER):
        context |= _officer(watched, context["today"])
    if request.user.is_superuser:
        context["first_steps"] = _first_steps()
    context["ending"] = _ending({*chain.from_iterable(paths.values())}, context["today"])
    return render(request, "reports/home.html", context)


def _first_steps() -> list[tuple[str, str, str, bool]]:
    """The way from an empty database to a first campaign: heading, what to do, where, and whether it is done.

    Nothing once all of it is.
    """
    steps = [
        ("名册", "导入党组织、党员和公开承诺", "campaigns:roster_import", Organization.objects.exists()),
        ("账号", "给各单位的人建账号、分角色", "campaigns:account_list", Role.objects.exists()),
        ("第一次活动", "由党务干事新建评议活动", "campaigns:campaign_list", Campaign.objects.exists()),
    ]
    return [] if all(is_done for *_, is_done in steps) else steps


def _ending(paths, today):
    """The campaigns whose last day is today, with how many polls within reach are still open."""
    return (
        Campaign.objects.filter(within_paths(paths, "polls__path"), polls__state=Poll.State.OPEN, ends_on=today)
        .annotate(still_open_count=Count("polls"))
        .order_by("title")
    )


def _secretary(paths, today) -> dict:
    """The campaigns that the user organizes and that are not over, and what waits after the others."""
    campaigns = Campaign.objects.filter(within_paths(paths)).with_progress()
    unfinished = campaigns.exclude(opened_at__isnull=False, poll_count=F("sealed_count"))
    return {
        "unfinished": unfinished.select_related("organizer")[:SHOWN],
        "finished_count": campaigns.filter(opened_at__isnull=False, poll_count=F("sealed_count")).count(),
        "reminders": reminders_of(paths, today=today),
        "duties": duties_of(paths, today=today),
    }


def _waiting_polls(paths) -> dict:
    """Polls whose days are over and that are still open, and closed ones that wait for the count and the seal."""
    polls = (
        Poll.objects.filter(within_paths(paths))
        .select_related("campaign", "organization")
        .defer("form")
        .order_by("campaign__ends_on", "path")
    )
    to_close = polls.filter(state=Poll.State.OPEN)
    to_seal = polls.filter(state=Poll.State.CLOSED)
    return {
        "to_close": to_close[:SHOWN],
        "to_close_count": to_close.count(),
        "to_seal": to_seal[:SHOWN],
        "to_seal_count": to_seal.count(),
    }


def _officer(paths, today) -> dict:
    """How far the campaigns within reach have come, what came out of them, and what became of the problems."""
    running, finished = campaigns_within(paths, today=today)
    ledger = ledger_progress(paths, today=today)
    return {"running": running, "finished": finished, "ledger": ledger, "ledger_bar": ledger_bar(ledger)}
