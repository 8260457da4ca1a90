"""Plans and their periods, as they call and order themselves."""

import pytest

from campaigns.models import PlannedPeriod, YearPlan
from campaigns.year_plan.planning import make_plan
from tests.factories import make_cast, make_organization

pytestmark = pytest.mark.django_db


def test_a_plan_names_its_unit_and_its_year():
    plan = make_plan(make_organization("某局党委"), year=2027, pattern="once", by=None)

    assert (str(plan), str(plan.periods.get())) == ("某局党委2027年评议计划", "2027年度")


def test_plans_and_periods_are_seen_by_those_with_a_role_there():
    people = make_cast(make_organization("某局党委"))
    plan = make_plan(people.organization, year=2027, pattern="once", by=None)

    seen = {
        role: (
            list(YearPlan.objects.visible_to(getattr(people, role))),
            PlannedPeriod.objects.visible_to(getattr(people, role)).count(),
        )
        for role in ("secretary", "officer", "outsider")
    }

    assert seen == {"secretary": ([plan], 1), "officer": ([plan], 1), "outsider": ([], 0)}
