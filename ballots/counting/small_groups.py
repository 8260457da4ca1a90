"""Which results may be shown without giving away what a few people marked (DESIGN 5, "Small groups"). No Django.

Whoever reads results can add them and take one from another. A result is therefore shown only where no linear
combination of all that is shown leaves a group of 1 to `min_group` − 1 people.

Inside a poll a total and two splits are shown: by category and by channel. Because the total is shown, a hidden group
follows from the others; so groups are joined, and what a split shows is a partition of its groups.

Between units the results of a poll and the sums of the units above it are shown. They form a tree, and what can be had
by subtraction is, for each unit, what lies below it and below nothing shown under it: its rest.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

Name = TypeVar("Name", bound=Hashable)
Part = tuple[Name, ...]
Partition = tuple[Part, ...]

# Up to this many groups every partition is looked at (877 of seven); beyond, the smallest parts are joined in turn.
SEARCHED = 7


def shown_splits(
    cells: Mapping[tuple[Hashable, Hashable], int], min_group: int, *, first: int = 1
) -> tuple[Partition, Partition]:
    """The groups of the two splits as they may be shown: a part of several groups is one row.

    `cells` holds the valid ballots of each category × channel; `first` says which of the two splits is kept where both
    cannot be (0 the categories, 1 the channels). Groups without ballots are parts by themselves. A split of several
    groups that is one part shows nothing.
    """
    return _shown_splits(tuple(cells.items()), min_group, first)


@lru_cache(maxsize=4096)
def _shown_splits(items: tuple, min_group: int, first: int) -> tuple[Partition, Partition]:
    cells = dict(items)
    present = {cell: size for cell, size in cells.items() if size}
    kept = gathered(_margin(present, first), min_group)
    partitions = {first: kept, 1 - first: _safe_partition(present, kept, min_group, side=1 - first)}
    for side, partition in partitions.items():
        filled = {name for part in partition for name in part}
        empty = dict.fromkeys(cell[side] for cell in cells if cell[side] not in filled)
        partitions[side] = (*partition, *((name,) for name in empty))
    return partitions[0], partitions[1]


def _margin(cells: Mapping[tuple, int], side: int) -> dict[Hashable, int]:
    sizes: Counter = Counter()
    for cell, size in cells.items():
        sizes[cell[side]] += size
    return dict(sizes)


def gathered(sizes: Mapping[Name, int], min_group: int) -> Partition:
    """A split by itself: while its smallest part is too small, that is joined with the next smallest."""
    parts = [(size, (name,)) for name, size in sizes.items()]
    while len(parts) > 1 and min(parts, key=_size)[0] < min_group:
        parts = _smallest_joined(parts)
    return tuple(part for _, part in parts)


def gathered_in_turn(sizes: Iterable[tuple[Name, int]], min_group: int) -> Iterator[Part]:
    """Groups in the order of time: each is joined with those after it until none is too small.

    The last ones stay out as long as they are too few. A part, once given, is the same whatever comes later, so that
    nobody learns more by looking again: whatever is added or subtracted are whole parts. Empty groups are in no part.
    """
    names, count = [], 0
    for name, size in sizes:
        if not size:
            continue
        names.append(name)
        count += size
        if count >= min_group:
            yield tuple(names)
            names, count = [], 0


def _size(part: tuple[int, Part]) -> int:
    return part[0]


def _smallest_joined(parts: list[tuple[int, Part]]) -> list[tuple[int, Part]]:
    least, next_least, *others = sorted(parts, key=_size)
    return [(least[0] + next_least[0], least[1] + next_least[1]), *others]


def _safe_partition(cells: Mapping[tuple, int], kept: Partition, min_group: int, *, side: int) -> Partition:
    """The partition of the second split with the most rows, and then the fewest people in joined ones, that is safe."""
    sizes = _margin(cells, side)
    for partition in _candidates(sizes, min_group):
        if len(partition) < 2 or not _isolates(cells, partition, kept, min_group, side=side):
            return partition
    return ()


def _candidates(sizes: Mapping[Name, int], min_group: int) -> Iterator[Partition]:
    if len(sizes) <= SEARCHED:
        names = list(sizes)

        def cost(partition: Partition) -> tuple[int, int]:
            return -len(partition), sum(sizes[name] for part in partition if len(part) > 1 for name in part)

        finest = tuple((name,) for name in names)
        if min_group < 2 or all(size >= min_group for size in sizes.values()):
            yield finest
        yield from sorted(_partitions(names), key=cost)
        return
    parts = [(size, (name,)) for name, size in sizes.items()]
    while parts:
        yield tuple(part for _, part in parts)
        parts = _smallest_joined(parts) if len(parts) > 1 else []


def _partitions(names: Sequence[Name]) -> Iterator[Partition]:
    """Every way of parting the names into parts, the names and the parts in their order."""
    if not names:
        yield ()
        return
    *before, last = names
    for partition in _partitions(before):
        yield (*partition, (last,))
        for place, part in enumerate(partition):
            yield (*partition[:place], (*part, last), *partition[place + 1 :])


def _isolates(cells: Mapping[tuple, int], partition: Partition, kept: Partition, min_group: int, *, side: int) -> bool:
    """Whether rows of two partitions, added and subtracted, leave between 1 and min_group − 1 people.

    A sum of rows gives each crossing of two parts the value a + b, of its two rows' coefficients. A group of people is
    a sum that is 0 or 1 everywhere; coefficients may then be taken as whole numbers. Crossings of `min_group` people or
    more must be 0, which ties their rows together; of the others each is tried as 0 and as 1, while fewer than
    `min_group` people are in it.
    """
    if min_group < 2:
        return False
    row_of = {(side, name): (side, place) for place, part in enumerate(partition) for name in part}
    row_of |= {(1 - side, name): (1 - side, place) for place, part in enumerate(kept) for name in part}
    crossings: Counter = Counter()
    for cell, size in cells.items():
        crossings[row_of[side, cell[side]], row_of[1 - side, cell[1 - side]]] += size
    ties = _Ties({})
    small = []
    for (row, other), size in crossings.items():
        if size < min_group:
            small.append((size, row, other))
        else:
            ties = ties.tied(row, other, 0)
    return _has_group(sorted(small, key=_size), ties, min_group - 1, is_empty=True)


def _has_group(small: Sequence[tuple], ties: "_Ties", room: int, *, is_empty: bool) -> bool:
    """Whether the small crossings can each be 0 or 1, one of them 1, with at most `room` people in those that are 1."""
    for place, (size, row, other) in enumerate(small):
        value = ties.value(row, other)
        if value is None:
            rest = small[place + 1 :]
            if size <= room and _has_group(rest, ties.tied(row, other, 1), room - size, is_empty=False):
                return True
            ties = ties.tied(row, other, 0)
        elif value not in (0, 1) or value * size > room:
            return False
        elif value:
            room, is_empty = room - size, False
    return not is_empty


@dataclass(frozen=True)
class _Ties:
    """Coefficients of rows as far as they follow from each other: a row's component, and what it has above its root.

    The second split's coefficients are held with the opposite sign, so that a crossing's value is a difference.
    """

    places: Mapping[Hashable, tuple[Hashable, int]]

    def _place(self, row: Hashable) -> tuple[Hashable, int]:
        return self.places.get(row, (row, 0))

    def value(self, row: Hashable, other: Hashable) -> int | None:
        """The value of a crossing, or None where it is still free."""
        (root, height), (other_root, other_height) = self._place(row), self._place(other)
        return height - other_height if root == other_root else None

    def tied(self, row: Hashable, other: Hashable, value: int) -> "_Ties":
        """The same with a crossing's value fixed; a value that already follows stays."""
        (root, height), (other_root, other_height) = self._place(row), self._place(other)
        if root == other_root:
            return self
        shift = height - value - other_height
        places = {**self.places, row: (root, height), root: (root, 0)}
        moved = {name: above for name, (of, above) in places.items() if of == other_root} | {other_root: 0}
        moved[other] = other_height
        return _Ties({**places, **{name: (root, above + shift) for name, above in moved.items()}})


