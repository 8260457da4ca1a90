"""Opinions as they were read: the only place where they are counted and shown (DOMAIN A8, I-25)."""

from collections.abc import Iterable
from dataclasses import dataclass

from ballots.models import Opinion

from .scope import Scope


@dataclass(frozen=True)
class OpinionFigures:
    """How many were received, set aside as no opinion, counted, read, and left after alike ones were put together."""

    received: int = 0
    set_aside: int = 0
    read: int = 0
    matters: int = 0

    @property
    def counted(self) -> int:
        """「征求意见建议N条」: alike ones count each, what is no opinion does not."""
        return self.received - self.set_aside


@dataclass(frozen=True)
class OpinionEntry:
    """One matter as it may be shown: alike ones stand together under one text."""

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


@dataclass(frozen=True)
class OpinionsContent:
    """The opinions of a report, in the random order in which sealing left them."""

    figures: OpinionFigures
    entries: tuple[OpinionEntry, ...]


def opinions_content(scope: Scope) -> OpinionsContent:
    """The opinions of the sealed polls of a scope, by target and kind; one query for many polls."""
    order = ("target__poll__organization__path", "target__position", "target_id", "kind", "id")
    found = Opinion.objects.filter(target__poll__in=scope.polls).select_related("target__poll__organization")
    entries = tuple(_entries(found.defer("target__poll__form").order_by(*order)))
    figures = OpinionFigures(received=len(entries), matters=len(entries))
    return OpinionsContent(figures, entries)


def _entries(opinions: Iterable[Opinion]) -> Iterable[OpinionEntry]:
    for opinion in opinions:
        yield OpinionEntry(
            id=opinion.pk,
            unit=opinion.target.poll.organization.name,
            target=opinion.target.name,
            kind=opinion.get_kind_display(),
            category="",
            text=opinion.text,
            times=1,
            verdicts=(),
            went_to="",
        )
