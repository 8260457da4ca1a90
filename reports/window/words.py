"""Words that were left at a window among the opinions of a campaign: brought in with the days that it takes, once.

A word is known by its week alone, so it goes with the day on which its week ends: of days that are taken one after another
each word belongs to one. It is brought in the words in which it is shown, and says that it came from the window.
"""

from datetime import date, timedelta

from django.db.models import QuerySet

from ballots.models import Opinion, OpinionOrigin
from campaigns.models import Target

from ..gathering.actions import HeardOpinion, write_opinion
from ..models import OpinionReading, ServiceWindow, WindowTaking, WindowWord

# From the Monday by which a word is kept to the end of its week.
TO_SUNDAY = timedelta(days=6)


def words_of_days(window: ServiceWindow, first_on: date, last_on: date) -> QuerySet[WindowWord]:
    """The words of the weeks that end within some days, in no order of their coming."""
    weeks = (first_on - TO_SUNDAY, last_on - TO_SUNDAY)
    return WindowWord.objects.filter(window=window, week_on__range=weeks).order_by("pk")


def bring_words(taking: WindowTaking, target: Target, *, by) -> int:
    """Write the words of a taking down as opinions about a target, those that no campaign has; returns how many.

    Only within the deed that takes the days, which holds the poll.
    """
    words = words_of_days(taking.window, taking.first_on, taking.last_on)
    brought = 0
    for word in words.filter(opinion=None).select_for_update(of=["self"]):
        heard = HeardOpinion(
            target,
            word.shown_text,
            OpinionOrigin.Source.WINDOW,
            word.week_on + TO_SUNDAY,
            place=taking.window.name,
        )
        opinion = write_opinion(heard, by=by).opinion
        WindowWord.objects.filter(pk=word.pk).update(opinion=opinion)
        brought += 1
    return brought


def opinions_of_taking(taking: WindowTaking) -> QuerySet[Opinion]:
    """The opinions that were brought in with a taking."""
    words = words_of_days(taking.window, taking.first_on, taking.last_on)
    return Opinion.objects.filter(target__poll=taking.poll_id, window_word__in=words.order_by())


def are_words_read(taking: WindowTaking) -> bool:
    """Whether somebody has read one of them at the desk."""
    return OpinionReading.objects.filter(opinion__in=opinions_of_taking(taking)).exists()
