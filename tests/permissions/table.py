"""The table of routes, and what a row of it says.

A row: route, with a query where the page wants one · method · the campaign's state · status by role. GET shows a page and POST
does something; where one route has both, who may not see its form may not send it.
"""

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from . import ballots, campaigns, reports, site
from .statuses import ROLES

TABLE = (*site.ROWS, *campaigns.ROWS, *ballots.ROWS, *reports.ROWS)


def routes(resolver=None, namespace=""):
    """The name of every route, with its namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}"


def route_of(row):
    return row[0].partition("?")[0]


def address(row, keys):
    name, _, query = row[0].partition("?")
    (pattern,) = [entry for entry in patterns() if entry[0] == name]
    path = reverse(name, kwargs={argument: keys[argument] for argument in pattern[1]})
    return f"{path}?{query.format(**keys)}" if query else path


def patterns(resolver=None, namespace=""):
    """Each route's name with the arguments that it wants."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", tuple(entry.pattern.converters)


# The pages that an auditor alone has.
OF_AUDITORS = {"reports:trail_list", "reports:trail_workbook"}
# Pages that ask for a role anywhere before they look for the unit in the address.
ROLE_COMES_FIRST = ("reports:problem_add?", "reports:ledger_workbook?", "reports:ledger_pdf?")


def expected(row):
    statuses = dict(zip(ROLES[:-1], row[3].split(), strict=True))
    if route_of(row) in OF_AUDITORS:
        return statuses | {"auditor": "200"}
    if row[0].startswith(ROLE_COMES_FIRST):
        return statuses | {"auditor": "403"}
    return statuses | {"auditor": of_nobody_in_particular(statuses)}


def of_nobody_in_particular(statuses):
    """The answer to an account without any other role: what every account gets, or a refusal."""
    of_accounts = {statuses[role] for role in ROLES[1:-1]}
    if len(of_accounts) == 1:
        return of_accounts.pop()
    return "404" if statuses["outsider"] == "404" else "403"


# Rows of one world stand together, so that it is made once.
ROWS = [pytest.param(row, row[2], id=" ".join(row[:3])) for row in sorted(TABLE, key=lambda row: row[2])]
