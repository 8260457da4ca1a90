"""Who may open what: every route × role → status, from the sentences of campaigns.permissions.

An object of others is not there (404); a deed that is not the user's to do is refused (403). Rows stand in tests/permissions/,
an app's in the file of its name.
"""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from reports.trail.deeds import LEAVE_NONE, LOOKS
from tests.permissions import worlds as making
from tests.permissions.before_the_seal import SHOWN_BEFORE_THE_SEAL
from tests.permissions.statuses import LOGIN, ROLES
from tests.permissions.table import ROWS, TABLE, address, expected, patterns, route_of, routes

pytestmark = pytest.mark.database

worlds, world = making.worlds, making.world


# Tests without a database come last, and this one is to fail first.
@pytest.mark.django_db
def test_every_route_is_in_the_table_and_nothing_else():
    known = list(routes())

    assert "None" not in {name.rpartition(":")[2] for name in known}
    assert sorted(set(known) - {route_of(row) for row in TABLE}) == []
    assert sorted({route_of(row) for row in TABLE} - set(known)) == []


def answers(world, method, path):
    """The status for each role, each asked as if the others had not been; what was done is undone."""
    statuses = []
    for role in ROLES:
        point = transaction.savepoint()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
        response = client.get(path) if method == "GET" else client.post(path)
        page = b"".join(response)
        # An open choice reads as a word everywhere.
        assert b"---------" not in page or b"%PDF" in page, path
        # Nobody's page stays in a browser, whoever asked, and whatever the answer.
        assert "no-store" in response["Cache-Control"], path
        # A file that is fetched leaves a row in the trail.
        name = response.resolver_match.view_name if response.resolver_match else ""
        assert method != "GET" or not is_file(response) or name in LOOKED_AT or name.startswith(BY_TOKEN), path
        is_login = response.status_code == 302 and response["Location"].startswith(reverse("login"))
        statuses.append(LOGIN if is_login and role == "anonymous" else str(response.status_code))
        transaction.savepoint_rollback(point)
    return dict(zip(ROLES, statuses, strict=True))


LOOKED_AT = LOOKS.keys() | LEAVE_NONE.keys()
# Each read by a token has its row (tests/reports/test_api_views.py).
BY_TOKEN = "reports:api_"


def is_file(response):
    return response.has_header("Content-Disposition") or response["Content-Type"].startswith("application/pdf")


@pytest.mark.parametrize(("row", "world"), ROWS, indirect=["world"])
def test_each_role_gets_what_the_table_says(world, db, row):
    method, path = row[1], address(row, world.keys)

    statuses = answers(world, method, path)
    other = answers(world, "GET" if method == "POST" else "POST", path)

    assert statuses == expected(row)
    if method == "POST":
        # A deed is never done by following a link.
        assert {other[role] for role in ROLES[1:]} == {"405"}
    else:
        # Who may not open a page may not send it either; a page without a form may take nothing from anybody.
        refused = {role: status for role, status in statuses.items() if status in (LOGIN, "403", "404")}
        assert {role: other[role] for role in refused} == refused or {other[role] for role in ROLES[1:]} == {"405"}


@pytest.mark.parametrize("world", ["open", "closed"], indirect=True)
@pytest.mark.parametrize(
    "name", sorted({row[0] for row in TABLE if row[0].startswith("reports:")} - SHOWN_BEFORE_THE_SEAL)
)
def test_before_the_seal_there_is_no_result_for_anybody(world, db, name):
    keys = world.keys | {"rule": "org-dissatisfied-third", "target_id": 1, "opinion_id": 1}
    (method,) = {row[1] for row in TABLE if row[0] == name}

    statuses = answers(world, method, address((name,), keys))

    assert {statuses[role] for role in ("secretary", "teller", "officer", "administrator")} == {"403"}
    assert statuses["outsider"] == "404"
    assert statuses["branch"] == ("403" if "campaign_id" in dict(patterns())[name.partition("?")[0]] else "404")
