"""结对互评 from the page on which units are paired to the sentence in the 小结."""

import re

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.actions.pairing import pairs_of
from campaigns.models import Campaign
from campaigns.views import pairing
from campaigns.views.many import NOT_AS_SEEN
from reports.report import summary_of
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_member,
    make_organization,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization("某乡党委"))


@pytest.fixture
def campaign(people):
    units = [make_organization(f"第{number}支部", parent=people.organization, kind="branch") for number in "一二三"]
    for name in ("党员甲", "党员乙"):
        make_member(units[1], name)
    campaign = make_campaign(people.organization)
    actions.replace_categories(campaign, [("党员", None), ("结对支部党员", None)])
    actions.make_polls(campaign, units)
    return campaign


def address(campaign):
    return reverse("campaigns:campaign_pairs", args=[campaign.pk])


def page(response):
    return " ".join(response.content.decode().split())


def numbers(campaign, *given):
    polls = campaign.polls.order_by("path")
    return {f"pair-{poll.pk}": number for poll, number in zip(polls, given, strict=True)} | {"category": "结对支部党员"}


def test_two_units_with_one_number_are_a_pair(client, people, campaign):
    client.force_login(people.secretary)

    saved = page(client.post(address(campaign), numbers(campaign, 7, 7, ""), follow=True))

    assert "1对，1个单位不结对" in saved
    assert [(first.organization.name, second.organization.name) for first, second in pairs_of(campaign)] == [
        ("第一支部", "第二支部")
    ]


def test_neighbours_are_filled_in_and_not_saved(client, people, campaign):
    client.force_login(people.secretary)

    response = client.get(address(campaign), {"neighbours": 1})

    assert "还没有保存" in page(response) and page(response).count('value="1"') == 2
    assert pairs_of(campaign) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((1, "", ""), "1号有1个单位（第一支部），每号应是两个。"),
        ((2, 2, 2), "2号有3个单位（第一支部、第二支部、第三支部），每号应是两个。"),
        (("x", 1, 1), "整数"),
        ((0, 1, 1), "大于或等于1"),
    ],
)
def test_wrong_numbers_are_told_and_nothing_is_written(client, people, campaign, given, told):
    client.force_login(people.secretary)

    assert told in page(client.post(address(campaign), numbers(campaign, *given)))
    assert pairs_of(campaign) == []


def test_pairs_want_a_category(client, people, campaign):
    client.force_login(people.secretary)

    told = page(client.post(address(campaign), numbers(campaign, 1, 1, "") | {"category": ""}))

    assert "请选择结对单位的人属于哪一类。" in told and pairs_of(campaign) == []


@pytest.fixture
def in_pages(monkeypatch):
    """More units than have a number beside them, two on a page."""
    monkeypatch.setattr(pairing, "MOST_NUMBERED", 2)
    monkeypatch.setattr(pairing, "UNITS_A_PAGE", 2)


def seen(shown):
    return re.search(r'name="seen" value="([^"]*)"', shown)[1]


def names_of_pairs(campaign):
    return [(first.organization.name, second.organization.name) for first, second in pairs_of(campaign)]


def units_of(campaign):
    return [poll.organization.pk for poll in campaign.polls.order_by("path")]


def sent_pair(first, second):
    return {"deed": "join", "pair-first": first, "pair-second": second, "pair-category": "结对支部党员"}


def test_of_many_units_pairs_are_made_and_ended_one_by_one(client, people, campaign, in_pages):
    client.force_login(people.secretary)
    first, second, third = units_of(campaign)

    joined = page(client.post(address(campaign), sent_pair(first, third), follow=True))
    after_joining, category = names_of_pairs(campaign), Campaign.objects.get().partner_category
    again = page(client.post(address(campaign), sent_pair(second, third), follow=True))
    key = campaign.polls.get(organization=third).pk
    parted = page(client.post(address(campaign), {"deed": "part", "polls": [key, "x"]}, follow=True))

    assert "“第一支部”和“第三支部”已经结对。" in joined and "<b>1</b>已结对" in joined
    assert "第1页，共2页" in joined
    assert (after_joining, category) == ([("第一支部", "第三支部")], "结对支部党员")
    assert "选择一个有效的选项" in again
    assert "解除了1对。" in parted and names_of_pairs(campaign) == []


