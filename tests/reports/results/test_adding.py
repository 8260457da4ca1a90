"""Sums are added number by number; people whom one poll does not know are not known of the sum."""

from ballots.counting import tally
from reports.results.adding import NO_COUNTS, UnitSum


def test_two_sums_are_added_in_every_number():
    first, second = (UnitSum(units=1, units_sealed=1, meetings=1, sheets=tally.Sheets(5, 4, 1, 4, 6)) for _ in range(2))
    for summed in (first, second):
        summed.channels["meeting"] = tally.Sheets(5, 4, 1)
        summed.polls[1], summed.papers[1], summed.own[7] = 1, tally.Sheets(10, 8, 2, 8, 12), 1
        summed.cells[7] = [3, *NO_COUNTS[1:]]

    first.add(second)

    assert (first.units, first.units_sealed, first.meetings) == (2, 2, 2)
    assert first.sheets == tally.Sheets(10, 8, 2, 8, 12)
    assert first.channels == {"meeting": tally.Sheets(10, 8, 2)}
    assert (first.polls, first.papers, first.own) == ({1: 2}, {1: tally.Sheets(20, 16, 4, 16, 24)}, {7: 2})
    assert first.cells == {7: [6, *NO_COUNTS[1:]]}


def test_people_whom_one_does_not_know_are_not_known_together():
    summed = UnitSum(sheets=tally.Sheets(5, 4, 0, 4, 6))

    summed.add(UnitSum(sheets=tally.Sheets(5, 4, 0, None, 6)))

    assert summed.sheets == tally.Sheets(10, 8, 0, None, 12)
