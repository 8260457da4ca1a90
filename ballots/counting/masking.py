"""Masked words of opinions: after the seal they take the place of the originals, for good."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from campaigns.models import Poll, UnsavedText
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import Opinion
from .sealing import erase_traces


def drop_originals(poll: Poll, shown: Mapping[int, str]) -> int:
    """Replace texts of a sealed poll's opinions, by key, with those in which they are shown; returns how many.

    When the transaction is done, so are the traces: SQLite overwrites what is replaced (secure_delete) and empties its
    log, PostgreSQL writes the table anew. Keys of other polls are passed over.
    """
    if poll.state != Poll.State.SEALED:
        raise StateError(
            f"“{poll.unit_name}”的评议点尚未封存，不能改动意见建议。",
            way=way_to("封存", "ballots:poll_detail", poll.pk),
        )
    with transaction.atomic():
        opinions = list(Opinion.objects.select_for_update().filter(target__poll=poll, pk__in=shown))
        UnsavedText.objects.forget_quotations(_replaced(opinions, shown))
        for opinion in opinions:
            opinion.text = shown[opinion.pk]
        if opinions:
            Opinion.objects.bulk_update(opinions, ["text"], batch_size=200)
            Poll.objects.filter(pk=poll.pk).update(erased_at=None)
            transaction.on_commit(erase_traces)
    return len(opinions)


def _replaced(opinions: Iterable[Opinion], shown: Mapping[int, str]) -> list[str]:
    """The originals among opinions' texts that are shown in other words."""
    return [opinion.text for opinion in opinions if opinion.text != shown[opinion.pk]]
