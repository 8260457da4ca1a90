"""The weight of the pages, and those of them that are open to everybody."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from ballots.voting import codes
from tests.factories import (
    make_batch,
    make_branch_poll,
)

from .walking import FILL, scan

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_ballot_for_nine_members_weighs_under_60_kilobytes_in_all(client):
    poll = make_branch_poll(9)
    scan(client, codes.make_slips(make_batch(poll, category="群众代表"), 1)[0])

    page = client.get(FILL).content

    files = re.findall(rb'(?:href|src)="/static/([^"]+)"', page)
    weight = len(page) + sum(len((Path(settings.BASE_DIR) / "static" / name.decode()).read_bytes()) for name in files)
    assert len(files) == 4
    # The branch, its secretary, three items of eight members, and the boxes for opinions about these.
    assert page.count(b"<section") == 6
    assert weight < 60_000


def test_a_ballot_of_31_items_weighs_at_most_23_kib_and_names_each_person_above_the_opinion(client):
    poll = make_branch_poll(9)
    scan(client, codes.make_slips(make_batch(poll, category="群众代表"), 1)[0])

    page = client.get(FILL).content

    assert page.count(b"<fieldset id=") == poll.ballot_form.cell_count == 31
    assert len(page) <= 23 * 1024
    labels = re.findall(r'<label for="o\d+">(.+?)：', page.decode())
    assert labels == [f"党员{number:02d}" for number in range(9)]


def test_the_ballot_asks_as_much_of_the_database_for_nine_members_as_for_one(client, django_assert_num_queries):
    poll = make_branch_poll(9)
    scan(client, codes.make_slips(make_batch(poll, category="群众代表"), 1)[0])

    with django_assert_num_queries(2):
        client.get(FILL)


def test_the_page_of_what_is_recorded_is_open_to_everybody(client):
    page = client.get(reverse("ballots:records")).content.decode()

    for heading in ("系统不存", "什么时候删", "不能保证的"):
        assert heading in page
    for sentence in ("掌管服务器的人", "一个人拿两部手机", "谁读过报告、什么时候读的"):
        assert sentence in page


@pytest.mark.parametrize(
    ("onward", "page"),
    [("/records/", "/records/"), ("https://example.org/", "/v/"), ("//example.org/", "/v/"), ("", "/v/")],
)
def test_large_print_leads_back_to_a_page_of_ours_and_is_forgotten_again(client, onward, page):
    address = f"{reverse('ballots:text_size')}?{urlencode({'next': onward})}"

    large = client.post(address, {"large": "1"})
    assert b'class="large-print"' in client.get("/records/").content
    client.post(address, {"large": "0"})

    assert large.url == page
    assert b'class="large-print"' not in client.get("/records/").content


@pytest.mark.parametrize(
    "reason", ["closed", "early", "over", "used", "already", "full", "other", "unknown", "no-code"]
)
def test_a_refusal_has_a_page_of_its_own(client, reason):
    page = client.get(reverse("ballots:ballot_refused", args=[reason]))

    assert page.status_code in (403, 404, 409)
    assert "<h1>" in page.content.decode()
    assert re.search("请|可以关闭本页", re.sub(r".*<h1>|<a .*", "", page.content.decode(), flags=re.S))


def test_a_refusal_that_nobody_gives_has_none(client):
    assert client.get(reverse("ballots:ballot_refused", args=["because"])).status_code == 404