class PollSize(NamedTuple):
    """A sealed poll in the tree: the path of its unit, its valid ballots and what it asked."""

    path: str
    valid: int
    questionnaires: frozenset[int] = frozenset({0})


@dataclass(frozen=True)
class HiddenUnits:
    """The results that are not shown between units, by path: small polls, polls hidden for their sake, and sums of units."""

    small: frozenset[str] = frozenset()
    polls: frozenset[str] = frozenset()
    sums: frozenset[str] = frozenset()
    # Of the polls, those of units below which no other poll has ballots: their sum is that poll again.
    alone: frozenset[str] = field(default=frozenset(), compare=False)


class ShownRow(NamedTuple):
    """A row that is shown: a poll, or the sum of a unit."""

    path: str
    is_poll: bool
    size: int
    # All that was asked in it.
    asked: frozenset[int]
    # Of a sum by questionnaire: the people in it who are in no shown row below it.
    unseen: Mapping[int, int] = MappingProxyType({})
    # The rows that a sum is made of; fetched when they are wanted.
    open: Callable[[], Sequence["ShownRow"]] = tuple
    # Of a poll: whether no other below its unit has ballots.
    is_alone: bool = True

    @property
    def rest(self) -> Mapping[int, int]:
        """By questionnaire the people who are not shown once this row is hidden and opened."""
        return dict.fromkeys(self.asked, self.size) if self.is_poll else self.unseen

    @property
    def cost(self) -> tuple:
        """The order of hiding: first a row that adds people by itself, then the smallest."""
        return not (self.asked if self.is_poll else any(self.unseen.values())), self.size, self.path


