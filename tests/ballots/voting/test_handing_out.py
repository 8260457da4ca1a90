"""Batches and slips for all units of a campaign at once."""

import pytest
from django.db import IntegrityError

from ballots.actions import open_campaign
from ballots.counting import closing
from ballots.models import Batch
from ballots.voting import codes, handing_out
from ballots.voting.handing_out import BatchPattern, HowMany
from campaigns.actions import make_polls, pair_polls
from campaigns.models import Member, Poll
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def make_units(count, *, members=2, opened=True):
    """A campaign of branches with so many members each, and one more in each than in the one before."""
    committee = factories.make_organization()
    units = [
        factories.make_organization(f"第{number:02d}支部", parent=committee, kind="branch") for number in range(count)
    ]
    for place, unit in enumerate(units):
        for number in range(members + place):
            factories.make_member(unit, f"党员{number:02d}")
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    if opened:
        open_campaign(campaign, by=None)
    return campaign


def polls_of(campaign):
    polls = campaign.polls.select_related("campaign", "organization", "partner")
    return list(polls.order_by("path"))


def rows_of(polls):
    return Poll.objects.filter(pk__in=[poll.pk for poll in polls]).order_by("path")


def planned(polls, pattern):
    """The batches that some polls would get, those left out among them."""
    return handing_out.plan_batches(rows_of(polls), pattern).of(polls)


def add(polls, pattern):
    """The batches of some polls, as they were planned when they were made."""
    plan = planned(list(rows_of(polls).select_related("campaign", "organization", "partner")), pattern)
    handing_out.add_batches(rows_of(polls), pattern)
    return plan


def pattern_of(campaign, *, channels=("meeting",), categories=("党员",), **facts):
    return BatchPattern(channels, list(campaign.categories.filter(name__in=categories)), **facts)


def shown(plan):
    return [(item.poll.unit_name, str(item), item.slip_count, item.left_out) for item in plan]


def made(campaign):
    batches = Batch.objects.filter(poll__campaign=campaign).order_by("poll__path", "channel", "category__position")
    return [(batch.poll.unit_name, str(batch), batch.method, batch.printed_count) for batch in batches]


def test_each_unit_gets_a_batch_for_each_channel_and_category():
    campaign = make_units(2)
    pattern = pattern_of(campaign, channels=("meeting", "paper"), categories=("党员", "群众代表"))

    plan = add(polls_of(campaign), pattern)

    kinds = ["集中评议·党员", "集中评议·群众代表", "书面评议·党员", "书面评议·群众代表"]
    assert made(campaign) == [(unit, kind, "slips", 0) for unit in ("第00支部", "第01支部") for kind in kinds]
    assert not any(item.left_out for item in plan)


def test_the_number_of_slips_is_that_of_the_members_in_use_or_the_same_everywhere():
    campaign = make_units(2)
    polls = polls_of(campaign)
    factories.make_member(polls[0].organization, "调走的人", is_active=False)

    counts = [
        [item.slip_count for item in planned(polls, pattern_of(campaign, **facts))]
        for facts in ({"how_many": HowMany.ROSTER}, {"how_many": HowMany.SAME, "same": 7}, {"how_many": HowMany.NONE})
    ]

    assert counts == [[2, 3], [7, 7], [0, 0]]


def test_done_twice_nothing_is_made_twice():
    campaign = make_units(3)
    polls = polls_of(campaign)
    factories.make_batch(polls[1])
    pattern = pattern_of(campaign)

    first = add(polls, pattern)
    again = add(polls, pattern)

    assert [item.left_out for item in first] == ["", "已经有这个票批。", ""]
    assert [item.left_out for item in again] == ["已经有这个票批。"] * 3
    assert made(campaign) == [(f"第0{number}支部", "集中评议·党员", "slips", 0) for number in range(3)]


