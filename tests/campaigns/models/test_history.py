"""Lines of history name what was done, and who recorded it."""

import pytest

from campaigns import actions
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def test_a_line_says_what_was_done_and_who_recorded_it():
    unit = make_organization("第一党支部", kind="branch", parent=make_organization())
    user = make_user(last_name="王", first_name="小明")

    actions.deactivate_organization(unit, by=user)
    actions.activate_organization(unit, by=None)

    assert [str(change) for change in unit.changes.all()] == ["第一党支部恢复使用", "第一党支部停用"]
    assert unit.changes.last().recorded_by == user.get_full_name()
