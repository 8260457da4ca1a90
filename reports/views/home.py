"""The page after login: what each of the user's roles has to do now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.db.models import Count, F
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Campaign, Organization, Poll, Role
from campaigns.models.reach import role_paths, visible_paths, within_paths
from campaigns.year_plan.reminders import reminders_of

from ..committee.charts import ledger_bar
from ..committee.duties import DEADLINES, OBJECTIONS, OPINIONS, duties_of
from ..committee.progress import campaigns_within
from ..ledger.content import ledger_progress

SHOWN = 6
# Rows on a page of a part of which all is asked for.
PART_SIZE = 50


@dataclass(frozen=True)
class HomePart:
    """The rows of one part of the page, and how many there are in all; `page` where all of them are shown, page by page."""

    name: str
    rows: Sequence
    count: int
    page: Page | None


def home(request):
    paths = role_paths(request.user)
    context = {"today": timezone.localdate(), "has_role": bool(paths)}
    if own := paths.get(Role.Kind.SECRETARY):
        context |= _secretary(request, own, context["today"])
    if counted := {*paths.get(Role.Kind.TELLER, ()), *paths.get(Role.Kind.SECRETARY, ())}:
        context |= _waiting_polls(request, counted)
    if watched := paths.get(Role.Kind.OFFICER):
        context |= _officer(watched, context["today"])
    if request.user.is_superuser:
        context["first_steps"] = _first_steps()
    context["ending"] = _ending(visible_paths(request.user), context["today"])
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


def _part(request, name: str, rows, count: int) -> HomePart:
    """The first rows of a part, or a page of all of them where the address asks for it: `?all=to-seal`."""
    if request.GET.get("all") != name:
        return HomePart(name, list(rows[:SHOWN]), count, None)
    page = Paginator(rows, PART_SIZE).get_page(request.GET.get("page"))
    return HomePart(name, list(page), count, page)


def _secretary(request, paths, today) -> dict:
    """The campaigns that the user organizes and that are not over, and what waits after the others."""
    campaigns = Campaign.objects.filter(within_paths(paths)).with_progress()
    unfinished = campaigns.exclude(opened_at__isnull=False, poll_count=F("sealed_count"))
    duties = duties_of(paths, today=today, whole=request.GET.get("all", ""))
    return {
        "unfinished": _part(request, "own", unfinished.select_related("organizer"), unfinished.count()),
        "finished_count": campaigns.filter(opened_at__isnull=False, poll_count=F("sealed_count")).count(),
        "reminders": reminders_of(paths, today=today),
        "duties": duties,
        "deadlines": _part(request, DEADLINES, duties.deadlines, duties.unfinished),
        "unread": _part(request, OPINIONS, duties.unread, len(duties.unread)),
        "objections": _part(request, OBJECTIONS, duties.first_objections, duties.objections),
    }


def _waiting_polls(request, paths) -> dict:
    """Polls whose days are over and that are still open, and closed ones that wait for the count and the seal."""
    polls = Poll.objects.filter(within_paths(paths), state__in=(Poll.State.OPEN, Poll.State.CLOSED))
    counts = Counter(dict(polls.order_by().values_list("state").annotate(count=Count("*"))))
    # In order by the columns of an index: a row holds its whole ballot.
    places = polls.order_by("campaign__ends_on", "path", "campaign").values_list("campaign_id", "path")
    to_close, to_seal = (
        _part(request, name, places.filter(state=state), counts[state])
        for name, state in (("to-close", Poll.State.OPEN), ("to-seal", Poll.State.CLOSED))
    )
    at = _polls_at([*to_close.rows, *to_seal.rows])
    return {
        "to_close": replace(to_close, rows=[at[place] for place in to_close.rows]),
        "to_seal": replace(to_seal, rows=[at[place] for place in to_seal.rows]),
    }


def _polls_at(places: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Poll]:
    """The polls by their campaign and path."""
    polls = Poll.objects.filter(campaign__in={key for key, _ in places}, path__in={path for _, path in places})
    return {
        (poll.campaign_id, poll.path): poll for poll in polls.select_related("campaign", "organization").defer("form")
    }


def _officer(paths, today) -> dict:
    """How far the campaigns within reach have come, what came out of them, and what became of the problems."""
    running, finished = campaigns_within(paths, today=today)
    ledger = ledger_progress(paths, today=today)
    return {"running": running, "finished": finished, "ledger": ledger, "ledger_bar": ledger_bar(ledger)}
