"""The choice among more units than fit a page: branch by branch, by name and kind, and only as it was seen."""

import re

import pytest
from django.urls import reverse

from campaigns import actions
from campaigns.models import Organization
from campaigns.views import poll_units, polls
from campaigns.views.many import NOT_AS_SEEN
from tests.factories import make_campaign, make_cast, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def committee(monkeypatch):
    """Two counties with two branches each, seven units in all: too many for a page, three of which fit one."""
    monkeypatch.setattr(polls, "MOST_BOXES", 6)
    monkeypatch.setattr(poll_units, "UNITS_A_PAGE", 3)
    committee = make_organization("某市委")
    for name in ("甲", "乙"):
        county = make_organization(f"{name}县委", parent=committee)
        for number in "一二":
            make_organization(f"{name}{number}支部", parent=county, kind="branch")
    return committee


@pytest.fixture
def campaign(committee):
    return make_campaign(committee)


@pytest.fixture
def secretary(client, committee):
    client.force_login(make_cast(committee).secretary)
    return client


def ask(client, campaign, **asked):
    """The page, and what its form sends along."""
    response = client.get(reverse("campaigns:poll_list", args=[campaign.pk]), asked)
    page = response.content.decode()
    form = page[page.index('id="units"') :]
    return page, dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form))


def send(client, campaign, sent, **more):
    return client.post(reverse("campaigns:poll_list", args=[campaign.pk]), sent | more, follow=True)


def chosen(campaign):
    return [poll.organization.name for poll in campaign.polls.select_related("organization").order_by("path")]


def key(name):
    return Organization.objects.get(name=name).pk


def test_a_page_has_one_branch_and_says_how_many_are_below_each_unit(secretary, campaign):
    actions.make_polls(campaign, [Organization.objects.get(name="甲一支部")])

    top, _ = ask(secretary, campaign)
    below, _ = ask(secretary, campaign, under_unit=key("甲县委"))

    assert re.findall(r'<label for="u\d+">([^<]*)', top) == ["某市委", "甲县委", "乙县委"]
    assert "连同下级3个，已选1个" in top and "连同下级3个，已选0个" in top
    assert "<b>7</b>某市委和下级单位" in top and "<b>1</b>其中已经选定" in top
    assert re.findall(r'<label for="u\d+">([^<]*)', below) == ["甲县委", "甲一支部", "甲二支部"]
    assert f'value="{key("甲一支部")}" id="u{key("甲一支部")}" checked' in below
    assert f'<a href="?under_unit={campaign.organizer_id}">某市委</a> › <strong>甲县委</strong>' in below


def test_the_ticks_of_a_page_are_saved_and_no_others_touched(secretary, campaign):
    actions.make_polls(campaign, Organization.objects.filter(name__in=["甲一支部", "乙一支部"]))
    _, sent = ask(secretary, campaign, under_unit=key("甲县委"))

    response = send(secretary, campaign, sent, deed="page", units=[key("甲二支部"), key("乙二支部")])

    assert chosen(campaign) == ["甲二支部", "乙一支部"]
    assert "新增1个，移除1个。" in response.content.decode()
    assert response.redirect_chain[0][0].endswith(f"?under_unit={key('甲县委')}&unit-page=1")


def test_all_that_were_found_are_chosen_at_once_and_removed_at_once(secretary, campaign):
    page, sent = ask(secretary, campaign, kind="branch")
    send(secretary, campaign, sent, deed="all")
    after_all = chosen(campaign)
    _, sent = ask(secretary, campaign, q="乙")
    send(secretary, campaign, sent, deed="none")

    assert "选定这4个" in page and "第1页，共2页" in page
    assert after_all == ["甲一支部", "甲二支部", "乙一支部", "乙二支部"]
    assert chosen(campaign) == ["甲一支部", "甲二支部"]


