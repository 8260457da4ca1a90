"""The ledger: its units, problems and measures, and commitments to fulfil."""

from django.db.models import Q
from django.shortcuts import get_object_or_404

from campaigns.models import Commitment, Organization
from campaigns.permissions import require
from campaigns.views.fetching import visible_organization

from ...models import Measure, Problem
from ...permissions import can_keep_ledger, can_read_ledger, ledger_paths, organizations_of_ledger
from .address import key_in


def visible_problem(request, problem_id: int) -> Problem:
    """A problem whose ledger the user reads."""
    problems = Problem.objects.visible_to(request.user).select_related("organization", "campaign", "target")
    problem = get_object_or_404(problems, pk=problem_id)
    require(can_read_ledger(request.user, problem.organization))
    return problem


def kept_problem(request, problem_id: int) -> Problem:
    """A problem whose ledger the user keeps."""
    problem = visible_problem(request, problem_id)
    require(can_keep_ledger(request.user, problem.organization))
    return problem


def measure_of_problem(problem: Problem, measure_id: int) -> Measure:
    return get_object_or_404(problem.measures, pk=measure_id)


def origin_of_problem(request) -> tuple[Commitment | None, Organization | None]:
    """The commitment and the unit that the address names, of a ledger that the user keeps."""
    commitment = organization = None
    if "commitment" in request.GET:
        kept = Commitment.objects.visible_to(request.user).exclude(status=Commitment.Status.FULFILLED)
        commitment = get_object_or_404(kept.select_related("organization"), pk=key_in(request, "commitment"))
        organization = commitment.organization
    elif "organization" in request.GET:
        organization = visible_organization(request, request.GET["organization"])
    require(organization is None or can_keep_ledger(request.user, organization))
    return commitment, organization


def commitment_to_fulfil(request, commitment_id: int) -> Commitment:
    visible = Commitment.objects.visible_to(request.user).select_related("organization", "member")
    commitment = get_object_or_404(visible, pk=commitment_id)
    require(can_keep_ledger(request.user, commitment.organization))
    return commitment


def unit_of_ledger(request, *, within: Organization | None = None) -> Organization:
    """The unit that `?unit=` names, or the highest that the user reads about.

    404 for a foreign unit, 403 for somebody who does not read about it, or about none. A unit outside `within`, because another
    campaign was chosen since, gives way to the highest inside.
    """
    if request.GET.get("unit"):
        visible = Organization.objects.visible_to(request.user)
        asked = get_object_or_404(visible, pk=key_in(request, "unit"))
        require(can_read_ledger(request.user, asked))
        if not within or within.contains(asked):
            return asked
    reach = organizations_of_ledger(request.user)
    highest = (reach.within(within) if within else reach).order_by("path").first()
    require(highest is not None)
    return highest


def units_around(request, unit: Organization, *, within: Organization | None = None) -> list[tuple[str, str]]:
    """Choices to go on to: the user's own units, the way down to this one, itself and its children.

    Not the whole tree, which may have a hundred thousand.
    """
    reach = organizations_of_ledger(request.user)
    reach = reach.within(within) if within else reach
    nearby = reach.filter(Q(path__in={*ledger_paths(request.user), *unit.ancestor_paths}) | Q(parent=unit))
    return [
        (str(organization.pk), "\u3000" * organization.depth + organization.name)
        for organization in nearby.order_by("path")
    ]
