"""The page after login, by role."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from tests.factories import (
    close_poll,
    make_batch,
    make_campaign,
    make_cast,
    make_organization,
    make_sealed_poll,
    make_user,
)

pytestmark = pytest.mark.django_db

HOME = reverse("reports:home")


@pytest.fixture
def cast():
    return make_cast(make_organization())


@pytest.fixture
def page_of(client):
    """What a user reads on the home page."""

    def read(user) -> str:
        client.force_login(user)
        return client.get(HOME).content.decode()

    return read


@pytest.fixture
def campaign(cast):
    """Ready to open, with one poll."""
    campaign = make_campaign(cast.organization)
    actions.make_polls(campaign, [cast.organization])
    return campaign


def test_a_secretary_sees_own_campaigns_with_their_next_step(cast, campaign, page_of):
    page = page_of(cast.secretary)

    assert "2026年度群众评议" in page and "补齐所缺，开启1个评议点" in page
    assert "新建评议活动" in page


def test_an_outsider_sees_nothing_of_it(cast, campaign, page_of):
    assert "2026年度群众评议" not in page_of(cast.outsider)


def test_a_teller_sees_polls_to_close_and_to_count_but_no_way_to_create(cast, campaign, page_of):
    open_campaign(campaign, by=cast.secretary)
    poll = campaign.polls.get()

    waiting = page_of(cast.teller)
    make_batch(poll)
    close_poll(poll)
    counting = page_of(cast.teller)

    assert "正在评议（1）" in waiting and "等待清点和封存" not in waiting
    assert "等待清点和封存（1）" in counting and "正在评议" not in counting
    assert "新建评议活动" not in waiting and "账号和角色" not in waiting


def test_an_officer_sees_coverage_of_own_units_alone(cast, page_of):
    elsewhere = make_organization("另一党委")
    make_sealed_poll(organizer=cast.organization, title="本单位评议")
    make_sealed_poll(organizer=elsewhere, title="别单位评议")

    page = page_of(cast.officer)

    assert "本单位评议" in page and 'value="1"' in page
    assert "别单位评议" not in page


def test_an_administrator_finds_accounts_and_roster(cast, page_of):
    page = page_of(cast.administrator)

    assert "系统管理" in page and "新建评议活动" not in page


def test_past_its_end_an_open_campaign_says_so(cast, page_of):
    campaign = make_campaign(cast.organization, starts_on="2020-01-01", ends_on="2020-01-02")
    actions.make_polls(campaign, [cast.organization])
    open_campaign(campaign, by=None)

    assert "已过结束日期" in page_of(cast.secretary)


def test_somebody_without_a_role_is_told_whom_to_ask(page_of):
    page = page_of(make_user("newcomer"))

    assert "还没有分派角色" in page and "评议的" not in page


@pytest.mark.parametrize("role", ["secretary", "teller", "officer", "administrator"])
def test_the_page_takes_as_many_queries_for_three_campaigns_and_units_as_for_one(role, cast, client):
    units = [make_organization(f"第{n}党支部", parent=cast.organization, kind="branch") for n in range(3)]
    client.force_login(getattr(cast, role))
    counts = []
    for number, chosen in ((1, units[:1]), (2, units), (3, units)):
        made = make_campaign(cast.organization, title=f"第{number}次评议")
        actions.make_polls(made, chosen)
        open_campaign(made, by=None)
        client.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        counts.append(len(queries))

    assert counts[0] == counts[2]
