"""The merging of two units, with the ledger of the one that ends: work that goes on follows the unit (DESIGN 5)."""

from django.db import transaction

from campaigns.actions import merge_organization
from campaigns.models import Organization

from ..models import Problem
from .actions import record


def merge_unit(source: Organization, destination: Organization, *, by, **facts) -> None:
    """Make a unit part of another, and hand its open problems on; raises TreeError. `facts` are the day and the grounds."""
    with transaction.atomic():
        merge_organization(source, destination, by=by, **facts)
        waiting = Problem.objects.select_for_update().filter(organization=source).exclude(state=Problem.State.CLOSED)
        for problem in waiting:
            Problem.objects.filter(pk=problem.pk).update(organization=destination)
            record(problem, f"“{source}”并入“{destination}”，问题转入", by=by)
