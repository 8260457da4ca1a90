"""A company from its roster in a workbook to the printed slips of all its units, by the pages that its secretary uses."""

import io
import re
import zipfile
from contextlib import contextmanager

import pypdfium2
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.models import Batch, Code
from ballots.voting import codes
from campaigns.actions import make_polls
from campaigns.models import Organization
from tests import factories
from tests.campaigns.roster.comparisons import write_rows

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# A company of 413 units is the long form.
UNITS = (43, pytest.param(413, marks=pytest.mark.long))
MOST_QUERIES = 41
COMPANY = "某集团公司党委"


def import_company(units):
    """A company with so many branches out of a workbook; the first branch has two members and each other one."""
    branches = [f"第{number:03d}党支部" for number in range(1, units + 1)]
    tree = [(COMPANY, "党委", None), *((name, "党支部", COMPANY) for name in branches)]
    members = [(f"党员{place:03d}", name, None, None) for place, name in enumerate(branches)]
    write_rows(factories.make_user("root", is_superuser=True), tree, [*members, ("党员甲", branches[0], None, None)])
    return Organization.objects.get(name=COMPANY)


@pytest.fixture
def open_campaign(client):
    """A campaign of so many of a company's branches, opened on its page by its secretary, who is logged in since."""

    def opened(company, units, title="2026年度群众评议"):
        campaign = factories.make_campaign(company, title=title)
        make_polls(campaign, list(Organization.objects.filter(parent=company).order_by("path")[:units]))
        secretary = User.objects.filter(username="secretary").first()
        client.force_login(secretary or factories.make_user("secretary", kind="secretary", organization=company))
        client.post(reverse("ballots:campaign_open", args=[campaign.pk]))
        assert campaign.polls.accepting().count() == units
        return campaign

    return opened


def hand_out(client, campaign):
    """The pages from the pattern to the file, as they are clicked through; the file, and how many queries each step took."""
    member = campaign.categories.get(name="党员")
    batches = f"{reverse('ballots:campaign_batches', args=[campaign.pk])}?channels=meeting&categories={member.pk}"
    batches += "&method=slips&how_many=roster"
    queries = []
    with counted(queries):
        client.get(batches)
    with counted(queries):
        slips = client.post(batches).url
    with counted(queries):
        client.get(slips)
    with counted(queries):
        answer = client.post(slips, {"file": "zip"})
        content = b"".join(answer.streaming_content)
    return zipfile.ZipFile(io.BytesIO(content)), queries


@contextmanager
def counted(counts):
    """Add the number of queries of the block to a list."""
    with CaptureQueriesContext(connection) as taken:
        yield
    counts.append(len(taken))


@pytest.mark.parametrize("units", UNITS)
def test_units_get_their_slips_and_no_unit_costs_a_query_of_its_own(client, open_campaign, units):
    campaign = open_campaign(import_company(units), units)

    archive, queries = hand_out(client, campaign)

    listing, *files = archive.namelist()
    assert len(files) == units
    assert (Batch.objects.count(), Code.objects.count()) == (units, units + 1)
    for name, count in ((files[0], 2), (files[1], 1), (files[-1], 1)):
        (page,) = pypdfium2.PdfDocument(archive.read(name))
        printed = re.findall(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", page.get_textpage().get_text_range())
        assert len(printed) == count
        for code in printed:
            batch = Batch.objects.select_related("poll").get(pk=codes.exchange(code).batch_id)
            assert name == f"{batch.poll.unit_name}-选票码.pdf"
    assert f"合计\t\t{units + 1}" in archive.read(listing).decode("utf-8-sig")
    assert max(queries) <= MOST_QUERIES


def test_nine_units_take_as_many_queries_as_three(client, open_campaign):
    company = import_company(9)

    taken = [hand_out(client, open_campaign(company, units, title=f"{units}个支部的评议"))[1] for units in (3, 9)]

    assert taken[0] == taken[1]
