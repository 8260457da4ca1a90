"""Putting off the last day of a campaign whose polls take ballots."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from ..models import Campaign, Extension, Poll
from ..models.states import StateError


def can_be_extended(campaign: Campaign) -> bool:
    """Whether the campaign has a last day and a poll that is still open, whether or not the day is past."""
    return campaign.ends_on is not None and campaign.polls.filter(state=Poll.State.OPEN).exists()


def extend_campaign(campaign: Campaign, *, ends_on: date, reason: str, by) -> Extension:
    """Give an open campaign a later last day and keep the old one; raises StateError, and then nothing is changed."""
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if locked.ends_on is None or not can_be_extended(locked):
            raise StateError("没有正在评议的评议点，不能延期。")
        if locked.extensions.filter(ends_on=ends_on).exists():
            raise StateError("曾经延期到这一天，请换一天。")
        if ends_on < timezone.localdate():
            raise StateError("新的结束日期不能早于今天。")
        was_to_end_on = locked.ends_on
        locked.extend(ends_on=ends_on)
        campaign.ends_on = ends_on
        return Extension.objects.create(
            campaign=locked, was_to_end_on=was_to_end_on, ends_on=ends_on, reason=reason, extended_by=by
        )
