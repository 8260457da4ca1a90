"""Schemes of 千分制考核, their raters, and points added or taken off."""

from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, Poll
from campaigns.permissions import require
from campaigns.views.fetching import visible_poll

from ...models import RaterGroup, ScoreAdjustment, ScoreScheme
from ...permissions import can_adjust_scores, can_read_adjustments
from .opinions import poll_to_key_sheets


def scheme_of(campaign: Campaign) -> ScoreScheme:
    """The 考核指标表 of a campaign; 404 where it is not scored."""
    schemes = ScoreScheme.objects.select_related("campaign", "questionnaire__scale")
    return get_object_or_404(schemes, campaign=campaign)


def poll_to_key_scores(request, poll_id: int) -> Poll:
    """A poll, open or later, of a scored campaign, whose 考核打分表 the user keys from paper."""
    poll = poll_to_key_sheets(request, poll_id)
    scheme_of(poll.campaign)
    return poll


def rater_of(poll: Poll, rater_id: int) -> RaterGroup:
    """A kind of raters of the poll's campaign."""
    raters = RaterGroup.objects.select_related("scheme").filter(scheme__campaign=poll.campaign_id)
    return get_object_or_404(raters, pk=rater_id)


def poll_of_adjustments(request, poll_id: int) -> Poll:
    """A poll of a scored campaign whose bonus and deductions the user reads."""
    poll = visible_poll(request, poll_id)
    require(can_read_adjustments(request.user, poll))
    scheme_of(poll.campaign)
    return poll


def visible_adjustment(request, adjustment_id: int) -> ScoreAdjustment:
    adjustments = ScoreAdjustment.objects.visible_to(request.user).select_related(
        "poll__campaign__organizer", "poll__organization"
    )
    adjustment = get_object_or_404(adjustments, pk=adjustment_id)
    require(can_read_adjustments(request.user, adjustment.poll))
    return adjustment


def adjustment_to_withdraw(request, adjustment_id: int) -> ScoreAdjustment:
    adjustment = visible_adjustment(request, adjustment_id)
    require(can_adjust_scores(request.user, adjustment.poll))
    return adjustment
