"""Answers that are kept along the tree are those of all polls, whichever of them are sealed in between, at every level."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Organization, Poll
from reports.findings.keys import CROSSED_BELOW, crossing_keys
from reports.results import kept, subtrees
from reports.results.hidden import folded_units, hidden_among
from reports.results.parts import added_up
from reports.results.rollup import roll_up, top_of_tree
from reports.results.subtrees import Chosen, Stretch, SubtreeQuestion, answer_about, answers_of_parts
from reports.results.sums import sums_of
from tests.factories import close_poll, enter_ballots, make_batch, make_campaign, make_member, make_organization
from tests.reports.results.mixed import PHASES, RULES, make_campaign_with_cadres, printed_top

pytestmark = pytest.mark.django_db

SHEETS = ("11", "12", "33", "3-", "--", "4x", "21")


@pytest.fixture
def dividing(monkeypatch):
    """Everything is kept and joined, however few polls there are."""
    divide_from(monkeypatch, large=2, divided=2)


def divide_from(patch, *, large, divided):
    patch.setattr(kept, "KEPT_FROM", 1)
    patch.setattr(subtrees, "LARGE_FROM", large)
    patch.setattr(subtrees, "DIVIDED_FROM", divided)
    patch.setattr(subtrees, "SMALL_FROM", large)
    patch.setattr(subtrees, "SMALL_DIVIDED_FROM", divided)


def plant(chance):
    """A committee with units on up to three levels below it."""
    units = [make_organization(f"党委{Organization.objects.count()}号")]
    for number in range(chance.randint(3, 6)):
        above = chance.choice([unit for unit in units if len(unit.path) < 32])
        units.append(make_organization(f"第{number}支部", parent=above, kind="general_branch"))
    return units


def make_opened_campaign(units, chance, **rules):
    campaign = make_campaign_with_cadres(units[0], ("兑现公开承诺情况",), ("联系群众",), **rules)
    for unit in units:
        make_member(unit, "王某", post="cadre")
    # Units between have no poll of their own now and then.
    held = [unit for unit in units if chance.random() < 0.85] or units
    actions.make_polls(campaign, held)
    campaign.polls.update(entitled_count=20)
    open_campaign(campaign, by=None)
    return campaign


def hold(poll, chance):
    """A poll of a handful of ballots, often too few to be shown, or of none, sealed."""
    batch = make_batch(poll, method="entered")
    sheets = [chance.choice(SHEETS) for _ in range(chance.choice([0, 1, 2, 3, 6, 9]))]
    enter_ballots(batch, {sheet: sheets.count(sheet) for sheet in set(sheets)})
    close_poll(poll, attended=len(sheets) + 2)
    sealing.seal(poll, by=None)
    if chance.random() < 0.2:
        Poll.objects.filter(pk=poll.pk).update(attended_count=None)


def answers(campaign, units):
    """All that pages get of a campaign from the sums that are kept, for several places in the tree."""
    top = campaign.organizer.path
    below = [unit.path for unit in units[1:3]]
    return (
        *(sums_of([campaign], [top], level=level) for level in (None, 16, 24, 120)),
        sums_of([campaign], below),
        hidden_among([campaign]),
        sorted(crossing_keys([campaign], campaign.polls.all())),
        printed_top(top_of_tree(campaign)),
        printed_top(top_of_tree(campaign, top=units[1])),
    )


@settings(max_examples=6, phases=PHASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), rules=RULES, large=st.integers(1, 3), divided=st.integers(1, 3))
def test_kept_along_the_tree_is_what_all_polls_say_after_every_seal(seed, rules, large, divided):
    chance = random.Random(seed)
    units = plant(chance)
    campaign = make_opened_campaign(units, chance, **rules)
    polls = list(campaign.polls.order_by("path"))
    chance.shuffle(polls)

    for poll in polls:
        hold(poll, chance)
        if chance.random() < 0.5:
            continue  # several are sealed before anybody looks again
        direct = answers(campaign, units)
        with pytest.MonkeyPatch.context() as patch:
            divide_from(patch, large=large, divided=divided)
            first, second = answers(campaign, units), answers(campaign, units)
        assert first == second == direct

    assert printed_top(top_of_tree(campaign)) == printed_top(roll_up(campaign))


def test_sums_two_levels_further_down_are_opened_where_a_small_poll_above_asks_for_it(dividing):
    """Beside the city's two ballots the county's sum is hidden, and in it the town's, until a branch is enough."""
    city = make_organization("市委")
    county = make_organization("县委", parent=city, kind="committee")
    towns = [make_organization(name, parent=county, kind="committee") for name in ("甲镇", "乙镇")]
    branches = [make_organization(f"{town}{name}支部", parent=town) for town in towns for name in "一二"]
    campaign = make_campaign(city, thresholds=())
    actions.make_polls(campaign, [city, *branches])
    open_campaign(campaign, by=None)
    for poll, count in zip(campaign.polls.order_by("path"), (2, 6, 9, 20, 30), strict=True):
        enter_ballots(make_batch(poll, method="entered"), {"11": count})
        close_poll(poll)
        sealing.seal(poll, by=None)

    hidden = hidden_among([campaign])[campaign.pk]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "KEPT_FROM", 100)
        direct = hidden_among([campaign])[campaign.pk]

    assert hidden == direct
    assert set(hidden.polls) == {city.path, branches[0].path}
    assert set(hidden.sums) == {county.path, towns[0].path, branches[0].path}


