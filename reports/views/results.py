"""Results on the screen: one poll's, and a campaign's sums along the tree."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from campaigns.models import Campaign, Organization, Poll
from campaigns.models.organization import STEP
from campaigns.models.role import within_paths
from campaigns.permissions import (
    can_decide_findings,
    can_export,
    can_read_opinions,
    can_register_findings,
    can_see_results,
    can_see_sums,
    can_write_summary,
    can_write_unit_summary,
    require,
)

from .. import wording
from ..commitments import commitment_figures
from ..committee.progress import Progress, headlines, progress_of
from ..content import PollContent, coverage_text, poll_content, rollup_tables
from ..forms import ScoreChoiceForm
from ..opinions import OpinionsContent, opinions_content
from ..opinions.readings import OpinionFigures
from ..rollup import Node, roll_up
from ..scope import Scope

CHILDREN_PER_PAGE = 60
OPINIONS_PER_PAGE = 50


def visible_poll(request, poll_id: int) -> Poll:
    """A poll whose results the user may see; 404 for a foreign one, 403 before the seal."""
    polls = Poll.objects.visible_to(request.user).select_related("campaign__organizer", "organization")
    poll = get_object_or_404(polls, pk=poll_id)
    require(can_see_results(request.user, poll))
    return poll


def poll_results(request, poll_id):
    poll = visible_poll(request, poll_id)
    may_read = can_read_opinions(request.user, poll)
    opinions = opinions_content(Scope.of_poll(poll)) if may_read else OpinionsContent(OpinionFigures(), ())
    content = poll_content(poll)
    context = {
        "poll": poll,
        "content": content,
        "score_form": _score_form(content),
        "may_read_opinions": may_read,
        "letters": poll.targets.order_by("position", "pk") if may_read else (),
        "opinion_figures": opinions.figures,
        "opinions": Paginator(opinions.entries, OPINIONS_PER_PAGE).get_page(request.GET.get("page")),
        "can_write_summary": can_write_summary(request.user, poll),
        "can_decide_findings": can_decide_findings(request.user, poll),
        "can_register_findings": can_register_findings(request.user, poll),
    }
    return render(request, "reports/poll_results.html", context)


def _score_form(content: PollContent) -> ScoreChoiceForm | None:
    """The question about empty categories, with the answer that was given; None where there is none to ask about."""
    scores = [score for table in content.tables for score in table.scores if score.empty and score.has_scores]
    return ScoreChoiceForm(initial={"answer": scores[0].answer}) if scores and not scores[0].is_hidden else None


def campaign_results(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    node = chosen_node(request, campaign)
    children = Paginator(node.children, CHILDREN_PER_PAGE).get_page(request.GET.get("page"))
    promised = commitment_figures(within_paths([node.path], "organization__path"))
    context = {
        "campaign": campaign,
        "node": node,
        "commitments": wording.commitments_sentence(promised.commitments, promised.members)
        if promised.commitments
        else "",
        "coverage": coverage_text(node),
        "can_write_summary": can_write_unit_summary(request.user, node),
        "can_export": can_export(request.user, node),
        "tables": rollup_tables(node),
        "children": children,
        "child_tables": _by_questionnaire(node, children),
        "trail": trail_of(request.user, campaign, node),
    }
    return render(request, "reports/campaign_results.html", context)


def visible_campaign(request, campaign_id: int) -> Campaign:
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    return get_object_or_404(campaigns, pk=campaign_id)


def chosen_node(request, campaign: Campaign) -> Node:
    """The sums of the unit that `?unit=` names, or of the highest one that the user may see.

    404 for a unit out of reach, 403 while nothing below it is sealed.
    """
    return roll_up(campaign, top=chosen_unit(request, campaign))


def chosen_unit(request, campaign: Campaign) -> Organization:
    """The unit alone, with the same refusals."""
    unit, progress = unit_and_progress(request, campaign)
    require(progress.sealed > 0)
    return unit


def unit_and_progress(request, campaign: Campaign) -> tuple[Organization, Progress]:
    """The unit and how far the polls at and below it have come; 404 where it has none."""
    unit = _top_unit(request, campaign)
    progress = progress_of(campaign.polls.filter(within_paths([unit.path], "organization__path")))
    if not progress.units:
        raise Http404
    return unit, progress


def _top_unit(request, campaign: Campaign) -> Organization:
    units = Organization.objects.within(campaign.organizer)
    if chosen := request.GET.get("unit", ""):
        unit = get_object_or_404(units, pk=chosen if chosen.isdecimal() else 0)
        if not can_see_sums(request.user, unit):
            raise Http404
        return unit
    if can_see_sums(request.user, campaign.organizer):
        return campaign.organizer
    # Somebody over a part of the tree begins with the highest unit of that part.
    for unit in units.visible_to(request.user).order_by("path")[:200]:
        if can_see_sums(request.user, unit):
            return unit
    raise PermissionDenied


def _by_questionnaire(node: Node, children) -> list[dict]:
    """For each questionnaire of the node, the same table of each child: what the page lists below the sums."""
    below = [(child, rollup_tables(child), {one.title: one for one in headlines(child.lines)}) for child in children]
    return [
        {
            "table": table,
            "rows": [
                (child, tables[place], heads[table.title]) for child, tables, heads in below if table.title in heads
            ],
        }
        for place, table in enumerate(rollup_tables(node))
    ]


def trail_of(user, campaign: Campaign, unit: Node | Organization) -> list[Organization]:
    """The units from the organizer down to a unit, without it, that the user may see."""
    paths = [unit.path[:end] for end in range(len(campaign.organizer.path), len(unit.path), STEP)]
    return [one for one in Organization.objects.filter(path__in=paths) if can_see_sums(user, one)]
