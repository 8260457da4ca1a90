"""Units beside each other by one rate."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Indicator
from reports.committee.ranking import ranking_of
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_organization,
    make_user,
)

pytestmark = pytest.mark.django_db


def make_tree(marks_by_branch, *, root="某局党委", own=None, **overrides):
    """A committee, with a poll of its own where `own` has marks, and a branch for each entry; None stays open."""
    root = make_organization(root)
    units = {make_organization(name, parent=root, kind="branch"): marks for name, marks in marks_by_branch.items()}
    if own:
        units[root] = own
    campaign = make_campaign(root, indicators=("总体评价",), **overrides)
    actions.make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.select_related("organization"):
        hold(poll, units[poll.organization])
    return campaign


def hold(poll, marks):
    if marks is None:
        return
    batch = make_batch(poll, method="entered")
    enter_ballots(batch, marks)
    close_poll(poll, issued={batch.pk: max(sum(marks.values()), 30)})
    sealing.seal(poll, by=None)


def rank(campaign, *, rate="satisfaction", level="next", top=None):
    indicator = Indicator.objects.get(questionnaire__campaign=campaign)
    return ranking_of(campaign, top or campaign.organizer, indicator=indicator, rate=rate, level=level)


def places(ranking):
    return [(ranked.place, ranked.unit.name, ranked.rate.text, ranked.base) for ranked in ranking.ranked]


def test_equal_rates_share_a_place_and_the_next_one_counts_them():
    campaign = make_tree(
        {"甲支部": {"1": 5, "2": 5}, "乙支部": {"1": 9, "2": 1}, "丙支部": {"1": 18, "2": 2}, "丁支部": {"1": 10}}
    )

    assert places(rank(campaign)) == [
        (1, "丁支部", "100.0", 10),
        (2, "乙支部", "90.0", 10),
        (2, "丙支部", "90.0", 20),
        (4, "甲支部", "50.0", 10),
    ]


def test_unequal_rates_that_print_alike_have_places_of_their_own():
    campaign = make_tree({"甲支部": {"1": 1999, "2": 1}, "乙支部": {"1": 2000, "2": 1}})

    assert places(rank(campaign)) == [(1, "乙支部", "99.9", 2001), (2, "甲支部", "99.9", 2000)]


def test_small_and_empty_and_open_units_have_no_place_and_it_is_said_why():
    campaign = make_tree({"甲支部": {"1": 5}, "乙支部": {"1": 4}, "丙支部": {}, "丁支部": None})

    ranking = rank(campaign)

    assert places(ranking) == [(1, "甲支部", "100.0", 5)]
    assert [(unit.name, reason) for unit, reason in ranking.unranked] == [
        ("乙支部", "收回的票少于5张，不参加排名"),
        ("丙支部", "没有收回评议票"),
        ("丁支部", "尚未封存"),
    ]


def test_c20_the_total_is_of_ballots_and_the_mean_of_units_says_what_it_is():
    campaign = make_tree({"甲支部": {"1": 10}, "乙支部": {"1": 45, "2": 45}})

    ranking = rank(campaign)

    assert (ranking.rate.text, ranking.base) == ("55.0", 100)
    assert (ranking.mean.text, ranking.mean_name) == ("75.0", "各单位满意率的平均数（不是合计满意率）")


def test_the_other_rate_adds_the_positive_grades_and_has_its_own_name():
    campaign = make_tree({"甲支部": {"1": 5, "2": 5}, "乙支部": {"1": 8, "3": 2}})

    ranking = rank(campaign, rate="positive")

    assert ranking.rate_name == "综合满意率"
    assert places(ranking) == [(1, "甲支部", "100.0", 10), (2, "乙支部", "80.0", 10)]


def test_every_poll_stands_with_its_own_ballots_and_the_next_level_with_all_below():
    root = make_organization()
    middle = make_organization("二级党委", parent=root)
    leaf = make_organization("甲支部", parent=middle, kind="branch")
    campaign = make_campaign(root, indicators=("总体评价",))
    actions.make_polls(campaign, [root, middle, leaf])
    open_campaign(campaign, by=None)
    for poll, marks in zip(campaign.polls.order_by("path"), ({"1": 9, "2": 1},) * 2 + ({"1": 10},), strict=True):
        hold(poll, marks)

    below, polls = rank(campaign), rank(campaign, level="polls")

    assert places(below) == [(1, "二级党委", "95.0", 20)]
    assert places(polls) == [(1, "甲支部", "100.0", 10), (2, "某局党委", "90.0", 10), (2, "二级党委", "90.0", 10)]
    assert [ranked.unit.above for ranked in polls.ranked] == ["二级党委", "", ""]


def test_the_best_and_the_worst_are_named_where_there_are_enough():
    few = make_tree({f"{number}支部": {"1": 5 + number, "2": 5} for number in range(6)})
    many = make_tree({f"{number}支部": {"1": 5 + number, "2": 5} for number in range(7)}, root="另一党委")

    assert (rank(few).highest, rank(few).lowest) == ((), ())
    assert [ranked.unit.name for ranked in rank(many).highest] == ["6支部", "5支部", "4支部"]
    assert [ranked.unit.name for ranked in rank(many).lowest] == ["2支部", "1支部", "0支部"]


def test_units_that_share_the_last_named_place_are_counted():
    campaign = make_tree({f"{number}支部": {"1": 5, "2": number // 5} for number in range(10)})

    ranking = rank(campaign)

    assert [ranked.place for ranked in ranking.ranked] == [1] * 5 + [6] * 5
    assert (ranking.as_high, ranking.as_low) == (2, 2)


def test_a_ranking_of_four_units_takes_as_many_queries_as_one_of_one():
    counts = []
    for size in (1, 4):
        campaign = make_tree({f"{number}支部": {"1": 6} for number in range(size)}, root=f"{size}局党委")
        with CaptureQueriesContext(connection) as queries:
            rank(campaign)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def page_at(campaign, **query):
    return reverse("reports:ranking", args=[campaign.pk], query=query)


def test_the_page_ranks_by_the_overall_line_unless_asked_otherwise(client):
    campaign = make_tree({"甲支部": {"1": 5, "2": 5}, "乙支部": {"1": 8, "3": 2}})
    client.force_login(make_cast(campaign.organizer).officer)

    plain = client.get(page_at(campaign)).context["ranking"]
    asked = client.get(page_at(campaign, rate="positive", level="polls")).context["ranking"]

    assert places(plain) == [(1, "乙支部", "80.0", 10), (2, "甲支部", "50.0", 10)]
    assert places(asked) == [(1, "甲支部", "100.0", 10), (2, "乙支部", "80.0", 10)]


@pytest.mark.parametrize(("worst", "text"), [(1, "横轴从90%起"), (9, "")])
def test_the_bars_of_a_narrow_range_say_where_their_axis_begins(client, worst, text):
    campaign = make_tree({"甲支部": {"1": 20}, "乙支部": {"1": 20 - worst, "3": worst}})
    client.force_login(make_cast(campaign.organizer).officer)

    page = client.get(reverse("reports:ranking", args=[campaign.pk])).content.decode()
    sums = client.get(reverse("reports:campaign_results", args=[campaign.pk])).content.decode()

    assert rank(campaign).axis_text == text
    assert [("横轴" in page), ("横轴" in sums)] == [bool(text)] * 2
    assert page.count('class="stack cut"') == (2 if text else 0)
    assert text in page and text in sums


def test_an_unknown_choice_is_refused_in_words(client):
    campaign = make_tree({"甲支部": {"1": 5}})
    client.force_login(make_cast(campaign.organizer).officer)

    answer = client.get(page_at(campaign, rate="best"))

    assert answer.context["ranking"] is None
    assert "best" in answer.content.decode()


def test_an_officer_of_a_part_ranks_that_part_alone(client):
    root = make_organization()
    parts = [make_organization(name, parent=root) for name in ("甲党委", "乙党委")]
    leaves = [make_organization(f"{part.name}支部", parent=part, kind="branch") for part in parts]
    campaign = make_campaign(root, indicators=("总体评价",))
    actions.make_polls(campaign, leaves)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        hold(poll, {"1": 8})
    client.force_login(make_user("officer", kind="officer", organization=parts[0]))

    own = client.get(page_at(campaign))

    assert places(own.context["ranking"]) == [(1, "甲党委支部", "100.0", 8)]
    assert "乙党委" not in own.content.decode()
    assert client.get(page_at(campaign, unit=parts[1].pk)).status_code == 404
    assert client.get(page_at(campaign, unit=root.pk)).status_code == 404


def test_too_many_polls_are_not_ranked_all_at_once_but_by_their_units(client, monkeypatch):
    monkeypatch.setattr("reports.committee.ranking.MOST_POLLS", 2)
    campaign = make_tree({f"{number}支部": {"1": 6} for number in "甲乙丙"})
    client.force_login(make_cast(campaign.organizer).officer)

    whole = client.get(page_at(campaign, level="polls"))
    below = client.get(page_at(campaign, level="next"))
    monkeypatch.setattr("reports.committee.ranking.MOST_POLLS", 3)
    allowed = client.get(page_at(campaign, level="polls"))

    assert whole.context["ranking"] is None
    assert "有3个评议点，全部评议点一次至多排2个：先排下一级单位" in whole.content.decode()
    assert [len(page.context["ranking"].ranked) for page in (below, allowed)] == [3, 3]


def test_a_unit_with_one_poll_below_it_is_not_taken_for_that_poll():
    root = make_organization()
    part = make_organization("甲党委", parent=root)
    leaf = make_organization("甲支部", parent=part, kind="branch")
    alone = make_organization("乙支部", parent=root, kind="branch")
    campaign = make_campaign(root, indicators=("总体评价",))
    actions.make_polls(campaign, [root, leaf, alone])
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        hold(poll, {"1": 6})

    below = [ranked.unit for ranked in rank(campaign).ranked]

    poll = campaign.polls.get(organization=alone)
    assert [(unit.name, unit.poll_id, unit.has_units_below, unit.units) for unit in below] == [
        ("甲党委", None, True, 1),
        ("乙支部", poll.pk, False, 1),
    ]