def test_a_batch_of_another_kind_or_a_voided_one_is_no_reason_to_leave_a_unit_out():
    campaign = make_units(1)
    (poll,) = polls_of(campaign)
    factories.make_batch(poll, method="entered")
    factories.make_batch(poll, category="群众代表")
    factories.make_batch(poll, channel="paper")
    closing.void_batch(factories.make_batch(poll), by=None, reason="印错了", issued=0)

    (item,) = add([poll], pattern_of(campaign))

    assert item.left_out == ""
    assert poll.batches.filter(channel="meeting", category__name="党员", method="slips", state="open").count() == 1


def test_a_unit_that_takes_no_ballots_is_left_out_with_the_reason():
    campaign = make_units(2)
    polls = polls_of(campaign)
    factories.close_poll(polls[0])

    # As they were read before the closing: the deed looks again.
    plan = planned(polls, pattern_of(campaign))
    handing_out.add_batches(rows_of(polls), pattern_of(campaign))

    assert sorted(shown(plan)) == [
        ("第00支部", "集中评议·党员", 0, "评议点现为“已截止”，不能发票。"),
        ("第01支部", "集中评议·党员", 0, ""),
    ]
    assert [unit for unit, *_ in made(campaign)] == ["第01支部"]


def test_nothing_is_made_before_the_opening():
    campaign = make_units(1, opened=False)

    (item,) = add(polls_of(campaign), pattern_of(campaign))

    assert item.left_out == "评议点现为“筹备中”，不能发票。"
    assert not Batch.objects.exists()


def test_those_of_a_pair_are_as_many_as_its_members_and_a_unit_without_one_gets_no_batch():
    campaign = make_units(3, opened=False)
    first, second, _ = polls_of(campaign)
    pair_polls(campaign, [(first, second)], category="群众代表")
    open_campaign(campaign, by=None)

    plan = add(polls_of(campaign), pattern_of(campaign, categories=("党员", "群众代表"), how_many=HowMany.ROSTER))

    assert sorted(shown(plan)) == [
        ("第00支部", "集中评议·党员", 2, ""),
        ("第00支部", "集中评议·群众代表", 3, ""),
        ("第01支部", "集中评议·党员", 3, ""),
        ("第01支部", "集中评议·群众代表", 2, ""),
        ("第02支部", "集中评议·党员", 4, ""),
        ("第02支部", "集中评议·群众代表", 0, "本单位没有结对，不能发这一类票。"),
    ]
    assert len(made(campaign)) == 5


def test_either_all_batches_are_made_or_none():
    campaign = make_units(2)
    polls = polls_of(campaign)
    foreign = factories.make_open_poll(factories.make_organization("另一局党委"), title="另一活动")
    pattern = BatchPattern(("meeting", "guess"), [foreign.campaign.categories.first()])

    with pytest.raises(IntegrityError):
        add(polls, pattern)

    assert not Batch.objects.exists()


def test_many_units_take_as_many_queries_as_few(django_assert_num_queries):
    campaign = make_units(12, members=1)
    first, *others = polls_of(campaign)
    pattern = pattern_of(campaign, categories=("党员", "群众代表"), how_many=HowMany.ROSTER)

    for polls in ([first], others):
        plan = handing_out.plan_batches(rows_of(polls), pattern)
        # A query for each channel and category; its sums in two.
        with django_assert_num_queries(2):
            plan.of(polls)
        with django_assert_num_queries(4):
            plan.sums()
        with django_assert_num_queries(7):
            handing_out.add_batches(rows_of(polls), pattern)


def test_the_sums_of_a_plan_are_those_of_its_batches():
    campaign = make_units(4)
    first, second, *_ = polls_of(campaign)
    factories.make_batch(first)
    factories.close_poll(second)
    pattern = pattern_of(campaign, categories=("党员", "群众代表"), how_many=HowMany.ROSTER)

    plans = [
        handing_out.plan_batches(campaign.polls.all(), pattern),
        handing_out.plan_slips(campaign.polls.all(), pattern),
        handing_out.plan_slips(campaign.polls.all(), pattern, again=True),
    ]

    for plan in plans:
        items = plan.of(polls_of(campaign))
        made = [item for item in items if not item.left_out]
        units = {item.poll.pk for item in made}
        slips = sum(item.slip_count for item in made)
        assert plan.sums() == handing_out.PlanSums(len(units), len(made), slips, len(items) - len(made))
        assert set(plan.getting.values_list("pk", flat=True)) == units


