"""A revote's share lies below one, and who settled it did so at a time."""

import pytest

from reports.models import Revote
from tests.factories import make_closed_problem
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def broken(poll, **facts):
    problem, target = make_closed_problem(poll.organization), poll.targets.first()
    create(Revote, **{"problem": problem, "target": target, "numerator": 1, "denominator": 3, **facts})


@pytest.mark.parametrize("facts", [{"numerator": 3}, {"numerator": 0, "denominator": 0}])
def test_a_share_lies_below_one(poll, facts):
    with violates("revote_share_below_one"):
        broken(poll, **facts)


def test_a_revote_is_settled_by_somebody_at_a_time(poll, django_user_model):
    with violates("revote_settled_with_a_time"):
        broken(poll, settled_by=django_user_model.objects.create_user("somebody"))
