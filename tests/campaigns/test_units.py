"""Units of a campaign's tree are found at the place and under the name that they had."""

import pytest

from ballots import actions as ballot_actions
from campaigns import actions
from campaigns.models import Organization
from campaigns.units import Unit, key_of, names_by_path, organizer_of, unit_of, units_above
from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    """A committee with a general branch and its branch."""
    root = make_organization("某局党委")
    general = make_organization("机关党总支", kind="general_branch", parent=root)
    return root, general, make_organization("第一党支部", kind="branch", parent=general)


def test_a_unit_that_was_moved_and_renamed_is_found_as_it_was(tree):
    root, general, branch = tree
    campaign = make_campaign(root)
    actions.make_polls(campaign, [branch])
    ballot_actions.open_campaign(campaign, by=None)
    path = general.path

    general.name = "联合党总支"
    actions.edit_organization(general, by=None)
    actions.move_organization(general, make_organization("某县党委"), by=None)

    moved = Organization.objects.get(pk=general.pk)
    assert moved.path != path
    assert unit_of(campaign, moved) == Unit(general.pk, path, "机关党总支")
    below = unit_of(campaign, Organization.objects.get(pk=branch.pk))
    assert units_above(campaign, below) == [organizer_of(campaign), Unit(general.pk, path, "机关党总支")]
    assert below.ancestor_paths == [root.path, path, branch.path]


def test_a_unit_without_polls_is_what_it_is_today(tree):
    root, general, _ = tree
    campaign = make_campaign(root)

    assert unit_of(campaign, general) == Unit(general.pk, general.path, "机关党总支")
    assert str(unit_of(campaign, root)) == "某局党委"


def test_names_of_what_is_not_open_yet_are_those_of_today(tree):
    root, general, branch = tree

    assert names_by_path([(branch.path, [])]) == {
        root.path: "某局党委",
        general.path: "机关党总支",
        branch.path: "第一党支部",
    }
    assert names_by_path([(branch.path, ["甲", "乙", "丙"])]) == {
        root.path: "甲",
        general.path: "乙",
        branch.path: "丙",
    }
    assert key_of(branch.path) == branch.pk