def test_the_batches_of_very_many_units_are_made_in_lots_and_the_rest_when_asked_again(monkeypatch):
    campaign = make_units(5)
    monkeypatch.setattr(handing_out, "POLLS_AT_ONCE", 2)
    # Asked when it begins, and before each lot: before the third the time is over.
    clock = iter([0, 1, 2, 1 + handing_out.SECONDS_AT_ONCE])
    monkeypatch.setattr(handing_out.time, "monotonic", lambda: next(clock))

    first = handing_out.add_batches(campaign.polls.all(), pattern_of(campaign))
    monkeypatch.undo()
    stopped = made(campaign)
    rest = handing_out.add_batches(campaign.polls.all(), pattern_of(campaign))

    assert (first, rest) == (handing_out.BatchesMade(4, 4, 1), handing_out.BatchesMade(1, 1, 0))
    assert [unit for unit, *_ in stopped] == [f"第0{number}支部" for number in range(4)]
    assert [unit for unit, *_ in made(campaign)] == [f"第0{number}支部" for number in range(5)]


# Slips of the batches that are there


def slips_shown(campaign, *, again=False, **facts):
    pattern = pattern_of(campaign, **{"how_many": HowMany.ROSTER, **facts})
    polls = polls_of(campaign)
    return shown(handing_out.plan_slips(rows_of(polls), pattern, again=again).of(polls))


def test_each_batch_gets_the_slips_of_its_unit_once_and_more_where_they_are_wanted_again():
    campaign = make_units(2)
    first, second = polls_of(campaign)
    codes.make_slips(factories.make_batch(first), 5)
    factories.make_batch(second)

    assert slips_shown(campaign) == [
        ("第00支部", "集中评议·党员", 2, "已经制作过5张。"),
        ("第01支部", "集中评议·党员", 3, ""),
    ]
    assert slips_shown(campaign, again=True) == [
        ("第00支部", "集中评议·党员", 2, ""),
        ("第01支部", "集中评议·党员", 3, ""),
    ]


def test_a_batch_that_gets_no_slips_with_the_others_is_named_with_the_reason():
    campaign = make_units(6, members=0)
    empty, shared, closed, _, screen, large = polls_of(campaign)
    for poll in (empty, closed, large):
        factories.make_batch(poll)
    factories.make_batch(screen, method="screen")
    factories.make_shared(shared, factories.make_open_poll(shared.organization, title="另一张表"))
    factories.close_poll(closed)
    Member.objects.bulk_create(
        Member(organization=large.organization, name=f"党员{number}") for number in range(codes.MAX_PRINTED)
    )

    assert [(unit, reason) for unit, _, _, reason in slips_shown(campaign)] == [
        ("第00支部", "名册上没有在册党员，请改填张数。"),
        ("第01支部", "与别的评议表同票，请在这个票批里单独制作。"),
        ("第02支部", "评议点现为“已截止”，不能发票。"),
        ("第03支部", "还没有设这个票批。"),
        ("第04支部", "还没有设这个票批。"),
        ("第05支部", "要2005张，一次至多2000张，请在这个票批里分几次制作。"),
    ]


def test_two_batches_of_one_kind_both_get_slips():
    campaign = make_units(1)
    (poll,) = polls_of(campaign)
    both = [factories.make_batch(poll), factories.make_batch(poll)]

    plan = handing_out.plan_slips(rows_of([poll]), pattern_of(campaign, how_many=HowMany.SAME, same=4)).of([poll])

    assert [(item.batch, item.slip_count) for item in plan] == [(batch, 4) for batch in both]


def test_the_slips_of_many_units_take_as_many_queries_as_those_of_few(django_assert_num_queries):
    campaign = make_units(12, members=1)
    polls = polls_of(campaign)
    pattern = pattern_of(campaign, how_many=HowMany.ROSTER)
    add(polls, pattern)

    for some in (polls[:1], polls):
        with django_assert_num_queries(2):
            handing_out.plan_slips(rows_of(some), pattern).of(some)
