"""Leaders' comments: the list with its coverage, whom to comment on, and what was said."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from campaigns.forms.seen import save_seen
from campaigns.models import Campaign
from campaigns.permissions import require
from campaigns.views.posting import posted

from ..comments import comment_entry, comment_figures, comments_of, planned_polls
from ..forms.comments import CommentFilterForm, CommentForm, SubjectFilterForm
from ..models import LeaderComment
from ..permissions import can_delete_comment, can_record_comments, organizations_of_ledger
from ..scope import Scope
from .fetching.address import chosen_campaign, query_with
from .fetching.comments import campaign_to_comment, comment_to_edit, member_to_comment, organization_to_comment
from .fetching.ledger import unit_of_ledger, units_around

COMMENTS_PER_PAGE = 30
UNITS_PER_PAGE = 50
# The value of `?subject=` in place of a member's key where the organization itself is commented on.
ITSELF = "unit"


def comment_list(request):
    """The comments of a campaign at and below the unit that `?unit=` names."""
    campaign = chosen_campaign(request)
    if campaign is None:
        require(organizations_of_ledger(request.user).exists())
        return render(request, "reports/comment_list.html", {"campaign": None})
    unit = unit_of_ledger(request, within=campaign.organizer)
    scope = Scope.of(campaign, unit)
    filters = CommentFilterForm(
        query_with(request, campaign=campaign.pk, unit=unit.pk),
        campaigns=Campaign.objects.visible_to(request.user),
        units=units_around(request, unit, within=campaign.organizer),
    )
    page = Paginator(filters.apply(comments_of(scope)), COMMENTS_PER_PAGE).get_page(request.GET.get("page"))
    may_edit = [can_record_comments(request.user, comment.organization) for comment in page]
    context = {
        "campaign": campaign,
        "unit": unit,
        "figures": comment_figures(scope),
        "filters": filters,
        "page": page,
        "rows": list(zip(page, map(comment_entry, page), may_edit, strict=True)),
    }
    return render(request, "reports/comment_list.html", context)


def comment_missing(request):
    """The organizations with a poll on which no leader has commented yet."""
    campaign = campaign_to_comment(request)
    unit = unit_of_ledger(request, within=campaign.organizer)
    scope = Scope.of(campaign, unit)
    polls = planned_polls(scope).filter(is_commented=False).select_related("organization__parent")
    context = {
        "campaign": campaign,
        "unit": unit,
        "figures": comment_figures(scope),
        "page": Paginator(polls.defer("form"), UNITS_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "reports/comment_missing.html", context)


def comment_add(request):
    """Whom to comment on, then what was said: `?campaign=`, `?organization=`, `?subject=`, one after the other."""
    campaign = campaign_to_comment(request)
    if not request.GET.get("organization"):
        return _choose_organization(request, campaign)
    organization = organization_to_comment(request, campaign)
    if not request.GET.get("subject"):
        return _choose_subject(request, campaign, organization)
    member = None if request.GET["subject"] == ITSELF else member_to_comment(request, organization)
    comment = LeaderComment(campaign=campaign, organization=organization, member=member, recorded_by=request.user)
    form = CommentForm(posted(request), instance=comment)
    if form.is_valid():
        form.save()
        messages.success(request, f"对“{comment.subject}”的点评已经登记。")
        return _to_list(comment)
    return render(request, "reports/comment_form.html", {"form": form, "comment": comment})


def _choose_organization(request, campaign):
    units = organizations_of_ledger(request.user).within(campaign.organizer).active()
    require(units.exists())
    filters = SubjectFilterForm(
        query_with(request, campaign=campaign.pk), campaigns=Campaign.objects.visible_to(request.user)
    )
    page = Paginator(filters.apply(units), UNITS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"campaign": campaign, "filters": filters, "page": page}
    return render(request, "reports/comment_organization.html", context)


def _choose_subject(request, campaign, organization):
    members = Paginator(organization.members.active(), UNITS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"campaign": campaign, "organization": organization, "page": members}
    return render(request, "reports/comment_subject.html", context)


def comment_edit(request, comment_id):
    comment = comment_to_edit(request, comment_id)
    form = CommentForm(posted(request), instance=comment)
    if save_seen(form):
        messages.success(request, f"对“{comment.subject}”的点评已经保存。")
        return _to_list(comment)
    can_delete = can_delete_comment(request.user, comment.organization, comment.recorded_by)
    return render(request, "reports/comment_form.html", {"form": form, "comment": comment, "can_delete": can_delete})


@require_POST
def comment_delete(request, comment_id):
    comment = comment_to_edit(request, comment_id)
    require(can_delete_comment(request.user, comment.organization, comment.recorded_by))
    comment.delete()
    messages.success(request, f"对“{comment.subject}”的一条点评已经删除。")
    return _to_list(comment)


def _to_list(comment) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('reports:comment_list')}?{urlencode({'campaign': comment.campaign_id})}")
