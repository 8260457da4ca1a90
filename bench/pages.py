"""Every page a secretary can open, at a company of 3 units, one of 412 and one of a fifth more: queries and time.

The pages are taken from the table of routes, so a new one is measured without being named here. How queries grow
is told by the two large companies: what a page shows of many units alone (a search field, kept sums) both have.
"""

import logging
import time
from collections import Counter
from statistics import median

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ballots import actions as ballot_actions
from ballots.counting import sealing
from ballots.models import Batch
from campaigns import actions
from campaigns.models import Campaign, Member, Organization, Role

from . import company

# A campaign in each.
STATES = ("preparing", "open", "closed", "sealed")
MEMBERS_OF_UNIT = 11
# Nothing a secretary works with, and pages of machines, which miss the worker here.
NOT_MEASURED = {
    *("ballots:code_claim", "ballots:code_enter", "ballots:records", "login", "logout"),
    *("healthz", "readyz", "metrics"),
}
A_LOT = 0.5  # seconds; a page that takes longer is asked for twice
SIZES = ("small", "large", "larger")


def prepare_units(url: str, small: int, large: int) -> dict:
    """Three companies with a campaign in each state."""
    company.migrate()
    for name, units in zip(SIZES, (small, large, large + large // 5), strict=True):
        root = actions.add_organization(name=f"{name}公司党委", kind="committee")
        branches = company.make_branches(root, units)
        Member.objects.bulk_create(
            Member(organization=branch, name=f"党员{number:02d}", post="secretary" if number == 0 else "member")
            for branch in branches
            for number in range(MEMBERS_OF_UNIT)
        )
        Role.objects.create(user=User.objects.create(username=name), organization=root, kind=Role.Kind.SECRETARY)
        for state in STATES:
            _campaign(root, branches, state)
    return {}


def _campaign(root: Organization, branches: list[Organization], state: str) -> None:
    campaign = company.make_campaign(root, state)
    actions.make_polls(campaign, branches)
    if state == "preparing":
        return
    ballot_actions.open_campaign(campaign, by=None)
    if state == "open":
        for poll in campaign.polls.all():
            ballot_actions.add_batch(
                poll, channel="meeting", category=campaign.categories.last(), method=Batch.Method.SLIPS
            )
        return
    company.cast_and_close(campaign, len(branches) * company.BALLOTS // company.UNITS)
    if state == "sealed":
        sealing.seal_all(campaign, by=None)


def measure_requests(url: str, runs: int) -> dict:
    """For each page and state of the campaign: queries and milliseconds at each company."""
    logging.disable(logging.CRITICAL)  # of pages that are not there in a state
    rows, broken = [], []
    for name, wanted in _routes(get_resolver()):
        for state in STATES if wanted & {"campaign_id", "poll_id", "batch_id", "questionnaire_id"} else [""]:
            # A page that the one company has not in this state, the others have not either.
            if not (small := _visit(name, wanted, "small", state, runs)):
                continue
            visits = {"small": small} | {size: _visit(name, wanted, size, state, runs) for size in SIZES[1:]}
            if any(visit and visit["status"] >= 500 for visit in visits.values()):
                broken.append({"page": name, "state": state})
            elif all(visits.values()):
                rows.append({"page": name, "state": state} | visits)
    return {"pages": rows, "broken": broken}


def _routes(resolver: URLResolver, namespace: str = "", wanted: frozenset = frozenset()):
    """Name and arguments of every named route."""
    for pattern in resolver.url_patterns:
        arguments = wanted | set(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace, arguments)
        elif isinstance(pattern, URLPattern) and pattern.name and namespace + pattern.name not in NOT_MEASURED:
            yield namespace + pattern.name, arguments


def _visit(name: str, wanted: set[str], size: str, state: str, runs: int) -> dict | None:
    """None where this page is not there in this state, or is not a secretary's."""
    known = _arguments(size, state)
    if not wanted <= known.keys():
        return None
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(User.objects.get(username=size), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse(name, kwargs={argument: known[argument] for argument in wanted})
    seconds = []
    for number in range(1 + runs):  # the first fills the caches of templates and keeps sums
        asked: Counter[str] = Counter()

        def count(execute, sql, *arguments, asked=asked):
            asked["queries"] += not sql.startswith(("SAVEPOINT", "RELEASE"))
            return execute(sql, *arguments)

        started = time.perf_counter()
        with connection.execute_wrapper(count):
            response = client.get(address)
            length = len(response.getvalue())
        seconds.append(time.perf_counter() - started)
        if response.status_code < 500 and response.status_code != 200:
            return None
        if response.status_code != 200 or (number and seconds[-1] > A_LOT):
            break
    return {
        "status": response.status_code,
        "queries": asked["queries"],
        "ms": round(1000 * median(seconds[1:] or seconds), 1),
        "kilobytes": round(length / 1000, 1),
    }


def _arguments(size: str, state: str) -> dict[str, int]:
    """The keys that a route may ask for, at one company and in one state."""
    root = Organization.objects.get(parent=None, name=f"{size}公司党委")
    arguments = {"organization_id": root.pk, "member_id": Member.objects.filter(organization__parent=root).first().pk}
    if state:
        campaign = Campaign.objects.get(organizer=root, title=state)
        poll = campaign.polls.first()
        arguments |= {"campaign_id": campaign.pk, "poll_id": poll.pk}
        arguments["questionnaire_id"] = campaign.questionnaires.first().pk
        if batch := poll.batches.first():
            arguments["batch_id"] = batch.pk
    return arguments
