"""Where a view gets its object: fetched within the user's reach, or refused."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from ballots.models import Opinion
from campaigns.models import Campaign, Commitment, Member, Organization, Poll, Target
from campaigns.permissions import can_read_opinions, can_see_results, can_see_sums, paths_of_sums, require
from campaigns.units import Unit, key_of, unit_of, units_above
from campaigns.views.fetching import visible_campaign, visible_organization, visible_poll

from ..announcements import PlaceResults, result_choices
from ..committee.progress import Progress, polls_progress
from ..files.feedback import FeedbackMaterial
from ..findings import Crossing, crossings_of
from ..models import Announcement, Export, LeaderComment, Measure, Objection, Problem, SummaryVersion
from ..opinions import read_entries_about
from ..opinions.readings import opinions_of, with_alike
from ..permissions import (
    can_announce,
    can_export,
    can_keep_ledger,
    can_read_ledger,
    can_record_comments,
    can_see_announcements,
    can_sort_opinions,
    ledger_paths,
    organizations_of_ledger,
)
from ..results.poll import results_of
from ..results.scores import scores_of
from ..scope import Scope


def key_in(request, name: str) -> int | None:
    """The key that the address names; None where it names none, which no object has."""
    named = request.GET.get(name, "")
    return int(named) if named.isdecimal() else None


def poll_of_results(request, poll_id: int) -> Poll:
    """A poll whose results the user may see; 404 for a foreign one, 403 before the seal."""
    poll = visible_poll(request, poll_id)
    require(can_see_results(request.user, poll))
    return poll


def poll_to_read(request, poll_id: int) -> Poll:
    """A sealed poll whose opinions the user reads."""
    poll = poll_of_results(request, poll_id)
    require(can_read_opinions(request.user, poll))
    return poll


def poll_to_sort(request, poll_id: int) -> Poll:
    """A sealed poll whose opinions the user sorts."""
    poll = poll_of_results(request, poll_id)
    require(can_sort_opinions(request.user, poll))
    return poll


def target_of_poll(poll: Poll, target_id: int) -> Target:
    return get_object_or_404(poll.targets, pk=target_id)


def material_of_letter(target: Target) -> FeedbackMaterial:
    """All that the letter to one target of a sealed poll is made of."""
    results = [results_of(target.poll)]
    return FeedbackMaterial(
        results=results[0],
        scores=scores_of(results),
        crossings=tuple(crossings_of(results)),
        opinions=read_entries_about(target),
        unread_count=Opinion.objects.filter(target=target, reading=None).count(),
    )


def opinion_of_poll(poll: Poll, opinion_id: int) -> Opinion:
    """An opinion with those that were merged into it."""
    return get_object_or_404(with_alike(opinions_of([poll])), pk=opinion_id)


def crossing_of_poll(poll: Poll, rule: str, target_id: int) -> Crossing:
    """The threshold that a target crossed; 404 where the ballots do not give it."""
    for crossing in crossings_of([results_of(poll)]):
        if (crossing.threshold.key, crossing.target_id) == (rule, target_id):
            return crossing
    raise Http404


def visible_announcement(request, announcement_id: int) -> Announcement:
    announcements = Announcement.objects.visible_to(request.user).with_scope()
    announcement = get_object_or_404(announcements.select_related("published_by", "withdrawn_by"), pk=announcement_id)
    require(can_see_announcements(request.user, announcement.scope))
    return announcement


def announcement_to_write(request, announcement_id: int) -> Announcement:
    announcement = visible_announcement(request, announcement_id)
    require(can_announce(request.user, announcement.scope))
    return announcement


def target_to_announce(request, results: PlaceResults) -> Target | None:
    """The target that `?target=` names, one with results of its own; None where the notice is about the whole place."""
    if not request.GET.get("target"):
        return None
    shown = [choice.key for choice in result_choices(results) if isinstance(choice.key, int)]
    return get_object_or_404(Target.objects.filter(pk__in=shown), pk=key_in(request, "target"))


def objection_to_answer(request, objection_id: int) -> Objection:
    objections = Objection.objects.visible_to(request.user).select_related("announcement")
    objection = get_object_or_404(objections, pk=objection_id)
    require(can_announce(request.user, objection.announcement.scope))
    return objection


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


def campaign_to_comment(request) -> Campaign:
    """The campaign as `chosen_campaign` gives it; 403 where there is none."""
    campaign = chosen_campaign(request)
    require(campaign is not None)
    return campaign


def organization_to_comment(request, campaign: Campaign) -> Organization:
    """The organization below a campaign's organizer that `?organization=` names."""
    visible = Organization.objects.visible_to(request.user).within(campaign.organizer)
    organization = get_object_or_404(visible, pk=key_in(request, "organization"))
    require(can_record_comments(request.user, organization))
    return organization


