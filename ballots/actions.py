"""Opening and rehearsing: what touches a campaign and its ballots together."""

from django.db import transaction

from campaigns.actions import compose_form, open_polls
from campaigns.models import Campaign, Category, Poll
from campaigns.models.states import StateError

from .models import Batch
from .voting import casting


def start_rehearsal(poll: Poll) -> None:
    """Let a poll take trial ballots on the form as it stands; raises StateError."""
    with transaction.atomic():
        # The campaign's lock is the one that opening takes: a rehearsal cannot slip in behind the wiping.
        if Campaign.objects.select_for_update().get(pk=poll.campaign_id).is_frozen:
            raise StateError("评议活动已经开启，不能再演练。")
        form = compose_form(poll)
        if not form.cell_count:
            raise StateError(f"“{poll.unit_name}”的票上还没有评议对象和评议内容，不能演练。")
        poll.start_rehearsal(form=form.to_json())


def end_rehearsal(poll: Poll) -> None:
    """Wipe everything that a rehearsal left and go back to preparation; raises StateError."""
    with transaction.atomic():
        Poll.objects.select_for_update().get(pk=poll.pk)
        poll.end_rehearsal()
        casting.wipe(poll)


def open_campaign(campaign: Campaign, *, by) -> None:
    """Wipe the rehearsals, freeze every ballot and open every poll, in one transaction.

    Raises campaigns.actions.NotReady with what is missing; then nothing is changed.
    """
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        for poll in campaign.polls.filter(state=Poll.State.REHEARSING):
            end_rehearsal(poll)
        open_polls(campaign, by=by)


def add_batch(poll: Poll, *, channel: str, category: Category, method: str) -> Batch:
    """A new batch of a poll that takes ballots; raises StateError."""
    with transaction.atomic():
        locked = Poll.objects.select_for_update().get(pk=poll.pk)
        if not locked.is_accepting:
            raise StateError(f"“{locked.unit_name}”的评议点现为“{locked.get_state_display()}”，不能发票。")
        return Batch.objects.create(poll=locked, channel=channel, category=category, method=method)
