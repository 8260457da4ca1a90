"""Checks that lists of the desk share: sorting both ways, words that no list knows, and the number of queries."""

import re
from urllib.parse import parse_qsl

from django.db import connection
from django.test.utils import CaptureQueriesContext

REFUSED = "没有这样的排列方式"


def ask(client, address, **query):
    """A page of a list; `address` may have a query of its own."""
    path, _, asked = address.partition("?")
    return client.get(path, {**dict(parse_qsl(asked)), **query})


def order_of(client, address, words, *, sort):
    """The given words in the order in which they stand in the list's rows."""
    page = ask(client, address, sort=sort)
    assert page.status_code == 200
    rows = page.content.decode().split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return sorted(words, key=rows.index)


def assert_sorts_by_every_head(client, address):
    """Each head of the list sorts upwards and then downwards, and says so."""
    heads = re.findall(
        r'<a href="\?([^"]*sort=([a-z_]+)[^"]*)">', client.get(address).content.decode().split("<tbody>")[0]
    )
    assert heads
    for _, key in heads:
        for sort, direction in ((key, "ascending"), (f"-{key}", "descending")):
            page = ask(client, address, sort=sort)
            assert page.status_code == 200
            assert page.content.decode().count(f'aria-sort="{direction}"') == 1
            assert REFUSED not in page.content.decode()


def assert_survives_what_it_does_not_know(client, address):
    """An order that is not known is told; a page that is not there is the nearest."""
    for query in ({"sort": "nothing"}, {"sort": "-"}, {"sort": "pk"}):
        page = ask(client, address, **query)
        assert page.status_code == 200
        assert REFUSED in page.content.decode()
    for page in ("0", "999", "x", "", "1.5", "-3"):
        assert ask(client, address, page=page).status_code == 200


def queries_of(client, address, **query):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert ask(client, address, **query).status_code == 200
    return len(captured)
