"""The tree of organizations: depth, subtrees and the members that count."""

import pytest

from campaigns.models import Organization
from tests.factories import make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return make_organization()


@pytest.fixture
def branch(committee):
    return make_organization("第一党支部", parent=committee, kind="branch")


def test_an_organization_knows_its_depth_and_what_stands_above_it(committee, branch):
    assert (committee.depth, branch.depth) == (0, 1)
    assert branch.ancestor_paths == [committee.path, branch.path]


def test_an_organization_contains_itself_and_what_lies_below(committee, branch):
    twin = make_organization("第二党支部", parent=committee, kind="branch")

    contained = [committee.contains(branch), branch.contains(branch), branch.contains(committee), branch.contains(twin)]

    assert contained == [True, True, False, False]
    assert list(Organization.objects.within(committee)) == [committee, branch, twin]
    assert list(Organization.objects.within(branch)) == [branch]


def test_all_are_within_where_no_root_lies_outside(committee, branch):
    paths = [[committee.path], [branch.path], [], [""]]
    alone = [Organization.objects.are_all_within(some) for some in paths]
    other = make_organization("另一党委")

    beside = [Organization.objects.are_all_within(some) for some in (*paths, [committee.path, other.path])]

    assert alone == [True, False, False, True]
    assert beside == [False, False, False, True, True]


def test_only_active_members_are_counted_in_the_order_of_the_tree(committee, branch):
    make_member(branch, "张三")
    make_member(branch, "李四", is_active=False)

    counted = [(unit.name, unit.member_count) for unit in Organization.objects.with_member_count()]

    assert counted == [("某局党委", 0), ("第一党支部", 1)]


def test_units_out_of_use_are_not_active(committee, branch):
    Organization.objects.filter(pk=branch.pk).update(is_active=False)

    assert list(Organization.objects.active()) == [committee]


def test_a_role_shows_its_unit_and_all_below_but_nothing_above(committee, branch):
    upper = make_user("upper", kind="officer", organization=committee)
    lower = make_user("lower", kind="officer", organization=branch)

    assert list(Organization.objects.visible_to(upper)) == [committee, branch]
    assert list(Organization.objects.visible_to(lower)) == [branch]
