"""Sets of forms are there for the units at and below the one that handed them down."""

import pytest

from campaigns.models import FormSet
from tests.factories import make_organization, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def tree():
    root = make_organization()
    middle = make_organization("总支", parent=root, kind="general_branch")
    leaf = make_organization("一支部", parent=middle, kind="branch")
    other = make_organization("二支部", parent=root, kind="branch")
    for unit in (root, middle, leaf, other):
        FormSet.objects.create(organization=unit, title=f"{unit}的表格", contents={})
    return root, middle, leaf, other


def titles(form_sets):
    return sorted(str(form_set) for form_set in form_sets)


def test_a_unit_uses_its_own_and_those_of_the_units_above(tree):
    _, _, leaf, other = tree

    assert titles(FormSet.objects.handed_to(leaf)) == sorted(["某局党委的表格", "总支的表格", "一支部的表格"])
    assert titles(FormSet.objects.handed_to(other)) == sorted(["某局党委的表格", "二支部的表格"])


def test_a_user_sees_those_of_the_units_above_and_below(tree):
    _, middle, leaf, _ = tree
    secretary = make_user("middle", kind="secretary", organization=middle)
    branch = make_user("leaf", kind="teller", organization=leaf)
    stranger = make_user("stranger", kind="secretary", organization=make_organization("外单位党委"))

    assert titles(FormSet.objects.visible_to(secretary)) == sorted(["某局党委的表格", "总支的表格", "一支部的表格"])
    assert titles(FormSet.objects.visible_to(branch)) == sorted(["某局党委的表格", "总支的表格", "一支部的表格"])
    assert titles(FormSet.objects.visible_to(stranger)) == []
