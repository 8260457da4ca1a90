"""Rows of one poll's splits: shown by themselves, joined, or hidden with the reason."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from ballots.counting import small_groups
from ballots.models import Batch
from campaigns.models import Category, Channel
from reports.results.poll import rules_of
from reports.results.splits import groups_of
from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    campaign = make_campaign(make_organization())
    Category.objects.create(campaign=campaign, name="应邀代表", position=3)
    return campaign


def batches(campaign, numbers, **facts):
    """Closed batches: (category, channel) → returned ballots."""
    categories = {category.name: category for category in campaign.categories.all()}
    return [
        Batch(
            category=categories[name],
            channel=channel,
            state="closed",
            issued_count=returned,
            returned_count=returned,
            **facts,
        )
        for (name, channel), returned in numbers.items()
    ]


def rows(groups):
    return [(group.label, group.sheets.returned, group.is_suppressed, bool(group.reason)) for group in groups]


def test_large_groups_stand_by_themselves_in_the_order_of_categories_and_channels(campaign):
    numbers = {("群众代表", "paper"): 20, ("党员", "meeting"): 30, ("党员", "paper"): 10}

    by_category, by_channel = groups_of(batches(campaign, numbers), rules_of(campaign))

    assert rows(by_category) == [("党员", 40, False, False), ("群众代表", 20, False, False)]
    assert rows(by_channel) == [("集中评议", 30, False, False), ("书面评议", 30, False, False)]


def test_a_small_category_is_joined_with_the_next_smallest_and_the_row_says_why(campaign):
    numbers = {("党员", "meeting"): 40, ("群众代表", "meeting"): 12, ("应邀代表", "meeting"): 3}

    by_category, _ = groups_of(batches(campaign, numbers), rules_of(campaign))

    assert rows(by_category) == [("党员", 40, False, False), ("群众代表、应邀代表", 15, False, True)]
    assert "应邀代表" in by_category[1].reason and "5" in by_category[1].reason


def test_two_groups_of_which_one_is_small_are_both_hidden(campaign):
    numbers = {("党员", "meeting"): 40, ("群众代表", "meeting"): 3}

    by_category, _ = groups_of(batches(campaign, numbers), rules_of(campaign))

    assert rows(by_category) == [("党员", 40, True, True), ("群众代表", 3, True, True)]


def test_without_a_minimum_everything_is_shown(campaign):
    numbers = {("党员", "meeting"): 40, ("群众代表", "paper"): 1}

    by_category, by_channel = groups_of(batches(campaign, numbers), replace(rules_of(campaign), min_group=0))

    assert [group.is_suppressed for group in (*by_category, *by_channel)] == [False] * 4


def test_voided_batches_are_in_no_row(campaign):
    counted = batches(campaign, {("党员", "meeting"): 40})
    voided = batches(campaign, {("群众代表", "paper"): 9})
    voided[0].state = Batch.State.VOID

    by_category, by_channel = groups_of([*counted, *voided], rules_of(campaign))

    assert [group.label for group in (*by_category, *by_channel)] == ["党员", "集中评议"]


def test_the_split_that_the_campaign_puts_first_is_the_one_kept_whole(campaign):
    numbers = {("党员", "meeting"): 20, ("党员", "paper"): 10, ("群众代表", "meeting"): 10, ("群众代表", "paper"): 7}
    numbers |= {("应邀代表", "paper"): 3}

    shown = {}
    for first in ("channel", "category"):
        campaign.first_split = first
        splits = groups_of(batches(campaign, numbers), rules_of(campaign))
        shown[first] = [sum(not group.reason for group in groups) for groups in splits]

    assert shown["channel"][1] == 2
    assert shown["category"][0] >= shown["channel"][0]


def test_s0_1_a_small_category_takes_nothing_from_the_channels(campaign):
    """A category of 3 beside 32, at the meeting 41 and on paper 35: the channels stand apart, without a note."""
    numbers = {("党员", "meeting"): 38, ("应邀代表", "meeting"): 3, ("群众代表", "paper"): 32, ("党员", "paper"): 3}

    by_category, by_channel = groups_of(batches(campaign, numbers), rules_of(campaign))

    assert rows(by_channel) == [("集中评议", 41, False, False), ("书面评议", 35, False, False)]
    assert [(group.label, group.reason) for group in by_category] == [
        ("党员", ""),
        ("群众代表、应邀代表", "应邀代表有效票少于5张，与群众代表合并列示"),
    ]


@pytest.mark.parametrize("first", ["channel", "category"])
def test_each_reason_is_true(campaign, first):
    """Who is called small is small, and the other split is blamed exactly where the small groups are not enough."""
    campaign.first_split = first
    rules, chance, reasons = rules_of(campaign), random.Random(5), set()
    for _ in range(400):
        places = [
            (name, channel) for name in ("党员", "群众代表", "应邀代表") for channel in ("meeting", "paper", "online")
        ]
        numbers = {
            place: chance.choice((1, 2, 3, 4, 6, 9, 20)) for place in chance.sample(places, chance.randint(2, 7))
        }
        for side, groups in enumerate(groups_of(batches(campaign, numbers), rules)):
            valid = Counter()
            for place, count in numbers.items():
                valid[Channel(place[1]).label if side else place[0]] += count
            reasons |= set(checked_reasons(groups, valid, rules.min_group))

    assert len(reasons) > 20


def checked_reasons(groups, valid, min_group):
    """Each reason of one split, after it was found true; `valid` are the ballots of each group."""
    hidden = {group.names[0] for group in groups if group.is_suppressed}
    for group in groups:
        together = hidden if group.is_suppressed else set(group.names)
        if len(together) == 1:
            assert not group.reason
            continue
        few = {name for name in together if valid[name] < min_group}
        named, is_few, _ = group.reason.partition("有效票少于")
        assert (set(named.split("、")) if is_few else set()) == few, (group, valid)
        alone = small_groups.gathered({name: valid[name] for name in together}, min_group)
        assert ("相减" in group.reason) == (len(alone) > 1), (group, valid)
        yield group.reason
