"""Opinions as a report prints them (DOMAIN A8, I-25)."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from ballots.models import Opinion
from campaigns.models import Target

from ..ledger.content import numbers_of
from ..models import OpinionReading
from ..scope import Scope
from ..wording import Day
from .readings import BALLOTS, OpinionFigures, matters_of, opinion_figures, origin_of, reading_of, shown_text


@dataclass(frozen=True)
class OpinionEntry:
    """A matter as it may be shown: alike opinions are together under one text."""

    id: int
    unit: str
    target: str
    kind: str
    category: str
    text: str
    times: int
    # Answers to the three questions: ("到位", "合理", "没有效"); fewer where not all were asked.
    verdicts: tuple[str, ...]
    # 「台账第3号」, or empty.
    went_to: str
    # 「评议票」「座谈会」; the day is that of what was recorded, a ballot has none.
    source: str = BALLOTS
    came_on: Day = field(default_factory=Day)


@dataclass(frozen=True)
class OpinionsContent:
    """The opinions of a report, in the random order in which sealing left them."""

    figures: OpinionFigures
    entries: tuple[OpinionEntry, ...]


def opinions_content(scope: Scope) -> OpinionsContent:
    """The opinions of the sealed polls of a scope, by target and kind; three queries for many polls."""
    entries = _entries(matters_of(scope.polls), scope)
    return OpinionsContent(opinion_figures(scope.polls), entries)


def read_entries_about(target: Target) -> tuple[OpinionEntry, ...]:
    """The opinions about one target that somebody has read; two queries."""
    about = matters_of([target.poll]).filter(target=target, reading__isnull=False)
    return _entries(about, Scope.of_poll(target.poll))


def _entries(opinions: QuerySet[Opinion], scope: Scope) -> tuple[OpinionEntry, ...]:
    numbers = numbers_of(scope)
    return tuple(_entry(opinion, numbers) for opinion in opinions)


def _entry(opinion: Opinion, numbers: dict[int, int]) -> OpinionEntry:
    reading, origin = reading_of(opinion), origin_of(opinion)
    return OpinionEntry(
        id=opinion.pk,
        unit=opinion.target.poll.unit_name,
        target=opinion.target.name,
        kind=opinion.get_kind_display(),
        category=reading.category if reading else "",
        text=shown_text(opinion),
        times=opinion.times,  # type: ignore[attr-defined]  # added by `readings`
        verdicts=reading.verdicts if reading else (),
        went_to=_went_to(reading, numbers),
        source=origin.get_source_display() if origin else BALLOTS,
        came_on=Day(origin.came_on if origin else None),
    )


def _went_to(reading: OpinionReading | None, numbers: dict[int, int]) -> str:
    if reading is None or reading.problem_id is None:
        return ""
    number = numbers.get(reading.problem_id)
    # A problem that was moved to another campaign's ledger has no number in this one.
    return f"台账第{number}号" if number else "已转台账"
