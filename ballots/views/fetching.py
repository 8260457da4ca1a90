"""Where a view of ballots/ gets its object: fetched within the user's reach, or refused.

404 for a foreign object, 403 for a visible one that the user may not work at.
"""

from django.shortcuts import get_object_or_404

from campaigns.models import Category, Poll
from campaigns.permissions import can_configure, can_count, can_run, require
from campaigns.views.fetching import visible_poll

from ..models import Batch, CountSheetPhoto, Keying
from ..paper.keying import ROUNDS
from ..paper.permissions import can_decide, can_send_back


def poll_to_count(request, poll_id: int) -> Poll:
    poll = visible_poll(request, poll_id)
    require(can_count(request.user, poll))
    return poll


def poll_to_rehearse(request, poll_id: int) -> Poll:
    """A poll whose campaign the user configures."""
    poll = visible_poll(request, poll_id)
    require(can_configure(request.user, poll.campaign))
    return poll


def polls_beside(request, poll: Poll):
    """The other polls of the same unit that the user runs, and that take ballots or will."""
    polls = Poll.objects.visible_to(request.user).filter(organization=poll.organization_id)
    polls = polls.filter(state__in=Poll.UNTIL_CLOSED).exclude(pk=poll.pk).select_related("campaign")
    own = [other.pk for other in polls if can_run(request.user, other)]
    return polls.filter(pk__in=own).order_by("campaign_id")


def asked_category(request, poll: Poll) -> Category | None:
    """The category that `?category=` names; None where none is named."""
    if not (key := request.GET.get("category")):
        return None
    return get_object_or_404(poll.campaign.categories, pk=key if key.isdecimal() else 0)


def photo_to_count(request, photo_id: int) -> CountSheetPhoto:
    """A photo of a count sheet, for somebody who counts the poll."""
    photos = CountSheetPhoto.objects.visible_to(request.user).select_related("poll__organization")
    photo = get_object_or_404(photos, pk=photo_id)
    require(can_count(request.user, photo.poll))
    return photo


def batch_to_run(request, batch_id: int, method: Batch.Method | None = None) -> Batch:
    """A batch, or one of a given method, of a poll that the user runs."""
    batches = Batch.objects.visible_to(request.user)
    if method is not None:
        batches = batches.filter(method=method)
    batches = batches.select_related("category", "poll__campaign__organizer", "poll__organization")
    batch = get_object_or_404(batches, pk=batch_id)
    require(can_run(request.user, batch.poll))
    return batch


def paper_batch(request, batch_id: int) -> Batch:
    """A paper batch, for somebody who counts the poll."""
    batches = Batch.objects.visible_to(request.user).filter(method=Batch.Method.ENTERED)
    batches = batches.select_related("category", "agreed_by", "poll__campaign__organizer", "poll__organization")
    batch = get_object_or_404(batches, pk=batch_id)
    require(can_count(request.user, batch.poll))
    return batch


def batch_to_decide(request, batch_id: int) -> Batch:
    """A paper batch whose two keyings the user compares."""
    batch = paper_batch(request, batch_id)
    require(can_decide(request.user, batch))
    return batch


def own_keying(request, batch: Batch) -> Keying | None:
    """The keying that the user is at, or None."""
    mine = Keying.objects.filter(batch=batch, teller=request.user, round__in=ROUNDS, state=Keying.State.KEYING).first()
    if mine is not None:
        mine.batch = batch
    return mine


def keying_to_send_back(request, keying_id: int) -> Keying:
    keyings = Keying.objects.filter(batch__in=Batch.objects.visible_to(request.user), round__in=ROUNDS)
    keyings = keyings.select_related("teller", "batch__category", "batch__poll__campaign", "batch__poll__organization")
    keying = get_object_or_404(keyings, pk=keying_id)
    require(can_send_back(request.user, keying))
    return keying
