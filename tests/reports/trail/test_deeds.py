"""Every route that changes something leaves a row in the trail when it is used, or stands in the list of those without.

That no file goes out without a row is seen where every role asks for everything, in `test_permissions`.
"""

import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.test import Client

from campaigns.models import TrailEntry
from reports.trail.deeds import CHANGES, END_WITH_A_PAGE, LEAVE_NONE, LOOKS, deed_of
from tests.permissions import worlds as making
from tests.permissions.statuses import ROLES
from tests.permissions.table import ROWS, address, expected, patterns, route_of, routes

pytestmark = pytest.mark.database

worlds, world = making.worlds, making.world
# Whoever may do the most comes first.
DOERS = ("secretary", "officer", "administrator", "teller", "auditor", "branch", "outsider")


def test_the_tables_name_routes_that_are_there_and_each_changing_one_once():
    known = set(routes())

    assert {*CHANGES, *LOOKS, *LEAVE_NONE} <= known
    assert not CHANGES.keys() & LEAVE_NONE.keys()
    assert not END_WITH_A_PAGE - CHANGES.keys()
    assert all(LEAVE_NONE.values())


def test_the_deed_of_a_route_depends_on_how_it_is_asked_for():
    assert [deed_of("reports:opinion_read", method) for method in ("GET", "POST", "HEAD")] == [
        "opinions_read",
        "opinions",
        "",
    ]
    assert deed_of("ballots:ballot_cast", "POST") == ""


def ask(world, role, method, path):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
    response = client.get(path) if method == "GET" else client.post(path)
    b"".join(response)
    return response


def left(world, role, method, path):
    """The status of an answer, and the routes of the rows that were left; what was done is undone."""
    point = transaction.savepoint()
    response = ask(world, role, method, path)
    rows = list(TrailEntry.objects.values_list("route", "deed", "user__username", "result"))
    transaction.savepoint_rollback(point)
    return response.status_code, rows


@pytest.fixture
def read(monkeypatch):
    """Whether what a form sent was looked at: a page that does so takes something."""
    asked = []
    plain = WSGIRequest.POST

    def watching(request):
        # Middleware that looks for words that were kept is no view.
        if Path(sys._getframe(1).f_code.co_filename).name != "unsaved.py" or "unsaved" in request.path:
            asked.append(request.path)
        return plain.fget(request)

    watched = property(watching, plain.fset)
    monkeypatch.setattr(WSGIRequest, "POST", watched)
    return asked


def doer_of(row):
    statuses = expected(row)
    return next((role for role in DOERS if statuses[role] in ("200", "302")), "secretary")


@pytest.mark.parametrize(("row", "world"), ROWS, indirect=["world"])
def test_a_changing_route_leaves_its_row_and_any_other_is_none(world, db, read, row):
    route, path, role = route_of(row), address(row, world.keys), doer_of(row)

    status, rows = left(world, role, "POST", path)
    is_changing = status != 405 and (read or ask(world, role, "GET", path).status_code == 405)

    if route in CHANGES and status not in (405, 429, 503):
        name = getattr(world.people, role).username if route != "login" else None
        assert [row[:2] for row in rows] == [(route, CHANGES[route])]
        assert name in (None, rows[0][2])
    else:
        assert rows == []
        assert not is_changing or route in LEAVE_NONE


@pytest.mark.parametrize(
    ("row", "world"), [row for row in ROWS if route_of(row.values[0]) in LOOKS], indirect=["world"]
)
def test_a_look_leaves_its_row_where_something_was_seen_or_refused(world, db, row):
    route, path = route_of(row), address(row, world.keys)
    # Some files are given to whoever says what for; the others take no notice.
    path += ("&" if "?" in path else "?") + "reason=archive"

    for role in ROLES[1:]:
        status, rows = left(world, role, "GET", path)
        result = {200: "done", 302: None}.get(status, "refused")
        wanted = [(route, LOOKS[route], getattr(world.people, role).username, result)] if result else []
        assert rows == wanted


@pytest.mark.parametrize("world", ["open", "sealed"], indirect=True)
def test_nobody_without_an_account_leaves_a_row(world, db):
    of_world = [row.values[0] for row in ROWS if row.values[0][2] in ("", "open")]

    for row in of_world:
        arguments = dict(patterns())[route_of(row)]
        if set(arguments) <= set(world.keys):
            for method in ("GET", "POST"):
                assert left(world, "anonymous", method, address(row, world.keys))[1] == []
