"""The groups of one poll's splits, and which of them may be shown (DESIGN 5: 「小分组不单列」)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ballots.counting import tally
from ballots.models import Batch
from campaigns.models import Channel


@dataclass(frozen=True)
class Group:
    """One value of one split in one poll: who belongs to it and whether it may be shown."""

    label: str
    category_id: int | None
    channel: str | None
    sheets: tally.Sheets
    is_suppressed: bool


def groups_of(batches: Iterable[Batch], rules: tally.Rules) -> tuple[list[Group], list[Group]]:
    """The categories and the channels that a poll's counting batches have, each in its own order."""
    counting = [batch for batch in batches if batch.state != Batch.State.VOID]
    # Attended and entitled stay unknown: people are counted for a whole poll, never for a group.
    by_category, by_channel, cells = (defaultdict(tally.Sheets) for _ in range(3))
    for batch in counting:
        sheets = tally.Sheets(batch.issued_count or 0, batch.returned_count or 0, batch.void_count)
        by_category[batch.category] += sheets
        by_channel[batch.channel] += sheets
        cells[batch.category_id, batch.channel] += sheets
    hidden = _hidden({one.pk: sheets for one, sheets in by_category.items()}, rules)
    categories = [
        Group(one.name, one.pk, None, by_category[one], one.pk in hidden)
        for one in sorted(by_category, key=lambda category: (category.position, category.pk))
    ]
    hidden = _hidden(by_channel, rules)
    channels = [
        Group(channel.label, None, channel.value, by_channel[channel], channel.value in hidden)
        for channel in Channel
        if channel in by_channel
    ]
    sizes = {cell: sheets.valid for cell, sheets in cells.items() if sheets.valid}
    if len(categories) > 1 and len(channels) > 1 and _gives_away_a_small_cell(sizes, rules.min_group):
        channels = [replace(group, is_suppressed=True) for group in channels]
    return categories, channels


def _hidden(sheets: Mapping, rules: tally.Rules) -> frozenset:
    return tally.suppressed_groups({name: one.valid for name, one in sheets.items()}, rules.min_group)


def _gives_away_a_small_cell(sizes: Mapping[tuple[int, str], int], min_group: int) -> bool:
    """Whether the two splits side by side tell what a few people of one category and channel marked.

    Seen as a graph of categories and channels, a cell follows from the sums when nothing else connects its two ends:
    with 41 members at the meeting, 4 guests there and 37 guests on paper, guests less paper are the 4.
    """
    return any(size < min_group and not _are_connected(cell, set(sizes) - {cell}) for cell, size in sizes.items())


def _are_connected(ends: tuple[int, str], cells: set[tuple[int, str]]) -> bool:
    category, channel = ends
    reached, grown = {category}, True
    while grown and channel not in reached:
        touched = {end for cell in cells if reached & set(cell) for end in cell}
        grown = not touched <= reached
        reached |= touched
    return channel in reached
