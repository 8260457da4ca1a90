"""The results in a notice: those of a poll's targets, or the sums of a unit with what lies right below."""

import pytest

from ballots import actions as ballot_actions
from ballots.counting import sealing, tally
from campaigns import actions
from reports.announcements import result_choices
from reports.announcements.actions import results_to_announce
from reports.report import content_of_announcement
from reports.results.poll import results_of
from reports.results.rollup import roll_up
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_announcement,
    make_batch,
    make_campaign,
    make_organization,
    make_sealed_poll,
    make_unit_announcement,
)

pytestmark = pytest.mark.django_db
FEW = "有效票少于3张，不单独公布"


@pytest.fixture
def root():
    return make_organization()


def make_sums(root, marks):
    """A campaign with a sealed poll of a branch for each name: name → marks."""
    campaign = make_campaign(root)
    branches = {name: make_organization(name, parent=root, kind="branch") for name in marks}
    actions.make_polls(campaign, list(branches.values()))
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.select_related("organization"):
        enter_ballots(make_batch(poll, method="entered"), marks[poll.organization.name])
        close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


def rows(table):
    """(indicator, first grade's ballots, base, 满意率) of each line."""
    return [(row.label, row.figures[0].count, row.base, row.satisfaction.percent_text) for row in table.rows]


def test_sums_are_announced_as_sums_of_ballots(root):
    campaign = make_sums(root, {"甲支部": {"11": 10}, "乙支部": {"11": 45, "12": 45}})

    content = content_of_announcement(make_unit_announcement(campaign, root))

    (table,) = content.tables
    assert (table.target, table.title, table.base_text) == ("某局党委", "基层党组织评议表", "有效票")
    # Scenario C20: 55 of 100, never the mean of 100 % and 50 %.
    assert rows(table) == [("兑现公开承诺情况", 100, 100, "100.0%"), ("总体评价", 55, 100, "55.0%")]
    assert content.sheets == "评议单位2个，已完成2个，覆盖100.0%（2/2）。共发出评议表100份，收回100份。"
    assert (content.unit, content.lists) == ("某局党委", ())


def test_the_figures_are_those_of_the_results_page(root):
    campaign = make_sums(root, {"甲支部": {"11": 7, "23": 2}})

    (table,) = content_of_announcement(make_unit_announcement(campaign, root)).tables

    for row, line in zip(table.rows, roll_up(campaign).lines, strict=True):
        assert (row.satisfaction, row.base) == (line.result.satisfaction, line.result.base)
        assert [figure.rate for figure in row.figures] == [share.rate for share in line.result.shares]


def test_units_below_stand_under_their_sum_when_they_are_chosen(root):
    campaign = make_sums(root, {"甲支部": {"11": 10}, "乙支部": {"11": 45, "12": 45}})

    content = content_of_announcement(make_unit_announcement(campaign, root, extras=["units"]))

    assert [table.target for table in content.tables] == ["某局党委", "甲支部", "乙支部"]
    assert [rows(table)[-1][1:] for table in content.tables] == [
        (55, 100, "55.0%"),
        (10, 10, "100.0%"),
        (45, 90, "50.0%"),
    ]
    assert [len(group.tables) for group in content.groups] == [3]


def test_a_unit_below_whose_own_sum_is_not_shown_has_a_reason_and_no_figure(root):
    sizes = {"甲支部": 2, "乙支部": 20, "丙支部": 30, "丁支部": 40}
    campaign = make_sums(root, {name: {"11": size} for name, size in sizes.items()})

    content = content_of_announcement(make_unit_announcement(campaign, root, extras=["units"]))

    shown = {table.target: table.rows[-1].base for table in content.tables}
    hidden = {child.name: child.hidden_reason for child in roll_up(campaign).children if child.hidden_reason}
    assert hidden["甲支部"] == FEW and len(hidden) > 1
    assert set(shown) == {"某局党委", *sizes} - set(hidden)
    assert [note for note in content.notes if "不单独公布" in note] == [
        f"{name}：{reason}。" for name, reason in hidden.items()
    ]


def test_a_sum_that_is_not_shown_gives_nothing_to_choose(root):
    campaign = make_sums(root, {"甲支部": {"11": 2}})
    results = results_to_announce(Scope.of(campaign, root))

    assert results.hidden_reason
    assert result_choices(results) == []
    assert content_of_announcement(make_unit_announcement(campaign, root)).tables == ()


def test_a_questionnaire_that_is_not_chosen_is_not_in_the_notice(root):
    campaign = make_sums(root, {"甲支部": {"11": 10}})

    content = content_of_announcement(make_unit_announcement(campaign, root, questionnaire_keys=["other"]))

    assert (content.tables, content.notes) == ((), ())


def test_a_note_on_sums_that_differ_from_100_is_printed_with_the_sums_too(root):
    campaign = make_sums(root, {"甲支部": {"11": 39, "12": 1, "13": 1}})

    notes = content_of_announcement(make_unit_announcement(campaign, root)).notes

    assert f"{tally.SUM_NOTE}。" in notes


def test_a_poll_gives_its_targets_to_choose_and_a_unit_its_questionnaires(root):
    poll = make_sealed_poll(organizer=root)
    (target,) = result_choices(results_of(poll))
    (questionnaire,) = result_choices(roll_up(poll.campaign))

    assert (target.key, target.label) == (poll.targets.get().pk, "某局党委（基层党组织评议表）")
    assert (questionnaire.key, questionnaire.label) == ("org", "基层党组织评议表")
    assert [table.target for table in content_of_announcement(make_announcement(poll)).tables] == ["某局党委"]
