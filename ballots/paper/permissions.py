"""Permissions for paper, beyond the sentences of campaigns.permissions."""

from campaigns.permissions import can_count, can_run

from ..models import Batch, Keying


def can_decide(user, batch: Batch) -> bool:
    """Compare two keyings, decide differences and agree the batch: the secretary, or a teller who keyed neither."""
    if can_run(user, batch.poll):
        return True
    return can_count(user, batch.poll) and not batch.keyings.filter(teller=user, round__lte=2).exists()


def can_send_back(user, keying: Keying) -> bool:
    """Reopen or throw away a keying: its teller or the secretary."""
    is_own = keying.round != Keying.Round.DECISION and keying.teller_id == user.pk
    return can_count(user, keying.batch.poll) and (is_own or can_run(user, keying.batch.poll))
