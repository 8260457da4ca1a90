"""Deleting what is still in preparation, and what goes with it.

The database looks at every key that could refer to a deleted row when the transaction ends: some thirty for a poll and its targets.
So polls go in lots; of a campaign with more than one lot each goes in a transaction of its own, for as long as a request may take.
"""

import time
from collections.abc import Collection

from ..models import Campaign, Poll
from .campaigns import Frozen, editing
from .going import GoingRows
from .in_turn import SECONDS_AT_ONCE

LAST_POLL = "这是活动的最后一个评议点，不能单独删除；请把整个活动退回筹备，再改评议单位或者删除活动。"
# So many polls go in one transaction.
POLLS_AT_ONCE = 1000


def delete_poll(poll: Poll) -> None:
    """Delete a poll in preparation with its targets and meeting facts; raises Frozen.

    Of an opened campaign the last poll stays, for a campaign without any could be neither closed nor sealed.
    """
    with editing(poll.campaign, ballot_of=poll) as locked:
        if locked.is_frozen and not locked.polls.exclude(pk=poll.pk).exists():
            raise Frozen(LAST_POLL, locked)
        GoingRows(Poll, {"pk": poll.pk}).delete()


def delete_campaign(campaign: Campaign, *, seconds: float | None = None) -> int:
    """Delete a campaign that is not open, with its polls and questionnaires; how many polls are left. Raises Frozen.

    A campaign of one lot of polls goes whole or not at all. A larger one loses its categories first, so that nobody opens the
    rest of it, then lot after lot; after so many seconds no more is begun, and the next time goes on.
    """
    ends_at = time.monotonic() + (SECONDS_AT_ONCE if seconds is None else seconds)
    is_begun = False
    while True:
        with editing(campaign) as locked:
            count = locked.polls.count()
            if count <= POLLS_AT_ONCE:
                GoingRows(Campaign, {"pk": locked.pk}).delete()
                return 0
            if not is_begun:
                # Whatever holds a row holds the campaign: nothing is begun that could not end.
                GoingRows(Campaign, {"pk": locked.pk}).check()
                locked.categories.all().delete()
            _last_lot(locked).delete()
        is_begun = True
        if time.monotonic() > ends_at:
            return count - POLLS_AT_ONCE


def remove_polls(campaign: Campaign, keys: Collection[int]) -> None:
    """Delete some polls of a campaign, at most a lot of them, with all that is theirs; call it with the campaign locked."""
    if keys:
        GoingRows(Poll, {"campaign": campaign.pk, "pk__in": list(keys)}).delete()


def _last_lot(campaign: Campaign) -> "GoingRows":
    last = list(campaign.polls.order_by("-pk").values_list("pk", flat=True)[:POLLS_AT_ONCE])
    return GoingRows(Poll, {"campaign": campaign.pk, "pk__gte": last[-1]})


def going_with_poll(poll: Poll) -> list[tuple[str, int]]:
    """The labels and numbers of the rows that go with a poll, itself among them; raises Frozen where it may not go."""
    with editing(poll.campaign, ballot_of=poll) as locked:
        if locked.is_frozen and not locked.polls.exclude(pk=poll.pk).exists():
            raise Frozen(LAST_POLL, locked)
        return GoingRows(Poll, {"pk": poll.pk}).numbers


def going_with_campaign(campaign: Campaign) -> list[tuple[str, int]]:
    """The same of a campaign."""
    with editing(campaign) as locked:
        return GoingRows(Campaign, {"pk": locked.pk}).numbers