@pytest.mark.parametrize("deed", ["page", "all", "none"])
@pytest.mark.parametrize("change", ["chosen elsewhere", "a new unit", "no mark"])
def test_nothing_is_done_where_the_units_are_not_as_they_were_seen(secretary, campaign, deed, change):
    actions.make_polls(campaign, [Organization.objects.get(name="甲一支部")])
    _, sent = ask(secretary, campaign)
    if change == "chosen elsewhere":
        actions.make_polls(campaign, [Organization.objects.get(name="乙一支部")])
    elif change == "a new unit":
        make_organization("丙县委", parent=campaign.organizer)
    else:
        del sent["seen"]
    before = chosen(campaign)

    response = send(secretary, campaign, sent, deed=deed, units=[key("甲县委")])

    assert NOT_AS_SEEN in response.content.decode()
    assert chosen(campaign) == before


def test_other_units_are_told_from_as_many_whose_keys_come_to_the_same(secretary, campaign):
    actions.make_polls(campaign, Organization.objects.filter(name__in=["甲一支部", "乙二支部"]))
    _, sent = ask(secretary, campaign)
    campaign.polls.all().delete()
    actions.make_polls(campaign, Organization.objects.filter(name__in=["甲二支部", "乙一支部"]))
    assert key("甲一支部") + key("乙二支部") == key("甲二支部") + key("乙一支部")

    response = send(secretary, campaign, sent, deed="none")

    assert NOT_AS_SEEN in response.content.decode()
    assert chosen(campaign) == ["甲二支部", "乙一支部"]


def test_the_same_units_chosen_again_are_as_they_were_seen(secretary, campaign):
    units = Organization.objects.filter(name__in=["甲一支部", "乙二支部"])
    actions.make_polls(campaign, units)
    _, sent = ask(secretary, campaign)
    campaign.polls.all().delete()
    actions.make_polls(campaign, units)

    send(secretary, campaign, sent, deed="none")

    assert chosen(campaign) == []


def test_the_sums_that_tell_units_apart_hold_for_the_largest_keys(campaign):
    largest = 2**31 - 2
    Organization.objects.create(
        pk=largest, name="丙县委", kind="committee", parent=campaign.organizer, path=f"9{largest}"
    )

    number = Organization.objects.values_list(poll_units.NUMBER, flat=True).get(pk=largest)

    assert number == largest * 2_654_435_761 % 2_147_483_647 * largest % 1_099_511_627_689


def test_units_out_of_reach_can_be_neither_seen_nor_chosen(secretary, campaign):
    elsewhere = make_organization("别处")
    page, _ = ask(secretary, campaign, under_unit=elsewhere.pk)
    _, sent = ask(secretary, campaign)

    send(secretary, campaign, sent, deed="page", units=[elsewhere.pk, "x"])

    assert "<strong>别处" not in page and "<b>7</b>某市委和下级单位" in page
    assert chosen(campaign) == []


def test_a_page_takes_the_same_queries_with_more_units(secretary, campaign, count_queries):
    actions.make_polls(campaign, [Organization.objects.get(name="甲一支部")])
    address = reverse("campaigns:poll_list", args=[campaign.pk])
    before = count_queries(secretary, address)
    county = make_organization("丙县委", parent=campaign.organizer)
    make_organization("丙一支部", parent=county, kind="branch")
    actions.make_polls(campaign, [county])

    assert count_queries(secretary, address) == before


def test_a_secretary_is_told_how_many_units_are_left_when_the_time_is_over(secretary, campaign, monkeypatch):
    monkeypatch.setattr("campaigns.actions.polls.UNITS_AT_ONCE", 3)
    monkeypatch.setattr("campaigns.actions.polls.SECONDS_AT_ONCE", -1)
    _, sent = ask(secretary, campaign)

    response = send(secretary, campaign, sent, deed="all")

    assert "新增3个，移除0个" in response.content.decode()
    assert "还有4个没有轮到，再按一次接着办" in response.content.decode()
    assert campaign.polls.count() == 3
