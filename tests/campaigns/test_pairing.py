"""结对互评 from the page on which units are paired to the sentence in the 小结."""

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.actions.pairing import pairs_of
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
