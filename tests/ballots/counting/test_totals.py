"""Counting the boxes of a whole campaign gives what sealing wrote, and trusts no box that differs from its own words."""

import pytest

from ballots.counting import closing, sealing, tally, totals
from ballots.models import SealedBox, TallyRow
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_branch_poll,
    make_open_poll,
    make_sealed_poll,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def written(row: TallyRow) -> tally.CellCount:
    grades = tuple(getattr(row, f"grade_{place}_count") for place in (1, 2, 3))
    return tally.CellCount(grades, row.unknown_count, row.abstained_count, row.spoiled_count)


def counted_boxes(campaign) -> list[totals.BoxCount]:
    return list(totals.count_boxes(campaign))


def rewrite(box: SealedBox, old: str, new: str) -> None:
    assert old in box.content
    SealedBox.objects.filter(pk=box.pk).update(content=box.content.replace(old, new))


def test_each_box_is_counted_as_sealing_counted_it():
    poll = make_sealed_poll({"11": 39, "21": 1, "1-": 1, "3x": 2})

    ((target_id, indicators, cells),) = counted_boxes(poll.campaign)

    rows = {row.indicator_id: written(row) for row in poll.tally_rows.all()}
    assert target_id == poll.targets.get().pk
    assert dict(zip(indicators, cells, strict=True)) == rows


def test_the_total_is_the_sum_of_all_boxes_over_batches_and_targets():
    poll = make_branch_poll(member_count=3)
    cells = sum(len(section["indicators"]) for section in poll.form["sections"])
    for category, marks in (("党员", "1" * cells), ("群众代表", "2" * cells)):
        enter_ballots(make_batch(poll, method="entered", category=category), {marks: 7, "-" * cells: 1})
    close_poll(poll)
    sealing.seal(poll, by=None)

    counted = totals.count_total(poll.campaign)

    expected = {}
    for _, indicators, counts in counted_boxes(poll.campaign):
        for indicator, cell in zip(indicators, counts, strict=True):
            expected[indicator] = expected[indicator] + cell if indicator in expected else cell
    assert counted == expected
    assert sum(cell.total for cell in counted.values()) == 16 * cells


def test_boxes_of_a_scale_with_a_grade_outside_the_base_are_counted_as_it_says():
    poll = make_sealed_poll({"11": 3, "41": 2}, unknown=True)

    counted = list(totals.count_total(poll.campaign).values())

    assert counted == [tally.CellCount((3, 0, 0), unknown=2), tally.CellCount((5, 0, 0))]


def test_voided_batches_and_other_campaigns_are_left_out():
    poll = make_open_poll()
    make_sealed_poll({"33": 9}, organizer=poll.organization, title="另一次评议")
    voided, kept = make_batch(poll, method="entered"), make_batch(poll, method="entered", category="群众代表")
    enter_ballots(voided, {"33": 4})
    enter_ballots(kept, {"11": 6})
    closing.void_batch(voided, by=None, reason="收回多于发出")
    close_poll(poll)
    sealing.seal(poll, by=None)

    counted = totals.count_total(poll.campaign)

    assert list(counted.values()) == [tally.CellCount((6, 0, 0))] * 2
    assert [cells for *_, cells in counted_boxes(poll.campaign)] == [(tally.CellCount((6, 0, 0)),) * 2]


def test_an_empty_box_adds_nothing():
    poll = make_open_poll()
    make_batch(poll, method="entered")
    batch = make_batch(poll, method="entered", category="群众代表")
    enter_ballots(batch, {"12": 5})
    close_poll(poll)
    sealing.seal(poll, by=None)

    counted = totals.count_total(poll.campaign)

    assert list(counted.values()) == [tally.CellCount((5, 0, 0)), tally.CellCount((0, 5, 0))]


def test_boxes_that_are_read_one_after_another_give_the_same_as_all_at_once(monkeypatch):
    poll = make_branch_poll(member_count=3)
    cells = sum(len(section["indicators"]) for section in poll.form["sections"])
    for category, marks in (("党员", "1"), ("群众代表", "2"), ("服务对象", "3")):
        enter_ballots(make_batch(poll, method="entered", category=category), {marks * cells: 7})
    close_poll(poll)
    sealing.seal(poll, by=None)
    at_once, each = totals.count_total(poll.campaign), sorted(counted_boxes(poll.campaign))

    monkeypatch.setattr(totals, "BOXES_AT_ONCE", 1)
    monkeypatch.setattr(totals, "BALLOTS_AT_ONCE", 1)
    monkeypatch.setattr(totals, "GROUPS", totals.GROUPS.replace(f"/ {totals.BATCHES_OF_GROUP} ", "/ 1 "))

    assert totals.count_total(poll.campaign) == at_once
    assert sorted(counted_boxes(poll.campaign)) == each
    assert len(each) == SealedBox.objects.count() > 3


def test_groups_of_batches_are_read_together_until_they_hold_enough():
    few, many = totals.BALLOTS_AT_ONCE // 3, 2 * totals.BALLOTS_AT_ONCE
    groups = [(1, 9, few), (10, 19, few), (20, 29, few), (30, 39, few), (40, 49, many), (50, 59, few)]

    assert list(totals._parts(groups)) == [(1, 29), (30, 39), (40, 49), (50, 59)]
    assert list(totals._parts([])) == []


def test_a_number_with_the_byte_of_a_line_end_before_a_box_does_not_cut_it():
    # Ten: the byte is in the number that PostgreSQL sends before the content.
    poll = make_sealed_poll({"11": 9, "21": 1})

    assert SealedBox.objects.get().ballot_count == ord("\n")
    assert list(totals.count_total(poll.campaign).values()) == [tally.CellCount((9, 1, 0)), tally.CellCount((10, 0, 0))]
    assert [cells for *_, cells in counted_boxes(poll.campaign)] == [
        (tally.CellCount((9, 1, 0)), tally.CellCount((10, 0, 0)))
    ]


def test_a_campaign_without_a_box_has_no_counts():
    poll = make_open_poll()

    assert (totals.count_total(poll.campaign), counted_boxes(poll.campaign)) == ({}, [])


@pytest.mark.parametrize("count", [totals.count_total, counted_boxes])
@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("\n21", "", "应有5张票，实有4张"),
        ("\n21", "\n21\n21", "应有5张票，实有6张"),
        ("\n21", "\n2", "应有2项，实有1项"),
        ("\n21", "\n71", "标记：7"),
        ("基本满意", "不满意", "与评议表不符"),
        ('"questionnaire":', r'"\u0071uestionnaire":', "与评议表不符"),
    ],
)
def test_a_box_that_was_changed_stops_the_count(count, old, new, complaint):
    poll = make_sealed_poll({"11": 4, "21": 1})
    rewrite(SealedBox.objects.get(), old, new)

    with pytest.raises(tally.IdentityError, match=complaint):
        count(poll.campaign)
