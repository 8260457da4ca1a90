"""The rows of one poll's splits: which groups are shown by themselves, together or not at all (DESIGN 5, "Small groups")."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from ballots.counting import small_groups, tally
from ballots.models import Batch
from campaigns.models import Campaign, Category, Channel

from .. import wording

CATEGORIES, CHANNELS = 0, 1
SPLIT_NAMES = {CATEGORIES: Campaign.FirstSplit.CATEGORY.label, CHANNELS: Campaign.FirstSplit.CHANNEL.label}


@dataclass(frozen=True)
class Group:
    """A row of one split in one poll: who belongs to it, whether it may be shown, and why not or why together."""

    names: tuple[str, ...]
    category_ids: tuple[int, ...]
    channels: tuple[str, ...]
    sheets: tally.Sheets
    is_suppressed: bool
    reason: str

    @property
    def label(self) -> str:
        """「应邀代表、群众代表」; the reason beside it says that they are one row."""
        return "、".join(self.names)


def groups_of(batches: Iterable[Batch], rules: tally.Rules) -> tuple[list[Group], list[Group]]:
    """The rows of a poll's counting batches by category and by channel, each split in its own order."""
    counting = [batch for batch in batches if batch.state != Batch.State.VOID]
    # Attended and entitled stay unknown: people are counted for a whole poll, never for a group.
    by_category: dict[Category, tally.Sheets] = defaultdict(tally.Sheets)
    by_channel: dict[Channel, tally.Sheets] = defaultdict(tally.Sheets)
    cells: dict[tuple[Hashable, Hashable], tally.Sheets] = defaultdict(tally.Sheets)
    for batch in counting:
        sheets = tally.Sheets(batch.issued_count or 0, batch.returned_count or 0, batch.void_count)
        by_category[batch.category] += sheets
        by_channel[Channel(batch.channel)] += sheets
        cells[batch.category, Channel(batch.channel)] += sheets
    valid = {cell: sheets.valid for cell, sheets in cells.items()}
    first = CATEGORIES if rules.first_split == Campaign.FirstSplit.CATEGORY else CHANNELS
    categories, channels = small_groups.shown_splits(valid, rules.min_group, first=first)
    in_order = sorted(by_category, key=lambda category: (category.position, category.pk))
    return (
        _rows(in_order, categories, by_category, rules, CATEGORIES),
        _rows([channel for channel in Channel if channel in by_channel], channels, by_channel, rules, CHANNELS),
    )


def _rows(in_order: Sequence, partition: small_groups.Partition, sheets, rules: tally.Rules, side: int) -> list[Group]:
    """The rows in the order of their first groups. A split whose people are all in one part shows none of it."""
    filled = [part for part in partition if any(sheets[member].valid for member in part)]
    is_hidden = len(filled) == 1 and len(filled[0]) > 1
    parts = {member: part for part in partition for member in part}
    rows, done = [], set()
    for member in in_order:
        together = [other for other in in_order if other in parts[member]]
        # Groups that would not be one part by themselves are so for the sake of the other split.
        sizes = {other: sheets[other].valid for other in together}
        other_split = "" if len(small_groups.gathered(sizes, rules.min_group)) == 1 else SPLIT_NAMES[1 - side]
        if is_hidden and len(together) > 1:
            rows.append(_row([member], sheets, side, suppressed=_hidden_reason(together, sheets, rules, other_split)))
        elif member not in done:
            rows.append(_row(together, sheets, side, joined=_joined_reason(together, sheets, rules, other_split)))
            done.update(together)
    return rows


def _row(members: Sequence, sheets, side: int, *, suppressed: str = "", joined: str = "") -> Group:
    is_category = side == CATEGORIES
    return Group(
        names=tuple(_name(member) for member in members),
        category_ids=tuple(member.pk for member in members) if is_category else (),
        channels=() if is_category else tuple(member.value for member in members),
        sheets=sum((sheets[member] for member in members), tally.Sheets()),
        is_suppressed=bool(suppressed),
        reason=suppressed or joined,
    )


def _name(member: Category | Channel) -> str:
    return member.name if isinstance(member, Category) else member.label


def _small(members: Sequence, sheets, rules: tally.Rules) -> list[str]:
    return [_name(member) for member in members if sheets[member].valid < rules.min_group]


def _joined_reason(members: Sequence, sheets, rules: tally.Rules, other_split: str) -> str:
    if len(members) < 2:
        return ""
    small = _small(members, sheets, rules)
    others = [name for name in map(_name, members) if name not in small]
    return wording.joined_reason(small, others, rules.min_group, other_split=other_split)


def _hidden_reason(members: Sequence, sheets, rules: tally.Rules, other_split: str) -> str:
    return wording.hidden_split_reason(_small(members, sheets, rules), rules.min_group, other_split=other_split)