def paths_of(campaign, *, grows=False):
    """A question whose answers are the paths of the sealed polls, and every path that was looked at for one."""
    looked_at = []

    def ask(polls):
        parts = {}
        for path in Poll.objects.filter(polls.condition()).order_by("path").values_list("path", flat=True):
            looked_at.append(path)
            parts.setdefault(path[: polls.level], []).append(path)
        return parts

    def join(path, own, below):
        return [*(own or ()), *(each for part in below for each in part)]

    return SubtreeQuestion("paths", ask, join, [], grows), looked_at


def make_two_counties(names="一二三"):
    """Two counties of some branches each, the last branch of the second not yet sealed."""
    root = make_organization(f"{names}市委")
    counties = [make_organization(f"{names}{name}", parent=root, kind="committee") for name in ("甲县", "乙县")]
    branches = [
        make_organization(f"{county}{name}支部", parent=county, kind="branch") for county in counties for name in names
    ]
    campaign = make_campaign(root, thresholds=())
    actions.make_polls(campaign, [root, *branches])
    open_campaign(campaign, by=None)
    polls = list(campaign.polls.order_by("path"))
    for poll in polls[:-1]:
        hold(poll, random.Random(1))
    return campaign, polls


def test_one_more_seal_makes_its_own_county_anew_and_no_other(dividing, monkeypatch):
    monkeypatch.setattr(subtrees, "SMALL_DIVIDED_FROM", 4)
    campaign, polls = make_two_counties()
    root = campaign.organizer.path
    question, looked_at = paths_of(campaign)
    answer_about(campaign, root, question)
    hold(polls[-1], random.Random(1))
    looked_at.clear()

    answer = answer_about(campaign, root, question)

    assert answer == [poll.path for poll in polls]
    # The city's own poll and the second county; the first county is kept.
    assert looked_at == [polls[0].path, *(poll.path for poll in polls[4:])]


def unseal(polls):
    """Polls as before they were sealed, with the times at which they were."""
    times = dict(polls.values_list("pk", "sealed_at"))
    polls.update(state=Poll.State.CLOSED, sealed_at=None, erased_at=None)
    return times


def seal_again(times, **later):
    for key, at in times.items():
        Poll.objects.filter(pk=key).update(state=Poll.State.SEALED, sealed_at=at + timedelta(**later))


def test_an_answer_that_grows_looks_at_the_polls_sealed_since_in_whatever_counties(dividing):
    campaign, polls = make_two_counties("一二三四")
    root, new = campaign.organizer.path, [polls[1].path, polls[5].path]
    times = unseal(campaign.polls.filter(path__in=new))
    question, looked_at = paths_of(campaign, grows=True)
    before = answer_about(campaign, root, question)
    seal_again(times, days=1)
    looked_at.clear()

    answer = answer_about(campaign, root, question)

    assert sorted(answer) == sorted([*before, *new])
    # And the city's own poll, which is kept with no unit.
    assert looked_at == [*new, root]
    looked_at.clear()
    assert sorted(answer_about(campaign, root, question)) == sorted(answer)
    assert looked_at == [root]


def test_a_poll_that_comes_late_with_an_earlier_time_is_not_lost(dividing):
    """Its seal was written before the last, and came through after somebody had counted; another came since."""
    campaign, polls = make_two_counties("一二三四")
    root = campaign.organizer.path
    late, new = (unseal(campaign.polls.filter(path=poll.path)) for poll in polls[1:3])
    question, _ = paths_of(campaign, grows=True)
    answer_about(campaign, root, question)
    seal_again(late)
    seal_again(new, days=1)

    answer = answer_about(campaign, root, question)

    assert sorted(answer) == sorted(poll.path for poll in polls[:-1])


