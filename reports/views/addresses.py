"""Addresses of pages that one scope has as a poll and another as a unit's part of a campaign."""

from django.urls import reverse

from ..scope import Scope


def results_address(scope: Scope) -> str:
    """The page of the results."""
    if scope.poll:
        return reverse("reports:poll_results", args=[scope.poll.pk])
    return reverse("reports:campaign_results", args=[scope.campaign.pk], query={"unit": scope.unit.pk})