@dataclass
class Fold:
    """A part of the tree as the units above it take it: the rows at its top, the people in none, and all that is hidden in it."""

    rows: list[ShownRow] = field(default_factory=list)
    rest: Counter = field(default_factory=Counter)
    # Small polls, by path; the value says whether the poll is the only one at or below its unit.
    small: dict[str, bool] = field(default_factory=dict)
    hidden: list[ShownRow] = field(default_factory=list)
    sums: list[str] = field(default_factory=list)

    @property
    def has_ballots(self) -> bool:
        return bool(self.rows or self.small or self.hidden)

    @property
    def units(self) -> HiddenUnits:
        """All that is hidden."""
        polls = [row for row in self.hidden if row.is_poll]
        return HiddenUnits(
            frozenset(self.small),
            frozenset(row.path for row in polls),
            frozenset([*self.sums, *(row.path for row in self.hidden if not row.is_poll)]),
            frozenset([row.path for row in polls if row.is_alone] + [path for path in self.small if self.small[path]]),
        )


def hidden_units(polls: Iterable[PollSize], min_poll: int, min_group: int, *, step: int) -> HiddenUnits:
    """The results to hide, so that no poll of fewer than `min_poll` ballots follows from its own or others' results.

    Each unit above polls shows their sum; `step` is the length of one level of a path. From the lowest units up: where
    a unit's rest holds hidden polls and fewer people than may be told apart, the smallest row below it is hidden too;
    where nothing is left to hide, the unit's own sum is hidden. A sum with all below it keeps its figures inside.
    """
    polls = [poll for poll in polls if poll.valid]
    if all(poll.valid >= min_poll for poll in polls):
        return HiddenUnits()
    return _joined(folds_of(polls, step, min_poll, min_group, step=step).values()).units


def folds_of(polls: Iterable[PollSize], level: int, min_poll: int, min_group: int, *, step: int) -> dict[str, Fold]:
    """Polls folded from the lowest units up to those with paths of `level` digits; a poll with a shorter path stays by itself.

    Where no poll is small nothing is hidden: of most parts there is a sum to make, and no more.
    """
    folds = {}
    for part, some in _by_part([poll for poll in polls if poll.valid], level).items():
        if all(poll.valid >= min_poll for poll in some):
            folds[part] = Fold([_shown_sum(part, some, step)])
        else:
            folds[part] = _folded(part, some, min_poll, min_group, step=step)
    return folds


