"""Which results may be shown together, held against linear algebra over all that is shown."""

import random
from fractions import Fraction
from itertools import combinations, compress

import pytest

from ballots.counting.small_groups import HiddenUnits, PollSize, fold_above, folds_of, hidden_units, shown_splits

STEP = 2


def row_space(rows):
    """The reduced rows of a matrix, exactly; a whole number stays an int, which is quicker than a fraction."""
    reduced = []
    for row in rows:
        for place, other in reduced:
            if factor := row[place]:
                row = [value - factor * taken for value, taken in zip(row, other, strict=True)]
        lead = next((place for place, value in enumerate(row) if value), None)
        if lead is None:
            continue
        if row[lead] != 1:
            row = [whole(Fraction(value) / row[lead]) for value in row]
        reduced = [
            (
                place,
                [value - other[lead] * taken for value, taken in zip(other, row, strict=True)]
                if other[lead]
                else other,
            )
            for place, other in reduced
        ]
        reduced.append((lead, row))
    return [row for _, row in reduced]


def whole(value):
    return value.numerator if value.denominator == 1 else value


def isolated(rows, sizes, least):
    """The groups of 1 to least − 1 people that some linear combination of the rows leaves, as sets of places.

    A combination that is 0 or 1 at every leading place is one choice of reduced rows, so all of them are looked at.
    """
    space, groups = row_space(rows), []
    for number in range(1, len(space) + 1):
        for chosen in combinations(space, number):
            group = [sum(column) for column in zip(*chosen, strict=True)]
            if set(group) <= {0, 1} and sum(compress(sizes, group)) < least:
                groups.append({place for place, value in enumerate(group) if value})
    return groups


def split_rows(cells, partitions):
    """All that a reader has of a poll: its total and every row of the two splits."""
    rows = [[1] * len(cells)]
    for side, partition in enumerate(partitions):
        rows += [[int(cell[side] in part) for cell in cells] for part in partition]
    return rows


def shown(cells, least, first=1):
    return tuple(sorted(map(sorted, partition)) for partition in shown_splits(cells, least, first=first))


def test_large_groups_are_shown_by_themselves():
    cells = {("党员", "集中"): 20, ("党员", "书面"): 10, ("群众", "集中"): 8, ("群众", "书面"): 6}

    assert shown(cells, 5) == ([["党员"], ["群众"]], [["书面"], ["集中"]])


def test_four_who_follow_from_three_rows_are_not_given_away():
    """A shows 4 of 10 不满意 and 网络, all of it A, 0 of 6: so all four other A's were dissatisfied."""
    cells = {("A", "集中"): 1, ("A", "书面"): 3, ("A", "网络"): 6, ("B", "集中"): 30, ("B", "书面"): 6}

    assert shown(cells, 5) == ([["A", "B"]], [["书面"], ["网络"], ["集中"]])
    assert shown(cells, 5, first=0) == ([["A"], ["B"]], [["书面", "网络"], ["集中"]])


def test_three_guests_are_joined_with_the_next_smallest_category_and_the_channels_stay_apart():
    cells = {("应邀代表", "书面"): 3, ("群众代表", "书面"): 32, ("党员", "集中"): 41}

    assert shown(cells, 5) == ([["党员"], ["应邀代表", "群众代表"]], [["书面"], ["集中"]])


def test_a_large_and_a_small_group_leave_no_split_to_show():
    assert shown({("党员", "集中"): 30, ("群众", "集中"): 4}, 5) == ([["党员", "群众"]], [["集中"]])


@pytest.mark.parametrize("least", [0, 1])
def test_no_minimum_shows_every_group(least):
    assert shown({("党员", "集中"): 30, ("群众", "书面"): 1}, least) == ([["党员"], ["群众"]], [["书面"], ["集中"]])


def test_a_group_without_ballots_is_a_row_of_its_own_and_hides_nobody():
    assert shown({("党员", "集中"): 30, ("群众", "集中"): 0, ("代表", "书面"): 0}, 5) == (
        [["代表"], ["党员"], ["群众"]],
        [["书面"], ["集中"]],
    )


def random_cells(chance):
    categories, channels = chance.choice([1, 2, 2, 3, 3, 4]), chance.choice([1, 2, 2, 3, 3, 4])
    sizes = chance.choice([(0, 6), (0, 12), (0, 40), (1, 9)])
    cells = {
        (f"类{row}", f"道{place}"): chance.randint(*sizes) for row in range(categories) for place in range(channels)
    }
    return {cell: size for cell, size in cells.items() if size and chance.random() < 0.75}


def test_no_combination_of_what_10000_random_polls_show_isolates_a_few():
    chance = random.Random(8)
    for _ in range(10_000):
        cells, least, first = random_cells(chance), chance.randint(2, 6), chance.randint(0, 1)

        partitions = shown_splits(cells, least, first=first)

        groups = isolated(split_rows(cells, partitions), list(cells.values()), least)
        # A poll of few ballots shows its total; that is for the minimum of polls to say.
        assert all(len(group) == len(cells) for group in groups), (cells, least, partitions)


