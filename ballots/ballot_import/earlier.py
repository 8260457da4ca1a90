"""Batches that came out of earlier files for the same unit, channel and category: a later download may hold their rows again."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.models import Channel

from ..models import Batch
from .plan import BallotGroup


@dataclass(frozen=True)
class EarlierBatch:
    """A batch of an earlier file beside the group that a new one brings.

    How many ballots the two share is not told: before the seal nobody may try marks out and read from a number whether
    they are in the box.
    """

    batch: Batch
    unit: str
    new_count: int

    @property
    def sentence(self) -> str:
        """「二支部·书面评议·群众代表：已导入3张，本文件有5张」."""
        place = f"{self.unit}·{Channel(self.batch.channel).label}·{self.batch.category.name}"
        return f"{place}：已导入{self.batch.valid_count}张，本文件有{self.new_count}张"


def earlier_batches(groups: Iterable[BallotGroup]) -> list[EarlierBatch]:
    """The batches of earlier files that still count, beside the groups for the same unit, channel and category."""
    by_place = {(group.poll_id, group.channel, group.category_id): group for group in groups}
    polls = sorted({poll for poll, *_ in by_place})
    batches: list[Batch] = []
    for start in range(0, len(polls), 500):
        of_files = Batch.objects.counting().filter(poll__in=polls[start : start + 500]).exclude(ballot_import=None)
        batches += of_files.select_related("category").order_by("poll_id", "pk")
    places = [(batch, by_place.get((batch.poll_id, batch.channel, batch.category_id))) for batch in batches]
    return [EarlierBatch(batch, group.unit, group.row_count) for batch, group in places if group]
