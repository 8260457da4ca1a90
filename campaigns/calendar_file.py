"""The dates of a campaign as a calendar file (iCalendar, RFC 5545), for the calendars of phones and offices.

Whole days without a time zone. No entry says what was marked, or how many came.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import icalendar

from .models import Campaign, Poll

PRODUCT = "-//pingyi//群众评议//ZH"


@dataclass(frozen=True)
class DatedEntry:
    """Whole days in a calendar, the last of them included; `key` names the entry whenever the file is made again."""

    key: str
    title: str
    first: date
    last: date
    place: str = ""


def entries_of(campaign: Campaign, polls: Iterable[Poll]) -> Iterator[DatedEntry]:
    """The days of a campaign, its steps, the stages whose artefacts are due, and the meetings of some of its polls."""
    title = campaign.title
    if campaign.starts_on and campaign.ends_on:
        yield DatedEntry("days", title, campaign.starts_on, campaign.ends_on)
    for step in campaign.steps.all():
        first, last = step.starts_on or step.ends_on, step.ends_on or step.starts_on
        if first and last:
            yield DatedEntry(f"step-{step.kind}", f"{title}：{step}", first, last)
    for stage in campaign.stages.all():
        if stage.due_on:
            yield DatedEntry(f"stage-{stage.pk}", f"{title}：“{stage}”的材料到期", stage.due_on, stage.due_on)
    for poll in polls:
        if poll.meeting_on:
            yield DatedEntry(
                f"poll-{poll.pk}", f"{title}：{poll.unit_name}评议会", poll.meeting_on, poll.meeting_on, poll.place
            )


def calendar_file(campaign: Campaign, polls: Iterable[Poll], *, site: str) -> bytes:
    """The file; `site` is the host name, by which entries differ from those of other servers."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", campaign.title)
    for entry in entries_of(campaign, polls):
        event = icalendar.Event()
        event.add("uid", f"campaign-{campaign.pk}-{entry.key}@{site}")
        event.add("dtstamp", campaign.created_at)
        event.add("summary", entry.title)
        event.add("dtstart", entry.first)
        # The first day that is no longer part of it.
        event.add("dtend", entry.last + timedelta(days=1))
        if entry.place:
            event.add("location", entry.place)
        calendar.add_component(event)
    return calendar.to_ical()
