"""Units of a campaign: which take part, and whom each one's ballot asks about."""

import pytest

from ballots.actions import open_campaign, start_rehearsal
from campaigns import actions
from campaigns.actions import Frozen
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
