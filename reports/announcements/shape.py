"""The contents of a 公示 as they are printed and frozen.

Totals alone: no split by group, no finding, nothing about a target that was not chosen. Kept apart from the contents of
other rooms: what was frozen must be read whatever becomes of those.
"""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from ballots.counting import tally

from ..freezing import CONVERTER, count_of_words, rate_of_words

# Of the frozen content; the first, which has no number, keeps figures as printed words.
FORMAT = 2


@dataclass(frozen=True)
class AnnouncedFigure:
    """A grade of a line: how many, and the rate."""

    label: str
    count: int
    rate: tally.Rate


@dataclass(frozen=True)
class AnnouncedRow:
    """A line of results. Kept apart from `content.Row`: what was frozen must be read whatever becomes of that."""

    label: str
    is_overall: bool
    figures: tuple[AnnouncedFigure, ...]
    unknown: int
    spoiled: int
    base: int | None
    satisfaction: tally.Rate
    verdict: str
    unknown_label: str = tally.UNKNOWN_LABEL
    # The same answers by grade, (label, count); empty in what was published before grades were told apart.
    outside: tuple[tuple[str, int], ...] = ()

    @property
    def beside(self) -> tuple[tuple[str, int], ...]:
        """The answers outside the base by column."""
        return self.outside or ((self.unknown_label, self.unknown),)

    @property
    def base_clause(self) -> str:
        """「，计41」, behind the name of the denominator; empty where it is not known."""
        return "" if self.base is None else f"，计{self.base}"

    @property
    def printed_base(self) -> str:
        return tally.or_dash(self.base)


@dataclass(frozen=True)
class AnnouncedTable:
    """The lines about one target."""

    target: str
    is_person: bool
    title: str
    base_text: str
    rate_name: str
    rows: tuple[AnnouncedRow, ...]
    # Of an option in a list to choose from.
    most_chosen: int | None = None
    rank: int | None = None

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(figure.label for figure in self.rows[0].figures)

    @property
    def has_unknown(self) -> bool:
        return any(row.unknown for row in self.rows)

    @property
    def unknown_label(self) -> str:
        return self.rows[0].unknown_label

    @property
    def verdicts(self) -> tuple[AnnouncedRow, ...]:
        return tuple(row for row in self.rows if row.verdict)

    @property
    def first_rows(self) -> tuple[AnnouncedRow, ...]:
        """The lines that stand for the target: the 总体评价, or every line where none was asked."""
        return tuple(row for row in self.rows if row.is_overall) or self.rows

    @property
    def figure_name(self) -> str:
        """The name of its figure at a glance: 「满意率」, or 「各项满意率」 where several lines stand for the target."""
        return self.rate_name if len(self.first_rows) == 1 else f"各项{self.rate_name}"

    @property
    def figure_text(self) -> str:
        """「95.1%」, 「60.0%～77.1%」 of several lines, 「—」 where there is no rate."""
        rates = sorted(
            (row.satisfaction for row in self.first_rows if row.satisfaction.is_known),
            key=lambda rate: (rate.printed, rate.percent_text),
        )
        ends = dict.fromkeys(rate.percent_text for rate in (*rates[:1], *rates[-1:]))
        return "～".join(ends) or tally.Rate().text

    @property
    def other_rows(self) -> tuple[AnnouncedRow, ...]:
        return tuple(row for row in self.rows if row not in self.first_rows)


@dataclass(frozen=True)
class AnnouncedGroup:
    """Neighbours about which the same was asked: one printed table."""

    tables: tuple[AnnouncedTable, ...]

    @property
    def first(self) -> AnnouncedTable:
        return self.tables[0]

    @property
    def is_ranked(self) -> bool:
        """Whether it is a list to choose from, whose options stand in the order of how many chose them."""
        return self.first.rank is not None

    @property
    def has_many(self) -> bool:
        return len(self.tables) > 1 or self.is_ranked

    @property
    def beside(self) -> tuple[str, ...]:
        """The grades outside the base, a column each; none where nobody chose any."""
        rows = [row for table in self.tables for row in table.rows if row.unknown]
        return tuple(label for label, _ in rows[0].beside) if rows else ()

    @property
    def has_spoiled(self) -> bool:
        return any(row.spoiled for table in self.tables for row in table.rows)


@dataclass(frozen=True)
class AnnouncedEntry:
    """A promise, a comment, an opinion or a problem in words."""

    # Whom it is about, where the heading does not say it.
    subject: str
    is_person: bool
    text: str
    remark: str
    # Of an opinion its key: words that are masked later go from here too.
    opinion_id: int | None = None


@dataclass(frozen=True)
class AnnouncedList:
    """A part of a notice beside the results; `kind` is a word of `Announcement.Extra`."""

    kind: str
    heading: str
    entries: tuple[AnnouncedEntry, ...]


@dataclass(frozen=True)
class AnnouncedInstant:
    """窗口即时评议 beside the ballots: a table for each scale with a row a window, in 人次."""

    tables: tuple[AnnouncedTable, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class AnnouncedScore:
    """A unit's 考核得分 and 综合得分, with its place or why it has none."""

    place: str
    unit: str
    score: tally.Number
    # The figure of the satisfaction poll as printed, and its base.
    satisfaction: str
    base: int | None
    composite: tally.Number
    remark: str


@dataclass(frozen=True)
class AnnouncedScores:
    """The 综合得分 of the units, with the formula that gives it."""

    formula: tuple[str, ...]
    satisfaction_name: str
    rows: tuple[AnnouncedScore, ...]


@dataclass(frozen=True)
class AnnouncementContent:
    """All that a published notice and its page say."""

    title: str
    unit: str
    paragraphs: tuple[str, ...]
    sheets: str
    tables: tuple[AnnouncedTable, ...]
    notes: tuple[str, ...]
    problems: str
    period: str
    place: str
    office: str
    phone: str
    signed_on: str
    lists: tuple[AnnouncedList, ...] = ()
    instant: AnnouncedInstant | None = None
    scores: AnnouncedScores | None = None

    @property
    def groups(self) -> tuple[AnnouncedGroup, ...]:
        alike = groupby(self.tables, key=attrgetter("title", "heads", "base_text", "rate_name"))
        return tuple(AnnouncedGroup(tuple(tables)) for _, tables in alike)

    def as_json(self) -> dict:
        return {"format": FORMAT, **CONVERTER.unstructure(self)}

    @classmethod
    def from_json(cls, frozen: dict) -> "AnnouncementContent":
        return CONVERTER.structure(frozen if "format" in frozen else _upgraded(frozen), cls)


def _upgraded(frozen: dict) -> dict:
    """A content in the form of now that was published while figures were kept as printed words."""
    tables = [{**table, "rows": [_upgraded_row(row) for row in table["rows"]]} for table in frozen["tables"]]
    return {**frozen, "tables": tables}


def _upgraded_row(row: dict) -> dict:
    base, figures = count_of_words(row["base"]), row["figures"]
    return {
        **row,
        "base": base,
        "figures": [{**figure, "rate": rate_of_words(figure["rate"], figure["count"], base)} for figure in figures],
        "satisfaction": rate_of_words(row["satisfaction"], figures[0]["count"], base),
    }