def _by_part(polls: Iterable[PollSize], level: int) -> dict[str, list[PollSize]]:
    parts = defaultdict(list)
    for poll in polls:
        parts[poll.path[:level]].append(poll)
    return parts


def _shown_sum(part: str, polls: Sequence[PollSize], step: int) -> ShownRow:
    """The row of a part in which no poll is small: its poll, or the sum of all, which opens to the rows right below."""
    if len(polls) == 1 and polls[0].path == part:
        return ShownRow(part, True, polls[0].valid, polls[0].questionnaires)
    asked = frozenset().union(*{poll.questionnaires for poll in polls})
    return ShownRow(part, False, sum(poll.valid for poll in polls), asked, open=lambda: _rows_below(part, polls, step))


def _rows_below(part: str, polls: Sequence[PollSize], step: int) -> list[ShownRow]:
    parts = _by_part(polls, len(part) + step)
    rows = [_shown_sum(below, some, step) for below, some in parts.items()]
    return [row._replace(is_alone=row.path != part) for row in rows]


def _folded(part: str, polls: Iterable[PollSize], min_poll: int, min_group: int, *, step: int) -> Fold:
    folds = {poll.path: _of_poll(poll, min_poll) for poll in polls}
    for depth in range(max(map(len, folds)), len(part), -step):
        below: dict[str, list[Fold]] = defaultdict(list)
        for path in [path for path in folds if len(path) == depth]:
            below[path[:-step]].append(folds.pop(path))
        for path, some in below.items():
            folds[path] = fold_above(path, folds.get(path), some, max(min_poll, min_group))
    return folds[part]


def _of_poll(poll: PollSize, min_poll: int) -> Fold:
    if poll.valid < min_poll:
        return Fold(rest=Counter(dict.fromkeys(poll.questionnaires, poll.valid)), small={poll.path: True})
    return Fold([ShownRow(poll.path, True, poll.valid, poll.questionnaires)])


def fold_above(path: str, own: Fold | None, below: Iterable[Fold], least: int) -> Fold:
    """A unit with the poll of its own, if any, and the parts of the tree below it. Its sum is a row as well."""
    below = [fold for fold in below if fold.has_ballots]
    if not below:
        return own or Fold()
    if own:
        own = Fold([row._replace(is_alone=False) for row in own.rows], own.rest, dict.fromkeys(own.small, False))
    fold = _joined([*([own] if own else ()), *below])
    given_up = _given_up(fold.rest, fold.rows, least)
    if given_up is None:
        fold.sums.append(path)
        return fold
    rest, rows, hiding = given_up
    fold.hidden += hiding
    asked = frozenset(rest).union(*(row.asked for row in rows))
    size = max(rest.values(), default=0) + sum(row.size for row in rows)
    fold.rows, fold.rest = [ShownRow(path, False, size, asked, rest, lambda: rows)], Counter()
    return fold


def _joined(folds: Iterable[Fold]) -> Fold:
    """Parts of the tree side by side."""
    joined = Fold()
    for fold in folds:
        joined.rows += fold.rows
        joined.rest += fold.rest
        joined.small |= fold.small
        joined.hidden += fold.hidden
        joined.sums += fold.sums
    return joined


def _given_up(
    rest: Counter, rows: Sequence[ShownRow], least: int
) -> tuple[Counter, list[ShownRow], list[ShownRow]] | None:
    """A unit's rest, the rows still shown below it and those hidden, so that its sum may be shown; None where it may not."""
    rows, hidden = list(rows), []
    while lacking := {key for key, count in rest.items() if 0 < count < least}:
        row = min((row for row in rows if row.asked & lacking), key=lambda row: row.cost, default=None)
        if row is None:
            return None
        rows.remove(row)
        rows += row.open()
        hidden.append(row)
        rest = rest + Counter(row.rest)
    return rest, rows, hidden
