"""Opinions that were gathered beside the ballots, as the pages of their gathering show them; none from a ballot is among them."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from ballots.models import Forum, Opinion, OpinionOrigin
from campaigns.models import Poll
from campaigns.people import name_of

from ..opinions.readings import opinions_of, reading_of, shown_text
from ..wording import Day


@dataclass(frozen=True)
class GatheredEntry:
    """An opinion with the way by which it came; its words are masked ones where there are any."""

    origin: OpinionOrigin
    target: str
    text: str
    source: str
    came_on: Day
    place: str
    recorded_by: str
    is_read: bool


def gathered_opinions(poll: Poll) -> QuerySet[Opinion]:
    """The recorded opinions of a poll in whatever state it is, the last recorded first."""
    recorded = opinions_of([poll]).filter(origin__isnull=False).select_related("origin__recorded_by")
    return recorded.order_by("-origin__recorded_at", "-origin__pk")


def gathered_entry(opinion: Opinion) -> GatheredEntry:
    origin = opinion.origin
    return GatheredEntry(
        origin=origin,
        target=opinion.target.name,
        text=shown_text(opinion),
        source=origin.get_source_display(),
        came_on=Day(origin.came_on),
        place=origin.came_at,
        recorded_by=name_of(origin.recorded_by),
        is_read=reading_of(opinion) is not None,
    )


def forums_of(poll: Poll) -> QuerySet[Forum]:
    """The 座谈会 of a poll by day, each with how many opinions were raised there (`raised`)."""
    return poll.forums.annotate(raised=Count("origins")).order_by("held_on", "pk")
