"""A role reaches its organization and all below it, and nothing beside."""

import pytest
from django.contrib.auth.models import AnonymousUser

from campaigns.models import Organization
from campaigns.models.reach import outermost, role_paths, visible_paths, within_paths
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def names_within(paths):
    return set(Organization.objects.filter(within_paths(paths)).values_list("name", flat=True))


def test_a_subtree_is_the_unit_and_all_below_it():
    upper = make_organization("县委")
    lower = make_organization("乡党委", parent=upper)
    make_organization("村党支部", parent=lower)
    make_organization("邻乡党委", parent=upper)

    assert names_within([lower.path]) == {"乡党委", "村党支部"}
    assert names_within([""]) == {"县委", "乡党委", "村党支部", "邻乡党委"}
    assert names_within([]) == set()


def test_paths_below_others_are_left_out():
    assert outermost(["0203", "01", "0102", "01", "03"]) == ["01", "0203", "03"]
    assert outermost(["", "01"]) == [""]


def test_roles_are_told_apart_by_their_kind():
    upper, other = make_organization("县委"), make_organization("市委")
    user = make_user("both", kind="secretary", organization=upper)
    user.roles.create(organization=other, kind="officer")

    assert role_paths(user) == {"secretary": (upper.path,), "officer": (other.path,)}
    assert visible_paths(user) == {upper.path, other.path}


def test_a_superuser_administers_everything_and_nobody_unknown_sees_anything():
    assert role_paths(make_user("root", is_superuser=True)) == {"administrator": ("",)}
    assert visible_paths(AnonymousUser()) == set()
