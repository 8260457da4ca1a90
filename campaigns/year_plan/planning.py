"""Making a plan from a ready pattern."""

from django.db import transaction

from ..models import Organization, PlannedPeriod, YearPlan
from .patterns import periods_of_year


def make_plan(organization: Organization, *, year: int, pattern: str, by) -> YearPlan:
    """A plan with the periods of a ready pattern, whose days may be changed afterwards."""
    with transaction.atomic():
        plan = YearPlan.objects.create(organization=organization, year=year, created_by=by)
        PlannedPeriod.objects.bulk_create(
            PlannedPeriod(plan=plan, title=period.title, starts_on=period.starts_on, ends_on=period.ends_on)
            for period in periods_of_year(pattern, year)
        )
        return plan
