"""Deeds of gathering opinions beside the ballots. Each locks the poll, as sorting and filing do."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from ballots.models import Consultation, Forum, Opinion, OpinionOrigin, random_key
from campaigns.models import DocumentDraft, Poll, Target
from campaigns.ways import Refusal, way_to

from ..models import OpinionReading, SummaryVersion

Source = OpinionOrigin.Source
GATHERING = (Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED)
# Opinions on a draft come before the ballot is made.
ON_DRAFTS = (Poll.State.PREPARING, *GATHERING)
NOT_NOW = "评议活动开启以后，才能登记征求到的意见。"
FILED = "小结已经定稿，不能再登记、修改征求到的意见。"
READ = "这条意见已经阅办，不能再改动；要隐去字句、不作为意见的，请在意见阅办里办理。"


class CannotGather(Refusal):
    """A deed that comes too late or too early; the message is for the user, and nothing was written."""


@dataclass(frozen=True)
class HeardOpinion:
    """An opinion as somebody recorded it; a 座谈会 has its own day and place."""

    target: Target
    text: str
    source: str = Source.FORUM
    received_on: date | None = None
    place: str = ""
    sheet_kind: str = ""
    # Of an opinion on a draft.
    draft: DocumentDraft | None = None
    given_by: str = ""


@contextmanager
def gathering(poll_id: int, states: Iterable[str] = GATHERING) -> Iterator[Poll]:
    """A transaction in which nobody seals, sorts or files the opinions of the poll; gives the poll.

    Casting goes on beside it. Raises CannotGather in another state, and once the 小结 is filed.
    """
    with transaction.atomic():
        poll = Poll.objects.select_for_update(of=["self"], no_key=True).get(pk=poll_id)
        if poll.state not in states:
            raise CannotGather(NOT_NOW, way=way_to("评议点", "ballots:poll_detail", poll.pk))
        if is_filed(poll):
            raise CannotGather(FILED)
        yield poll


def is_filed(poll: Poll) -> bool:
    """Whether the poll's own 小结 was filed: the opinions in it have been counted."""
    return SummaryVersion.objects.final().filter(summary__poll=poll).exists()


def record_opinion(poll: Poll, heard: HeardOpinion, *, by) -> OpinionOrigin:
    """Write down an opinion that came by letter, telephone and the like; raises CannotGather."""
    with gathering(poll.pk):
        return write_opinion(heard, forum=None, by=by)


def write_opinion(heard: HeardOpinion, *, forum: Forum | None = None, by) -> OpinionOrigin:
    """The rows of an opinion, within `gathering`."""
    kind = heard.target.questionnaire.opinion_kind
    # A random key, as an opinion from a ballot has: their order tells nothing either.
    opinion = Opinion.objects.create(id=random_key(), target=heard.target, kind=kind, text=heard.text)
    return OpinionOrigin.objects.create(
        opinion=opinion,
        source=heard.source,
        received_on=heard.received_on,
        place=heard.place,
        sheet_kind=heard.sheet_kind,
        draft=heard.draft,
        given_by=heard.given_by,
        forum=forum,
        recorded_by=by,
    )


def change_opinion(origin: OpinionOrigin, heard: HeardOpinion) -> None:
    """Correct an opinion that nobody has read yet; raises CannotGather."""
    with gathering(origin.opinion.target.poll_id):
        _check_unread([origin])
        kind = heard.target.questionnaire.opinion_kind
        Opinion.objects.filter(pk=origin.opinion_id).update(target=heard.target, kind=kind, text=heard.text)
        facts = {
            "source": heard.source,
            "received_on": heard.received_on,
            "place": heard.place,
            "sheet_kind": heard.sheet_kind,
        }
        OpinionOrigin.objects.filter(pk=origin.pk).update(**facts)


def remove_opinion(origin: OpinionOrigin) -> None:
    """Take out what was recorded by mistake and nobody has read; raises CannotGather."""
    with gathering(origin.opinion.target.poll_id, ON_DRAFTS if origin.draft_id else GATHERING):
        _check_unread([origin])
        Opinion.objects.filter(pk=origin.opinion_id).delete()


def record_sheets(poll: Poll, *, issued: int, returned: int, by) -> None:
    """Write down how many 征求意见表 were handed out and came back; raises CannotGather."""
    with gathering(poll.pk) as locked:
        facts = {"issued_count": issued, "returned_count": returned, "recorded_by": by}
        Consultation.objects.update_or_create(poll=locked, defaults=facts)


def key_sheets(poll: Poll, opinions: Iterable[HeardOpinion], *, by) -> None:
    """Write down opinions from 征求意见表, of which the counts are recorded first; raises CannotGather."""
    with gathering(poll.pk) as locked:
        if not Consultation.objects.filter(poll=locked).exists():
            raise CannotGather(
                "请先登记征求意见表的发出、收回份数。", way=way_to("征求意见表的份数", "reports:sheets_count", poll.pk)
            )
        for heard in opinions:
            write_opinion(heard, forum=None, by=by)


def keyed_from_sheets(poll: Poll) -> int:
    """How many opinions were keyed from the sheets."""
    return OpinionOrigin.objects.filter(opinion__target__poll=poll, source=Source.SHEET).count()


def hold_forum(poll: Poll, facts: Mapping, opinions: Iterable[HeardOpinion], *, by) -> Forum:
    """Record a 座谈会 with the opinions that were raised there; raises CannotGather."""
    with gathering(poll.pk) as locked:
        forum = Forum.objects.create(poll=locked, recorded_by=by, **facts)
        for heard in opinions:
            write_opinion(heard, forum=forum, by=by)
    return forum


def change_forum(forum: Forum, facts: Mapping, opinions: Iterable[HeardOpinion], *, by) -> None:
    """Correct a 座谈会, and add further opinions that were raised there; raises CannotGather."""
    with gathering(forum.poll_id):
        Forum.objects.filter(pk=forum.pk).update(**facts)
        for heard in opinions:
            write_opinion(heard, forum=forum, by=by)


def remove_forum(forum: Forum) -> None:
    """Take out a 座谈会 that was recorded by mistake, with its opinions; raises CannotGather where one was read."""
    with gathering(forum.poll_id):
        origins = list(forum.origins.all())
        _check_unread(origins)
        keys = [origin.opinion_id for origin in origins]
        forum.origins.all().delete()
        Opinion.objects.filter(pk__in=keys).delete()
        forum.delete()


def _check_unread(origins: Iterable[OpinionOrigin]) -> None:
    keys = [origin.opinion_id for origin in origins]
    if reading := OpinionReading.objects.filter(opinion__in=keys).select_related("opinion__target").first():
        raise CannotGather(READ, way=way_to("意见阅办", "reports:opinion_list", reading.opinion.target.poll_id))
