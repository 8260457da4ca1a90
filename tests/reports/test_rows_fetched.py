"""Pages about many units fetch the rows that they show: as many at twelve units as at three, in as many queries."""

import pytest
from django.urls import reverse

from campaigns import actions
from campaigns.models import Poll
from reports.results import kept
from reports.views import committee, scoring
from tests.factories import (
    make_campaign,
    make_comment,
    make_organization,
    make_sealed_campaign,
    make_unit_announcement,
    make_user,
)
from tests.given_rows import rows_given

pytestmark = pytest.mark.django_db

SIZES = (3, 12)
# Routes of a campaign, and others; each with what is asked for.
PAGES = (
    "reports:campaign_results",
    "reports:desk",
    "reports:desk?sort=name",
    "reports:desk?show=late",
    "reports:scoring_detail",
    "reports:secretary_ranking",
    "reports:revote_settle",
    "reports:periods",
    "campaigns:campaign_detail",
    "campaigns:campaign_calendar",
    "campaigns:campaign_list",
    "campaigns:organization_list?q=支部",
    "reports:home",
)


@pytest.fixture(autouse=True)
def short_pages(monkeypatch):
    """Pages of three units, and sums that are kept."""
    monkeypatch.setattr(kept, "KEPT_FROM", 1)
    monkeypatch.setattr(committee, "UNITS_PER_PAGE", 3)
    monkeypatch.setattr(scoring, "UNITS_PER_PAGE", 3)
    monkeypatch.setattr("campaigns.views.campaigns.POLLS_A_PAGE", 3)
    monkeypatch.setattr("campaigns.views.organizations.UNITS_PER_PAGE", 3)


def make_district(units):
    """A committee over a general branch with so many branches, whose campaign is sealed; its officer is returned with it."""
    root = make_organization(f"{units}个支部的党委")
    middle = make_organization(f"{units}个支部的总支", parent=root, kind="general_branch")
    branches = [make_organization(f"第{number:02d}支部", parent=middle, kind="branch") for number in range(units)]
    return make_sealed_campaign(root, branches), make_user(f"officer{units}", kind="officer", organization=root)


@pytest.fixture
def districts():
    return [make_district(units) for units in SIZES]


def fetched(client, campaign, officer, page):
    """How many queries a page takes, and how many rows they give, once its sums are kept."""
    name, _, query = page.partition("?")
    is_of_campaign = name not in ("reports:home", "campaigns:campaign_list", "campaigns:organization_list")
    path = reverse(name, args=[campaign.pk] if is_of_campaign else [])
    return fetched_at(client, officer, f"{path}?{query}")


def fetched_at(client, officer, address):
    client.force_login(officer)
    assert client.get(address).status_code == 200
    with rows_given() as rows:
        b"".join(client.get(address))
    return len(rows), sum(rows)


@pytest.mark.parametrize("page", PAGES)
def test_more_units_fetch_no_more_rows(client, districts, page):
    few, many = (fetched(client, campaign, officer, page) for campaign, officer in districts)

    assert few == many
    assert few[1] > 0


def test_a_draft_of_a_notice_fetches_no_row_for_each_poll_below(client, districts):
    drafts = [make_unit_announcement(campaign, campaign.organizer) for campaign, _ in districts]

    few, many = (
        fetched_at(client, officer, reverse("reports:announcement_detail", args=[draft.pk]))
        for draft, (_, officer) in zip(drafts, districts, strict=True)
    )

    assert few == many


@pytest.mark.parametrize("are_commented", [False, True])
def test_the_summary_of_a_unit_fetches_no_row_for_each_poll_below(client, districts, monkeypatch, are_commented):
    monkeypatch.setattr("reports.summary.follow_up.NAMED_MISSING", 1)
    for campaign, _ in districts if are_commented else ():
        make_comment(campaign, campaign.polls.first().organization)

    few, many = (
        fetched_at(
            client,
            make_user(f"secretary{campaign.pk}", kind="secretary", organization=campaign.organizer),
            f"{reverse('reports:unit_summary_edit', args=[campaign.pk])}?unit={campaign.organizer_id}",
        )
        for campaign, _ in districts
    )

    assert few == many


def test_the_page_that_asks_whether_to_delete_a_campaign_fetches_no_row_for_each_poll(client, districts):
    prepared = [make_campaign(campaign.organizer, title="筹备中的一次", period="下一期") for campaign, _ in districts]
    for (campaign, _), copy in zip(districts, prepared, strict=True):
        actions.make_polls(copy, [poll.organization for poll in campaign.polls.all()])

    few, many = (
        fetched_at(
            client,
            make_user(f"secretary{campaign.pk}", kind="secretary", organization=campaign.organizer),
            reverse("campaigns:campaign_delete", args=[campaign.pk]),
        )
        for campaign in prepared
    )

    assert few == many


def test_the_rows_of_a_list_that_is_not_paged_would_be_noticed(client, districts):
    counts = [Poll.objects.filter(campaign=campaign).count() for campaign, _ in districts]

    assert counts == list(SIZES)