def test_polls_sealed_while_an_answer_is_made_are_counted_once(dividing):
    campaign, polls = make_two_counties()
    root = campaign.organizer.path
    times = unseal(campaign.polls.filter(path__in=[polls[1].path, polls[4].path]))
    question, _ = paths_of(campaign, grows=True)

    def ask(chosen):
        seal_again(times, days=1)
        return question.ask(chosen)

    answer_about(campaign, root, replace(question, ask=ask))

    assert answer_about(campaign, root, question) == [poll.path for poll in polls[:-1]]


def test_more_polls_than_are_added_at_once_are_asked_for_anew(dividing, monkeypatch):
    campaign, polls = make_two_counties()
    root = campaign.organizer.path
    times = unseal(campaign.polls.filter(path__in=[polls[1].path, polls[4].path]))
    question, looked_at = paths_of(campaign, grows=True)
    answer_about(campaign, root, question)
    seal_again(times, days=1)
    looked_at.clear()
    monkeypatch.setattr(subtrees, "MOST_NEW", 0)

    answer = answer_about(campaign, root, question)

    assert answer == [poll.path for poll in polls[:-1]]
    assert len(looked_at) > 2


def test_parts_that_nobody_asked_for_come_with_very_many_and_are_left_out(dividing, monkeypatch):
    campaign, polls = make_two_counties()
    first, between, third = (poll.path for poll in polls[1:4])
    question, looked_at = paths_of(campaign)
    monkeypatch.setattr(subtrees, "MOST_STRETCHES", 1)

    parts = answers_of_parts(campaign, [first, third], len(first), question)

    assert parts == {first: [first], third: [third]}
    assert looked_at == [first, between, third]


@settings(max_examples=6, phases=PHASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), rules=RULES, most=st.sampled_from([1, 5000]), stretches=st.sampled_from([1, 600]))
def test_many_seals_at_once_among_units_that_moved_give_what_all_polls_say(seed, rules, most, stretches):
    chance = random.Random(seed)
    units = plant(chance)
    campaign = make_opened_campaign(units, chance, **rules)
    polls = list(campaign.polls.all())
    chance.shuffle(polls)
    half = len(polls) // 2

    for some in (polls[:half], polls[half:]):
        for poll in some:
            hold(poll, chance)
        moving = Organization.objects.get(pk=chance.choice(units[1:]).pk)
        actions.move_organization(moving, make_organization(f"新党委{Organization.objects.count()}号"), by=None)
        direct = answers(campaign, units)
        with pytest.MonkeyPatch.context() as patch:
            divide_from(patch, large=2, divided=3)
            patch.setattr(subtrees, "MOST_NEW", most)
            patch.setattr(subtrees, "MOST_STRETCHES", stretches)
            assert answers(campaign, units) == answers(campaign, units) == direct


def test_a_poll_of_a_unit_above_is_not_taken_for_the_unit(dividing):
    campaign, polls = make_two_counties()
    root = campaign.organizer.path
    question, _ = paths_of(campaign)

    parts = answers_of_parts(campaign, [root], len(root) + 8, question)

    assert parts[root] == [root]
    assert answer_about(campaign, root, question) == [poll.path for poll in polls[:-1]]


def test_parts_of_two_subtrees_are_asked_for_without_the_polls_between_them(dividing):
    campaign, polls = make_two_counties()
    first, _, third = (poll.path for poll in polls[1:4])
    question, looked_at = paths_of(campaign)

    parts = answers_of_parts(campaign, [first, third], len(first), question)

    assert parts == {first: [first], third: [third]}
    assert looked_at == [first, third]


def test_each_question_takes_as_many_ranges_as_there_may_be():
    chance = random.Random(1)
    campaign = make_opened_campaign(plant(chance), chance, is_self_excluded=True)
    for poll in campaign.polls.all():
        hold(poll, chance)
    whole = Stretch("", "", ends_with_a_poll=False)
    elsewhere = [Stretch(f"9{number}", f"9{number}", number % 2 == 0) for number in range(1, subtrees.MOST_STRETCHES)]

    for question in (added_up(has_lists=True), folded_units(campaign), CROSSED_BELOW):
        assert question.ask(Chosen(campaign, (whole, *elsewhere), 16)) == question.ask(Chosen(campaign, (whole,), 16))


def test_more_units_take_no_more_queries(dividing):
    counts = []
    for branches in ("一二三", "一二三四五六"):
        campaign, _ = make_two_counties(branches)
        with CaptureQueriesContext(connection) as queries:
            top_of_tree(campaign)
        counts.append(len(queries))

    assert counts[0] == counts[1]