def test_many_groups_are_joined_safely_without_trying_every_partition():
    chance = random.Random(9)
    for _ in range(8):
        cells = {(row, place): chance.randint(1, 9) for row in range(9) for place in range(2) if chance.random() < 0.8}

        partitions = shown_splits(cells, 5)

        assert isolated(split_rows(cells, partitions), list(cells.values()), 5) == []


# Units


def unit_rows(polls, hidden):
    """All that a reader has of units: the results of polls and the sums of the units above them, as far as shown."""
    rows = [[int(poll is other) for other in polls] for poll in polls if poll.path not in hidden.small | hidden.polls]
    above = {poll.path[:end] for poll in polls for end in range(STEP, len(poll.path), STEP)} - hidden.sums
    return rows + [[int(poll.path.startswith(path)) for poll in polls] for path in sorted(above)]


def test_without_a_small_poll_nothing_is_hidden():
    assert hidden_units([PollSize("0101", 3), PollSize("0102", 40)], 3, 5, step=STEP) == HiddenUnits()


def test_a_small_poll_takes_the_smallest_one_beside_it_along():
    polls = [PollSize("0101", 1), PollSize("0102", 40), PollSize("0103", 20)]

    assert hidden_units(polls, 3, 5, step=STEP) == HiddenUnits(small=frozenset({"0101"}), polls=frozenset({"0103"}))


def test_small_polls_that_are_enough_together_hide_nobody_else():
    polls = [PollSize("0101", 2), PollSize("0102", 2), PollSize("0103", 2), PollSize("0104", 40)]

    assert hidden_units(polls, 3, 5, step=STEP) == HiddenUnits(small=frozenset({"0101", "0102", "0103"}))


def test_a_sum_of_small_polls_alone_is_hidden_and_protected_further_up():
    polls = [PollSize("010101", 1), PollSize("010201", 30), PollSize("010202", 20)]

    hidden = hidden_units(polls, 3, 5, step=STEP)

    assert hidden.small == {"010101"}
    assert hidden.sums == {"0101", "0102"}
    assert hidden.polls == {"010202"}


def test_another_questionnaire_elsewhere_hides_no_unit_here():
    """The small poll's questionnaire was asked nowhere else: its own sum tells all, and hiding others saves nothing."""
    polls = [PollSize("0101", 1, frozenset({1})), PollSize("0102", 40, frozenset({2}))]

    assert hidden_units(polls, 3, 5, step=STEP) == HiddenUnits(frozenset({"0101"}), frozenset(), frozenset({"01"}))


def test_no_minimum_of_polls_hides_nothing():
    assert hidden_units([PollSize("0101", 1), PollSize("0102", 40)], 0, 5, step=STEP) == HiddenUnits()


def random_tree(chance):
    """Polls of a small tree, some of them at units above others."""
    paths = {"01"} if chance.random() < 0.4 else set()
    for _ in range(chance.randint(1, 6)):
        depth = chance.choice([1, 1, 2, 3])
        paths.add("01" + "".join(f"{chance.randint(1, 2 + (level == depth)):02}" for level in range(1, depth + 1)))
    sizes = chance.choice([(1, 4), (1, 12), (2, 40)])
    return [
        PollSize(path, chance.randint(*sizes), frozenset(chance.sample((1, 2), chance.choice([1, 1, 2]))))
        for path in sorted(paths)
    ]


def folded_by_levels(polls, min_poll, min_group):
    """The folds of the units right below the root, and then the root's."""
    parts = folds_of(polls, 4, min_poll, min_group, step=STEP)
    below = [fold for path, fold in sorted(parts.items()) if len(path) > 2]
    return fold_above("01", parts.get("01"), below, max(min_poll, min_group))


def test_parts_folded_by_themselves_and_joined_hide_what_the_whole_tree_hides():
    chance = random.Random(11)
    for _ in range(2_000):
        polls, min_poll, min_group = random_tree(chance), chance.randint(1, 5), chance.choice([0, 3, 5])

        hidden = folded_by_levels(polls, min_poll, min_group).units
        whole = hidden_units(polls, min_poll, min_group, step=STEP)

        assert (hidden, hidden.alone) == (whole, whole.alone)
        unseen = hidden.small | hidden.polls
        assert hidden.alone == {
            path for path in unseen if not any(poll.path.startswith(path) and poll.path != path for poll in polls)
        }


def test_no_combination_of_what_random_trees_show_tells_of_hidden_polls():
    chance = random.Random(10)
    for _ in range(2_000):
        polls = random_tree(chance)
        min_poll, min_group = chance.randint(1, 5), chance.choice([0, 3, 5])

        hidden = hidden_units(polls, min_poll, min_group, step=STEP)

        for questionnaire in (1, 2):
            asked = [poll for poll in polls if questionnaire in poll.questionnaires]
            if asked:
                sizes = [poll.valid for poll in asked]
                unseen = {place for place, poll in enumerate(asked) if poll.path in hidden.small | hidden.polls}
                groups = isolated(unit_rows(asked, hidden), sizes, max(min_poll, min_group))
                # A poll that is large enough shows itself; nothing of a hidden one follows.
                assert not [group for group in groups if group & unseen], (polls, min_poll, min_group, hidden)
