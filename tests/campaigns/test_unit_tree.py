"""The units to tick stand in the branches of the tree; each of them once."""

import pytest

from campaigns.unit_tree import branches_of
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


def shown(branches):
    return {
        branch.head and branch.head.name: [(row.unit.name, row.depth) for row in branch.rows] for branch in branches
    }


def tree(**below):
    """A committee whose units have those below them."""
    committee = make_organization("某公司党委")
    units = [committee]
    for name, names in below.items():
        parent = make_organization(name, parent=committee)
        units += [parent, *(make_organization(below_it, parent=parent, kind="branch") for below_it in names)]
    return committee, sorted(units, key=lambda unit: unit.path)


def test_branches_begin_at_units_that_have_some_below_them_and_the_rest_comes_first():
    committee, units = tree(甲党委=["甲一支部", "甲二支部"], 机关支部=[], 乙党委=["乙一支部"], 医院支部=[])

    branches = branches_of(committee, units, ticked=set())

    assert shown(branches) == {
        None: [("某公司党委", 0), ("机关支部", 1), ("医院支部", 1)],
        "甲党委": [("甲党委", 1), ("甲一支部", 2), ("甲二支部", 2)],
        "乙党委": [("乙党委", 1), ("乙一支部", 2)],
    }


def test_a_unit_two_levels_down_with_units_of_its_own_stays_in_its_branch():
    committee, units = tree(甲党委=["甲总支"])
    below = make_organization("甲总支一支部", parent=units[2], kind="branch")

    (first, second) = branches_of(committee, [*units, below], ticked=set())

    assert [row.depth for row in second.rows] == [1, 2, 3] and len(first.rows) == 1


def test_boxes_are_ticked_and_counted_by_branch():
    committee, units = tree(甲党委=["甲一支部", "甲二支部"])

    branches = branches_of(committee, units, ticked={units[0].pk, units[2].pk})

    assert [(branch.ticked_count, len(branch.rows)) for branch in branches] == [(1, 1), (1, 3)]


def test_depths_count_from_the_organizing_unit_even_where_it_is_not_the_root():
    _, units = tree(甲党委=["甲一支部"], 乙党委=["乙一支部"])

    branches = branches_of(units[1], [unit for unit in units if unit.path.startswith(units[1].path)], ticked=set())

    assert shown(branches) == {None: [("甲党委", 0), ("甲一支部", 1)]}