def test_a_unit_is_not_paired_with_itself_nor_past_somebody_quicker(client, people, campaign, in_pages, monkeypatch):
    client.force_login(people.secretary)
    first, second = units_of(campaign)[:2]
    with_itself = page(client.post(address(campaign), sent_pair(first, first)))
    other, last = campaign.polls.order_by("path")[1:]
    join_pair = actions.join_pair

    def after_another(campaign, *polls, category):
        join_pair(campaign, other, last, category=category)
        return join_pair(campaign, *polls, category=category)

    monkeypatch.setattr(actions, "join_pair", after_another)
    late = page(client.post(address(campaign), sent_pair(first, second)))

    assert "一个单位不能和自己结对" in with_itself
    assert "其中一个单位刚刚和别的单位结了对，没有保存" in late
    assert names_of_pairs(campaign) == [("第二支部", "第三支部")]


@pytest.mark.parametrize(("deed", "pairs"), [("neighbours", [("第一支部", "第二支部")]), ("none", [])])
def test_all_of_many_units_are_paired_or_parted_only_as_they_were_seen(client, people, campaign, in_pages, deed, pairs):
    client.force_login(people.secretary)
    first, _, third = campaign.polls.order_by("path")
    shown = page(client.get(address(campaign)))
    actions.pair_polls(campaign, [(first, third)], category="结对支部党员")
    sent = {"deed": deed, "category": "结对支部党员"}

    stale = page(client.post(address(campaign), sent | {"seen": seen(shown)}))
    after_stale = names_of_pairs(campaign)
    client.post(address(campaign), sent | {"seen": seen(stale)})

    assert NOT_AS_SEEN in stale and after_stale == [("第一支部", "第三支部")]
    assert names_of_pairs(campaign) == pairs


def test_an_open_campaign_shows_its_pairs_in_pages(client, people, campaign, in_pages):
    actions.pair_polls(campaign, [tuple(campaign.polls.order_by("path"))[:2]], category="结对支部党员")
    open_campaign(campaign, by=None)
    client.force_login(people.secretary)

    shown = page(client.get(address(campaign)))

    assert "<td>第一支部</td> <td>第二支部</td>" in shown and "结成一对" not in shown


def test_the_pages_of_pairs_take_the_same_queries_with_more_units(client, people, campaign, in_pages, count_queries):
    client.force_login(people.secretary)
    before = count_queries(client, address(campaign))
    actions.make_polls(campaign, [make_organization("第四支部", parent=people.organization, kind="branch")])

    assert count_queries(client, address(campaign)) == before


def test_the_poll_says_who_comes_and_a_unit_without_a_pair_gets_no_such_ballots(client, people, campaign):
    client.force_login(people.secretary)
    client.post(address(campaign), numbers(campaign, 1, 1, ""))
    open_campaign(campaign, by=None)
    first, _, third = campaign.polls.order_by("path")

    shown = page(client.get(reverse("ballots:poll_detail", args=[first.pk])))
    form = page(client.get(reverse("ballots:batch_add", args=[first.pk])))
    facts = {"channel": "meeting", "category": campaign.categories.get(name="结对支部党员").pk, "method": "slips"}
    refused = page(client.post(reverse("ballots:batch_add", args=[third.pk]), facts))

    assert "第二支部（在册党员2名），其党员领“结对支部党员”的票" in shown
    assert "“结对支部党员”发给第二支部的党员。" in form
    assert "本单位没有结对，不能发这一类票。" in refused and not third.batches.exists()


@pytest.mark.parametrize("came", [True, False])
def test_the_summary_tells_of_the_pair_once_its_ballots_came_in(people, campaign, came):
    first, second, _ = campaign.polls.order_by("path")
    actions.pair_polls(campaign, [(first, second)], category="结对支部党员" if came else "另一类")
    open_campaign(campaign, by=None)
    enter_ballots(make_batch(first, category="结对支部党员", method="entered"), {"11": 6})
    close_poll(first)
    sealing.seal(first, by=None)

    method = next(section for section in summary_of(Scope.of_poll(first)).sections if section.key == "method")

    assert ("与第二支部结对互评，其党员参加了评议。" in method.text) is came
