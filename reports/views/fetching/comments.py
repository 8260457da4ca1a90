"""Comments of leaders, and about whom they are."""

from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, Member, Organization
from campaigns.permissions import require

from ...models import LeaderComment
from ...permissions import can_record_comments
from .address import chosen_campaign, key_in


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