def member_to_comment(request, organization: Organization) -> Member:
    """The active member that `?subject=` names."""
    return get_object_or_404(organization.members.active(), pk=key_in(request, "subject"))


def comment_to_edit(request, comment_id: int) -> LeaderComment:
    comments = LeaderComment.objects.visible_to(request.user).select_related("campaign", "organization", "member")
    comment = get_object_or_404(comments, pk=comment_id)
    require(can_record_comments(request.user, comment.organization))
    return comment


def own_export(request, export_id: int) -> Export:
    """An export that the user asked for, and may still have."""
    exports = Export.objects.visible_to(request.user).select_related("campaign", "organization")
    export = get_object_or_404(exports, pk=export_id)
    require(can_export(request.user, unit_of(export.campaign, export.organization)))
    return export


def numbered_version(versions: QuerySet[SummaryVersion], number: int) -> SummaryVersion:
    return get_object_or_404(versions, number=number)


def chosen_scope(request, campaign_id: int) -> Scope:
    """The part of a campaign that `?unit=` names, or that of the highest unit that the user may see.

    404 for a unit out of reach, 403 while nothing below it is sealed.
    """
    scope, progress = _scope_and_progress(request, visible_campaign(request, campaign_id))
    require(progress.sealed > 0)
    return scope


def unit_of_results(request, campaign: Campaign) -> Unit:
    """The unit alone, with the same refusals."""
    scope, progress = _scope_and_progress(request, campaign)
    require(progress.sealed > 0)
    return scope.unit


def unit_and_progress(request, campaign: Campaign) -> tuple[Unit, Progress]:
    """The unit and how far the polls at and below it have come; 404 where it has none."""
    scope, progress = _scope_and_progress(request, campaign)
    return scope.unit, progress


def _scope_and_progress(request, campaign: Campaign) -> tuple[Scope, Progress]:
    scope = _top_scope(request, campaign)
    progress = polls_progress(scope.planned)
    if not progress.units:
        raise Http404
    return scope, progress


def _top_scope(request, campaign: Campaign) -> Scope:
    if request.GET.get("unit"):
        scope = Scope.of(campaign, get_object_or_404(Organization, pk=key_in(request, "unit")))
        if not (scope.unit.path.startswith(campaign.path) and can_see_sums(request.user, scope.unit)):
            raise Http404
        return scope
    if can_see_sums(request.user, campaign):
        return Scope.of(campaign, campaign.organizer)
    # Somebody over a part of the tree begins with the highest unit of that part.
    paths = sorted(path for path in paths_of_sums(request.user) if path.startswith(campaign.path))
    for organization in Organization.objects.filter(pk__in=map(key_of, paths)).order_by("path"):
        scope = Scope.of(campaign, organization)
        if scope.unit.path in paths and scope.planned.exists():
            return scope
    raise PermissionDenied


def trail_of(user, campaign: Campaign, unit: Unit) -> list[Unit]:
    """The units from the organizer down to a unit, without it, that the user may see."""
    return [above for above in units_above(campaign, unit) if can_see_sums(user, above)]


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


def chosen_campaign(request) -> Campaign | None:
    """The campaign that `?campaign=` names, or the latest that the user sees; None where there is none."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    if not request.GET.get("campaign"):
        return campaigns.first()
    return get_object_or_404(campaigns, pk=key_in(request, "campaign"))


def query_with(request, **defaults):
    """The page's query with what it stands on where nothing was chosen, for a form that shows both."""
    query = request.GET.copy()
    for name, value in defaults.items():
        query[name] = str(value)
    return query
