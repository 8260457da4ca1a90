"""Units of a campaign: which take part, and whom each one's ballot asks about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.actions import open_campaign, start_rehearsal
from campaigns import actions
from campaigns.actions import Frozen, UnitsChanged, polls
from tests.campaigns.actions.library_campaigns import branches, make_from_library, names
from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db


def test_polls_get_the_targets_that_the_rules_ask_for_and_nobody_twice(root):
    campaign = make_from_library(root)

    first, second = actions.make_polls(campaign, branches(root))

    assert names(first) == ["第一党支部", "张书记", "李委员", "王党员", "赵党员"]
    assert list(first.targets.values_list("kind", flat=True)) == ["organization", "secretary", *["member"] * 3]
    assert names(second) == ["第二党支部"]


def test_people_who_left_are_not_asked_about(root):
    root.children.first().members.filter(name="王党员").update(is_active=False)

    first, _ = actions.make_polls(make_from_library(root), branches(root))

    assert "王党员" not in names(first)


def test_units_are_chosen_dropped_and_kept_as_they_are(root):
    campaign = make_from_library(root)
    first, second = branches(root)
    actions.choose_units(campaign, [first])
    campaign.polls.update(place="会议室")

    counts = actions.choose_units(campaign, [first, second])

    assert counts == (1, 0)
    assert list(campaign.polls.values_list("organization__name", "place")) == [
        ("第一党支部", "会议室"),
        ("第二党支部", ""),
    ]
    assert actions.choose_units(campaign, [second]) == (0, 1)
    assert list(campaign.polls.values_list("organization__name", flat=True)) == ["第二党支部"]


def test_a_unit_of_somebody_else_is_refused_and_nothing_is_written(root):
    campaign = make_from_library(root)
    stranger = make_organization("外单位党委")

    with pytest.raises(ValueError, match="不在“某局党委”之下"):
        actions.choose_units(campaign, [*branches(root), stranger])

    assert not campaign.polls.exists()


def test_units_join_while_another_rehearses_but_not_after_opening(root):
    campaign = make_campaign(root)
    first, second = branches(root)
    (poll,) = actions.make_polls(campaign, [first])
    start_rehearsal(poll)

    actions.make_polls(campaign, [second])

    open_campaign(campaign, by=None)
    with pytest.raises(Frozen):
        actions.make_polls(campaign, [root])


def test_many_units_come_and_go_in_lots_and_the_rest_is_left_for_the_next_time(root, monkeypatch):
    monkeypatch.setattr(polls, "UNITS_AT_ONCE", 1)
    campaign, beside = make_campaign(root), make_campaign(root, title="另一次")
    units = branches(root)
    keys = [unit.pk for unit in units]
    actions.make_polls(beside, units)

    first = actions.change_units(campaign, come=keys, gone=[], seconds=-1)
    second = actions.change_units(campaign, come=keys[1:], gone=[], seconds=-1)
    third = actions.change_units(campaign, come=[], gone=keys)

    assert [first, second, third] == [UnitsChanged(come=1, left=1), UnitsChanged(come=1), UnitsChanged(gone=2)]
    assert not campaign.polls.exists()
    assert [names(poll) for poll in beside.polls.order_by("path")] == [[unit.name] for unit in units]


def test_units_that_are_not_below_the_organizer_come_in_no_lot(root, monkeypatch):
    monkeypatch.setattr(polls, "UNITS_AT_ONCE", 1)
    campaign = make_campaign(root)

    with pytest.raises(ValueError, match="不在“某局党委”之下"):
        actions.make_polls(campaign, [*branches(root), make_organization("别家党委")])

    assert not campaign.polls.exists()


def test_members_are_read_only_where_a_rule_asks_for_them(root):
    plain, with_members = make_campaign(root), make_from_library(root)
    read = []
    for campaign in (plain, with_members):
        with CaptureQueriesContext(connection) as queries:
            actions.make_polls(campaign, branches(root))
        read.append(any('FROM "campaigns_member"' in query["sql"] for query in queries))

    assert read == [False, True]
