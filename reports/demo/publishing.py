"""Announcements and 小结 of the demo."""

from datetime import timedelta

from campaigns.models import Poll

from .. import announcements
from ..announcements import working_days
from ..announcements.actions import publish_announcement, results_to_announce
from ..models import Announcement, Objection
from ..report.filing import file_summary
from ..scope import Scope
from ..summary.actions import save_summary
from ..wording import date_text
from .stage import Stage


def announce(stage: Stage, poll: Poll, *, days_ago: int, **facts) -> Announcement:
    """A notice that hangs from a day on for the usual working days."""
    starts_on = stage.day(days_ago)
    scope = Scope.of_poll(poll)
    notice = announcements.standard_announcement(scope, results_to_announce(scope), today=starts_on - timedelta(days=1))
    notice.starts_on = starts_on
    notice.ends_on = working_days.last_workday(starts_on, announcements.STANDARD_WORKDAYS)
    for name, value in facts.items():
        setattr(notice, name, value)
    notice.full_clean()
    notice.save()
    return publish_announcement(notice, by=stage.secretary, today=starts_on)


def object_to(stage: Stage, notice: Announcement, *, text: str, answer: str = "") -> None:
    """An objection on the second day of a notice, answered on the third, or waiting since today."""
    received_on = notice.starts_on + timedelta(days=1) if answer else stage.today
    Objection.objects.create(
        announcement=notice,
        received_on=received_on,
        text=text,
        answer=answer,
        answered_on=received_on + timedelta(days=1) if answer else None,
        recorded_by=stage.secretary,
    )


def write(stage: Stage, scope: Scope, words: dict[str, str], *, signed: int) -> None:
    """The 小结 as its secretary words it, a first and a second time, dated so many days ago."""
    save_summary(scope, {key: text for key, text in words.items() if key != "next_steps"}, by=stage.secretary)
    save_summary(scope, {**words, "signed_on": date_text(stage.day(signed))}, by=stage.secretary)


def file(stage: Stage, scope: Scope) -> None:
    file_summary(scope, by=stage.secretary, today=stage.today)
