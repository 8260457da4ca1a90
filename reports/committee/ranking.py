"""Units of a campaign beside each other by one rate: each by its own sum of ballots (scenario C20; DOMAIN R6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Substr

from ballots.counting import tally
from ballots.counting.judgement import places
from ballots.models import Batch
from campaigns.models import Campaign, Indicator, Poll
from campaigns.models.place import DEEPEST, STEP
from campaigns.models.reach import within_paths
from campaigns.units import Unit, key_of, names_by_path

from .. import wording
from ..results.rollup import RolledLine
from ..results.sums import sums_of
from ..tables.axis import axis_of, axis_text
from ..tables.rows import row_of
from .charts import Bar, bar_of

SATISFACTION, POSITIVE = "satisfaction", "positive"
NEXT_LEVEL, EVERY_POLL = "next", "polls"
# Every poll at once is ranked where there are no more: each has bars of its own, and nobody reads on.
MOST_POLLS = 1000
# How many of the best and of the worst are named above the table (R6).
NAMED = 3


@dataclass(frozen=True)
class RankableUnit:
    """A unit that may be ranked, with the polls at and below it, or with its own poll alone."""

    organization_id: int
    name: str
    # The units between it and the one that the page is about.
    above: str
    units: int
    units_sealed: int
    poll_id: int | None
    has_units_below: bool


@dataclass(frozen=True)
class Ranked:
    """A unit with its place; equal rates share one."""

    place: int
    unit: RankableUnit
    rate: tally.Rate
    base: int
    bar: Bar | None


@dataclass(frozen=True)
class Ranking:
    """Everything on the page."""

    rate_name: str
    ranked: tuple[Ranked, ...]
    # Each with the reason.
    unranked: tuple[tuple[RankableUnit, str], ...]
    # Of all ballots together.
    rate: tally.Rate
    base: int | None
    mean: tally.Rate
    # The meaning of the bars' parts: tone and label.
    key: tuple[tuple[str, str], ...]

    @property
    def axis_text(self) -> str:
        """The beginning of the bars' axis; empty where it is 0."""
        return next((axis_text(ranked.bar.axis) for ranked in self.ranked if ranked.bar), "")

    @property
    def printed_base(self) -> str:
        return tally.or_dash(self.base)

    @property
    def mean_name(self) -> str:
        """A mean of units never goes by the name of a rate."""
        return f"各单位{self.rate_name}的平均数（不是合计{self.rate_name}）"

    @property
    def highest(self) -> tuple[Ranked, ...]:
        return self.ranked[:NAMED] if self.has_names else ()

    @property
    def lowest(self) -> tuple[Ranked, ...]:
        return self.ranked[-NAMED:] if self.has_names else ()

    @property
    def as_high(self) -> int:
        """How many more share the place of the last one named among the highest."""
        return sum(unit.place == self.highest[-1].place for unit in self.ranked[NAMED:]) if self.has_names else 0

    @property
    def as_low(self) -> int:
        return sum(unit.place == self.lowest[0].place for unit in self.ranked[:-NAMED]) if self.has_names else 0

    @property
    def has_names(self) -> bool:
        return len(self.ranked) > 2 * NAMED


def too_many_polls(campaign: Campaign, top: Unit) -> str:
    """The sentence about more polls than are ranked at once; empty where there are not so many."""
    count = campaign.polls.filter(within_paths([top.path])).count()
    if count <= MOST_POLLS:
        return ""
    return f"“{top}”有{count}个评议点，全部评议点一次至多排{MOST_POLLS}个：先排下一级单位，点进一个单位以后再排它的全部评议点。"


