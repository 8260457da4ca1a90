"""Organizations are added, named and taken out of use."""

import pytest

from campaigns import actions
from campaigns.actions import TreeError
from campaigns.models import Organization, TableMapping
from campaigns.models.place import DEEPEST
from tests.factories import make_campaign, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def general(committee):
    return make_organization("机关党总支", kind="general_branch", parent=committee)


@pytest.fixture
def branch(general):
    return make_organization("第一党支部", kind="branch", parent=general)


def test_many_organizations_are_added_with_the_paths_that_single_ones_get(committee):
    general = Organization(name="总支", kind="general_branch", parent=committee)
    branch = Organization(name="支部", kind="branch", parent=general)

    actions.add_organizations([branch, general])

    assert general.path == actions.tree_path(general.pk, committee)
    assert Organization.objects.get(pk=branch.pk).path == actions.tree_path(branch.pk, general)
    assert list(Organization.objects.within(committee)) == [committee, general, branch]


def test_the_deepest_level_is_kept_by_adding_and_by_moving(committee):
    top = last = make_organization("甲")
    for level in range(DEEPEST - 1):
        last = make_organization(f"{level}级", parent=last)

    with pytest.raises(TreeError, match="最多15级"):
        actions.add_organization(name="太深", kind="branch", parent=last)
    with pytest.raises(TreeError, match="最多15级"):
        actions.move_organization(top, committee, by=None)
    assert not Organization.objects.filter(name="太深").exists()


def test_organizations_are_taken_out_of_use_from_below(committee, general):
    with pytest.raises(TreeError, match="机关党总支"):
        actions.deactivate_organization(committee, by=None)

    actions.deactivate_organization(general, by=None)
    actions.deactivate_organization(committee, by=None)

    with pytest.raises(TreeError, match="上级“某局党委”已停用"):
        actions.activate_organization(Organization.objects.get(pk=general.pk), by=None)


def test_a_unit_that_was_never_used_is_deleted(branch):
    TableMapping.objects.remember(branch, "a", {}, by=None)

    actions.delete_organization(branch)

    assert not Organization.objects.filter(name=branch.name).exists()


def test_a_unit_that_something_refers_to_is_kept_and_the_reason_told(committee, branch):
    make_member(branch, "张三", is_active=False)
    make_user("clerk", kind="teller", organization=branch)

    with pytest.raises(TreeError, match="还有党员、角色，不能删除；不再使用的，可以停用。"):
        actions.delete_organization(branch)
    with pytest.raises(TreeError, match="还有下级党组织"):
        actions.delete_organization(committee)
    assert Organization.objects.filter(pk=branch.pk).exists()


def test_a_unit_with_a_poll_is_kept(committee, branch):
    campaign = make_campaign(committee)
    actions.make_polls(campaign, [branch])

    with pytest.raises(TreeError, match="评议点"):
        actions.delete_organization(branch)
