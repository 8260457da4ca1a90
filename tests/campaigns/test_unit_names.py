"""Units in a list are told apart by their names, with their parents' where needed."""

import pytest

from campaigns.models import Organization
from campaigns.unit_names import UnitsByName, named_units, names_alone
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    committee = make_organization("某局党委")
    parents = [make_organization(name, parent=committee) for name in ("甲党委", "乙党委")]
    return [committee, *parents, *(make_organization("机关支部", parent=parent, kind="branch") for parent in parents)]


def test_only_names_that_several_have_carry_their_parent_s(units):
    assert list(names_alone(units).values()) == ["某局党委", "甲党委", "乙党委", "甲党委/机关支部", "乙党委/机关支部"]


def by_name_of(units, *asked):
    return UnitsByName(named_units(Organization.objects.filter(pk__in=[unit.pk for unit in units])), asked)


def test_each_written_name_leads_back_to_its_unit(units):
    by_name = by_name_of(units, *names_alone(units).values())

    for key, name in names_alone(units).items():
        assert by_name.problem(name, unknown="没有") == "" and by_name.unit(name).pk == key


def test_unknown_and_doubtful_names_are_told(units):
    by_name = by_name_of(units, "丙党委", "机关支部", "甲\u202e党委")

    assert by_name.problem("丙党委", unknown="没有这个单位") == "没有这个单位"
    assert "几个同名" in by_name.problem("机关支部", unknown="没有")
    assert by_name.problem("甲\u202e党委", unknown="没有") not in ("", "没有")
