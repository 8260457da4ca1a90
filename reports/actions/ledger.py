"""Deeds on the rectification ledger; each leaves a line in the problem's history."""

from django.db import transaction

from campaigns.models import Organization

from ..models import Problem, ProblemChange


def register_problem(organization: Organization, *, by, content: str, **facts) -> Problem:
    """Put a problem into an organization's ledger; `facts` are columns of Problem."""
    with transaction.atomic():
        problem = Problem.objects.create(organization=organization, content=content, created_by=by, **facts)
        record(problem, "登记", by=by)
    return problem


def record(problem: Problem, text: str, *, by) -> None:
    """One line of history."""
    ProblemChange.objects.create(problem=problem, text=text, changed_by=by)
