"""The middleware that leaves a row in the trail of each deed of an account, so that no view can forget it.

Before a deed that may change anything it writes that the deed begins (under_way.py), and afterwards how it ended. A look
and a sign-in have their row before anything is sent: without it nothing is seen, and nobody is in.
"""

import logging
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db import DatabaseError
from django.urls import Resolver404, resolve, reverse

from campaigns.accounts.second_factor import account_in_waiting
from campaigns.models import BegunDeed, Role, TrailEntry
from campaigns.models.reach import role_paths
from campaigns.unsaved import tells_of_refusal
from pingyi.addresses import client_address

from ..models import ApiToken
from .chain import write_entry
from .deeds import END_WITH_A_PAGE, READ_BY_TOKEN, SECOND_STEP, SIGN_IN, Deed, deed_of
from .objects import ThingInTrail, thing_in, thing_of
from .under_way import begin_deed, end_deed, forget_deed

logger = logging.getLogger(__name__)
Result = TrailEntry.Result
NOT_ALLOWED, TOO_MANY, BUSY = 405, 429, 503


@dataclass(frozen=True)
class Begun:
    """A deed that is under way: whose, and of what as it was before."""

    user: User | None
    route: str
    deed: str
    thing: ThingInTrail
    # Of a deed that may change anything.
    row: BegunDeed | None = None


class KeepTrail:
    """Leaves a row of each deed in the table of routes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if begun := getattr(request, "begun_deed", None):
            _end(request, response, begun)
        elif token := getattr(request, "token_brought", None):
            _write_read(request, response, token)
        return response

    def process_view(self, request, view, args, kwargs):
        """A request that is sent to the sign-in instead does not come here."""
        route = request.resolver_match.view_name
        if not (deed := deed_of(route, request.method)):
            return
        if route in (SIGN_IN, SECOND_STEP):
            # The second step takes the waiting account out of the session.
            user = account_in_waiting(request.session)[0] if route == SECOND_STEP else None
            request.begun_deed = Begun(user, route, deed, ThingInTrail())
        elif getattr(view, "login_required", True) and request.user.is_authenticated:
            thing = thing_of(kwargs) if kwargs else thing_in(request.GET, request.POST)
            row = None if request.method == "GET" else _begin(request, route, deed, thing)
            request.begun_deed = Begun(request.user, route, deed, thing, row)


def outcome_of(request, response) -> str:
    """The result of a request; empty where nothing was done, and nothing seen."""
    status = response.status_code
    if status in (NOT_ALLOWED, TOO_MANY) or _waits(request, response):
        return ""
    # Of a deed for many units a part may be done by the time that the database is held by others.
    if status == BUSY and request.begun_deed.row is None:
        return ""
    if status >= 400:
        return Result.FAILED if status >= 500 else Result.REFUSED
    if request.method == "GET":
        return Result.DONE if status == 200 else ""
    if status == 200 and not _ends_here(request, response):
        return Result.REFUSED
    return Result.REFUSED if status == 302 and tells_of_refusal(request) else Result.DONE


def _waits(request, response) -> bool:
    """Whether the deed has yet to come: a code is asked after the password of a sign-in, a password before a grave deed."""
    is_half_in = response.status_code == 302 and response["Location"] == reverse(SECOND_STEP)
    return is_half_in or getattr(request, "is_waiting", False)


def _ends_here(request, response) -> bool:
    """Whether a page, or a file, that comes back is the deed's end and not its form with errors."""
    is_file = response.has_header("Content-Disposition")
    return is_file or getattr(response, "is_end", False) or request.resolver_match.view_name in END_WITH_A_PAGE


def _begin(request, route: str, deed: str, thing: ThingInTrail) -> BegunDeed:
    user = request.user
    return begin_deed(
        user=user,
        account=user.get_username(),
        role=acting_as(user, thing.place),
        address=client_address(request),
        deed=deed,
        route=route,
        thing=thing,
    )


def _end(request, response, begun: Begun) -> None:
    """Write how a deed ended. It stands though that could not be written: that it began is there, and the log says so."""
    result = outcome_of(request, response)
    if begun.row is None:
        if result:
            _write(request, response, begun, result)
        return
    try:
        if result:
            _write_end(request, response, begun, begun.row, result)
        else:
            forget_deed(begun.row)
    except DatabaseError:
        logger.exception("No row in the trail of how %s ended", begun.route)


def _write_end(request, response, begun: Begun, row: BegunDeed, result: str) -> None:
    thing = begun.thing if begun.thing.kind else _made(response)
    role = acting_as(row.user, thing.place) if row.user else ""
    end_deed(row, role=role, thing=thing, result=result, reason=getattr(request, "stated_reason", ""))


def _write(request, response, begun: Begun, result: str) -> None:
    """Write the row of a look, or of a sign-in."""
    user = begun.user or _who_tried(request)
    # A name that is no account's may be a password that went into the wrong field.
    if user is None:
        return
    write_entry(
        user=user,
        account=user.get_username(),
        role=acting_as(user, begun.thing.place),
        address=client_address(request),
        deed=begun.deed,
        route=begun.route,
        thing=begun.thing,
        result=result,
        reason=getattr(request, "stated_reason", ""),
    )


def _write_read(request, response, token: ApiToken) -> None:
    """Write the row of a read by a program, as any look before it is sent; what it may not read is not named."""
    route, unit = request.resolver_match.view_name, token.organization
    if route not in READ_BY_TOKEN or response.status_code in (NOT_ALLOWED, TOO_MANY, BUSY):
        return
    is_done = response.status_code == 200
    asked = thing_of(request.resolver_match.kwargs) if is_done else ThingInTrail()
    thing = replace(asked, place=unit.path, unit=unit.name) if asked.kind else thing_of({"token_id": token.pk})
    write_entry(
        user=token.made_by,
        account=f"令牌“{token.name}”（{token.made_by.get_username()}）",
        role="",
        address=client_address(request),
        deed=Deed.API,
        route=route,
        thing=thing,
        result=Result.DONE if is_done else Result.REFUSED,
    )


def _who_tried(request) -> User | None:
    """Whoever has just signed in, or the account for which a wrong password was given."""
    if request.user.is_authenticated:
        return request.user
    return User.objects.filter(username=request.POST.get("username", "")[:150].replace("\0", "")).first()


def _made(response) -> ThingInTrail:
    """The thing that a deed made: the page that it sends on to is about it."""
    if response.status_code != 302:
        return ThingInTrail()
    try:
        return thing_of(resolve(response["Location"].partition("?")[0].partition("#")[0]).kwargs)
    except Resolver404:
        return ThingInTrail()


def acting_as(user: User, place: str) -> str:
    """The roles of a user that reach a place, or all where there is none: 「党务干事、计票员」."""
    paths = role_paths(user)
    kinds = [kind for kind in Role.Kind if any(place.startswith(path) or not place for path in paths.get(kind, ()))]
    labels = [str(kind.label) for kind in kinds]
    return "、".join(["超级管理员", *labels] if user.is_superuser else labels)