def ranking_of(campaign: Campaign, top: Unit, *, indicator: Indicator, rate: str, level: str) -> Ranking:
    """The units below `top`, or every poll at and below it, by one rate of one indicator; a constant number of queries."""
    length = len(top.path) + STEP if level == NEXT_LEVEL else DEEPEST * STEP
    units = _units(campaign, top, length=length, with_top=level == EVERY_POLL)
    parts = sums_of([campaign], [top.path], level=length)
    lines = {path: _line(asked, indicator) for (_, path), asked in parts.lines.items()}
    returned = _returned(campaign, top, length)
    whole = _line(sums_of([campaign], [top.path]).of(campaign), indicator)
    placed, unranked = [], []
    for path, unit in units.items():
        line = lines.get(path)
        reason = parts.hidden_reason(campaign, path)
        reason = reason or _reason(line, returned.get(path, 0), campaign.min_group)
        share = _rate(line, rate).value if line else None
        if line is None or share is None or reason:
            unranked.append((unit, reason))
        else:
            placed.append((share, unit, line))
    placed.sort(key=lambda entry: -entry[0])
    row = row_of(whole.indicator, whole.result) if whole else None
    return Ranking(
        rate_name=_rate_name(whole, rate),
        ranked=tuple(_with_places(placed, rate)),
        unranked=tuple(unranked),
        rate=_rate(whole, rate) if whole else tally.Rate(),
        base=row.base if row else None,
        mean=_mean([share for share, *_ in placed], campaign.decimals),
        key=tuple((figure.tone, figure.label) for figure in row.figures) if row else (),
    )


def _with_places(placed: list[tuple[Fraction, RankableUnit, RolledLine]], rate: str) -> Iterable[Ranked]:
    rows = [row_of(line.indicator, line.result) for *_, line in placed]
    axis, in_order = axis_of(rows), places([share for share, *_ in placed])
    for place, (_, unit, line), row in zip(in_order, placed, rows, strict=True):
        yield Ranked(place, unit, _rate(line, rate), line.result.base or 0, bar_of(row, unit.name, axis=axis))


def _reason(line: RolledLine | None, returned: int, min_group: int) -> str:
    """Why a unit has no place; empty where it has one."""
    if line is None:
        return "尚未封存"
    if not line.polls:
        return "没有使用这张评议表"
    if not returned:
        return "没有收回评议票"
    if returned < min_group:
        return f"收回的票少于{min_group}张，不参加排名"
    return "" if line.result.satisfaction.is_known else "没有可用的分母"


def _rate(line: RolledLine, rate: str) -> tally.Rate:
    return line.result.satisfaction if rate == SATISFACTION else line.result.positive


def _rate_name(line: RolledLine | None, rate: str) -> str:
    if line is None:
        return ""
    return wording.rate_name(line.result.labels[0]) if rate == SATISFACTION else wording.positive_name(line.result)


def _mean(shares: list[Fraction], decimals: int) -> tally.Rate:
    return tally.Rate.of(sum(shares, Fraction()) / len(shares) if shares else None, decimals)


def _line(lines: Iterable[RolledLine], indicator: Indicator) -> RolledLine | None:
    return next((line for line in lines if line.indicator_id == indicator.pk), None)


def _returned(campaign: Campaign, top: Unit, length: int) -> dict[str, int]:
    """Papers that came back, once for each ballot however many targets it names."""
    batches = Batch.objects.counting().filter(
        within_paths([top.path], "poll__path"), poll__campaign=campaign, poll__state=Poll.State.SEALED
    )
    rows = batches.annotate(part=Substr("poll__path", 1, length)).order_by().values_list("part")
    return dict(rows.annotate(Sum("returned_count", default=0)))


def _units(campaign: Campaign, top: Unit, *, length: int, with_top: bool) -> dict[str, RankableUnit]:
    """The units to rank by path, in tree order: those with polls at or below them, counted by the database."""
    polls = campaign.polls.filter(within_paths([top.path]))
    polls = polls if with_top else polls.exclude(path=top.path)
    parts = polls.annotate(part=Substr("path", 1, length)).order_by("part").values("part")
    # Columns of an index: a row holds its whole ballot.
    sealed = Count("path", filter=Q(state=Poll.State.SEALED))
    rows = list(parts.annotate(units=Count("path"), sealed=sealed, first=Min("path"), own=Max("path")))
    firsts = polls.filter(path__in=[row["first"] for row in rows]).order_by()
    places = list(firsts.values_list("path", "names", "pk"))
    names, keys = names_by_path((path, kept) for path, kept, _ in places), {path: key for path, _, key in places}
    units = {}
    for row in rows:
        path = row["part"]
        is_alone = row["units"] == 1 and row["own"] == path
        units[path] = RankableUnit(
            organization_id=key_of(path),
            name=names[path],
            above=" ".join(names[path[:end]] for end in range(len(top.path) + STEP, len(path), STEP)),
            units=row["units"],
            units_sealed=row["sealed"],
            poll_id=keys[path] if is_alone else None,
            has_units_below=not is_alone,
        )
    return units
