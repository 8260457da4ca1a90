"""Sums of large campaigns that the worker adds up before anybody asks, a piece at a time (DESIGN 9).

Whatever is kept already is left alone; a reader who comes first adds up the same by himself, and neither waits for the
other. No piece writes more than the sums of one unit, in a transaction of its own: a worker that dies between two pieces
leaves kept sums that hold, and lacks the others.
"""

import time
from collections.abc import Iterator

from campaigns.models import Campaign
from campaigns.units import organizer_of

from ..findings.keys import CROSSED_BELOW, crossing_keys
from .hidden import folded_units, hidden_among
from .kept import SealedSoFar, sealed_so_far
from .parts import added_up, sums_of_parts
from .rollup import questions_of
from .subtrees import made_ahead
from .sums import sums_of

SECONDS_BETWEEN_LOOKS_AT_SEALS = 15
# A look takes as many times as long before the next: it counts all sealed polls.
LOOKS_APART = 100


class AddedAhead:
    """All that a worker adds up, for as long as it may each time."""

    def __init__(self) -> None:
        # By campaign, the sealed polls of which nothing is left to be added up.
        self._done: dict[int, SealedSoFar] = {}
        self._pieces: Iterator[None] | None = None
        self._next_look_at = 0.0

    def go_on(self, *, seconds: float) -> bool:
        """Go on for so long and the rest of a piece; whether there is more."""
        started = time.monotonic()
        if self._pieces is None and started < self._next_look_at:
            return False
        pieces, self._pieces = self._pieces or self._look(), None  # an error ends them, and the next look begins anew
        for _ in pieces:
            if time.monotonic() >= started + seconds:
                self._pieces = pieces
                return True
        return False

    def _look(self) -> Iterator[None]:
        started = time.monotonic()
        sealed = sealed_so_far(Campaign.objects.all())
        took = time.monotonic() - started
        self._next_look_at = started + max(SECONDS_BETWEEN_LOOKS_AT_SEALS, LOOKS_APART * took)
        changed = [key for key, polls in sealed.items() if polls.is_large and self._done.get(key) != polls]
        for campaign in Campaign.objects.filter(pk__in=changed).order_by("-pk"):
            yield from adding_ahead(campaign)
            self._done[campaign.pk] = sealed[campaign.pk]


def adding_ahead(campaign: Campaign) -> Iterator[None]:
    """Keeps the sums of a campaign's large units, and then the answers that pages about the whole of it ask for."""
    has_lists = not all(question.adds_up for question in questions_of([campaign])[campaign.pk])
    crossed = [CROSSED_BELOW] if campaign.limits else []
    for question in (added_up(has_lists=has_lists), folded_units(campaign), *crossed):
        yield from made_ahead(campaign, question)
    hidden_among([campaign])
    yield
    crossing_keys([campaign], campaign.polls.none())
    yield
    sums_of_parts(campaign, organizer_of(campaign), has_lists=has_lists)
    sums_of([campaign], [campaign.path])
    yield
