"""Opinions with what readers made of them: which there are, how many, and in which words each may be shown.

The one place that counts opinions; `opinions` makes what is printed of it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from ballots.models import Consultation, Forum, Opinion, OpinionOrigin
from campaigns.models import Poll

from ..models import OpinionReading

CATEGORIES = ("思想认识", "工作作风", "工作成效", "服务群众", "民生实事", "队伍建设", "办事效率", "其他")
# By unit and target as everywhere; within them by the random keys that the seal gave.
ORDER = ("target__poll__path", "target__position", "target_id", "kind", "id")
SET_ASIDE = Q(reading__is_set_aside=True)
# The figure of each kind of opinion on 征求意见表; those on a draft are told with its way.
ON_SHEETS = {OpinionOrigin.SheetKind.AMENDMENT: "amendments", OpinionOrigin.SheetKind.REMARK: "remarks"}
# An opinion without a reading stands for itself, too.
STANDING = Q(reading__merged_into=None)
BALLOTS = "评议票"
# 「无」「暂无」「没有意见。」「没有什么意见和建议」: written, and nothing said.
NOTHING = re.compile(r"(暂时?|目前)*(无|没有|没)(任何|什么|其他|其它|不同)?的?((意见|建议|看法)[和与及或、/]?)*")
PUNCTUATION = re.compile(r"[\s。．.，,！!、~～…；;：:\-—（）()]+")


@dataclass(frozen=True)
class OpinionFigures:
    """How many were received, set aside as no opinion, read, left after alike ones were put together, and sent on."""

    received: int = 0
    set_aside: int = 0
    read: int = 0
    matters: int = 0
    # Of the matters, those that are in the ledger.
    sent: int = 0
    # Name → how many are counted, of each way by which any came; empty where all came on ballots.
    sources: tuple[tuple[str, int], ...] = ()
    # Of those on 征求意见表: 修改意见 and 其他意见.
    amendments: int = 0
    remarks: int = 0

    @property
    def counted(self) -> int:
        """「征求意见建议N条」: alike ones count each, what is no opinion does not."""
        return self.received - self.set_aside

    @property
    def unread(self) -> int:
        return self.received - self.read


@dataclass(frozen=True)
class ForumFigures:
    """How many 座谈会 were held, how many people came to them, and the sheets of 征求意见表."""

    forums: int = 0
    people: int = 0
    issued: int = 0
    returned: int = 0


def opinions_of(polls: Iterable[Poll]) -> QuerySet[Opinion]:
    """Every opinion about the targets of polls, with what was made of it; each knows how often it was said (`times`)."""
    return _described(Opinion.objects.filter(target__poll__in=polls))


def _described(opinions: QuerySet[Opinion]) -> QuerySet[Opinion]:
    opinions = opinions.select_related("target__poll__organization", "reading", "origin__forum")
    # Looked up for each by its index: joined and grouped, PostgreSQL without statistics took minutes for a company.
    alike = OpinionReading.objects.filter(merged_into=OuterRef("reading__pk")).order_by().values("merged_into")
    number = Subquery(alike.annotate(number=Count("pk")).values("number"))
    return opinions.annotate(times=1 + Coalesce(number, 0)).defer("target__poll__form").order_by(*ORDER)


def with_alike(opinions: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """The same opinions, each with those that were merged into it."""
    alike = OpinionReading.objects.select_related("opinion").order_by("opinion_id")
    return opinions.prefetch_related(Prefetch("reading__alike", alike))


def matters_of(polls: Iterable[Poll]) -> QuerySet[Opinion]:
    """The opinions that are shown, alike ones once."""
    return opinions_of(polls).filter(STANDING).exclude(SET_ASIDE)


def matters_where(condition: Q) -> QuerySet[Opinion]:
    """The same of the opinions that a condition admits: of one on their polls' own columns an index gives the order too."""
    return _described(Opinion.objects.filter(condition)).filter(STANDING).exclude(SET_ASIDE)


def opinion_figures(polls: Iterable[Poll]) -> OpinionFigures:
    """The figures of the opinions of polls; one query."""
    return opinion_figures_where(Q(target__poll__in=polls))


def opinion_figures_where(condition: Q) -> OpinionFigures:
    """The figures of the opinions that a condition admits; one query."""
    counts: Counter[str] = Counter()
    ways: Counter[str] = Counter()
    for is_set_aside, is_merged, is_sent, source, sheet_kind, number in _groups_where(condition):
        counts["received"] += number
        if is_set_aside is not None:  # of an unread one there is no answer
            counts["read"] += number
        if is_sent:
            counts["sent"] += number
        if is_set_aside:
            counts["set_aside"] += number
            continue
        ways[source] += number
        if not is_merged:
            counts["matters"] += number
        if source == OpinionOrigin.Source.SHEET and sheet_kind in ON_SHEETS:
            counts[ON_SHEETS[sheet_kind]] += number
    counted = counts["received"] - counts["set_aside"]
    by_way = [(source.label, ways[source]) for source in OpinionOrigin.Source]
    return OpinionFigures(sources=_sources(counted, by_way), **dict(counts))


def _groups_where(condition: Q) -> Iterable[tuple]:
    """The opinions counted by all that figures tell of them: one pass over them, and not one for each figure."""
    opinions = Opinion.objects.filter(condition).annotate(
        is_merged=Q(reading__merged_into__isnull=False), is_sent=Q(reading__problem__isnull=False)
    )
    groups = opinions.order_by().values_list(
        "reading__is_set_aside", "is_merged", "is_sent", "origin__source", "origin__sheet_kind"
    )
    return groups.annotate(number=Count("*")).order_by("number")


def _sources(counted: int, by_way: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    recorded = tuple((name, number) for name, number in by_way if number)
    from_ballots = counted - sum(number for _, number in recorded)
    if not recorded:
        return ()
    return ((BALLOTS, from_ballots), *recorded) if from_ballots else recorded


def forum_figures(polls: Iterable[Poll]) -> ForumFigures:
    """The 座谈会 and 征求意见表 of polls; two queries."""
    forums = Forum.objects.filter(poll__in=polls).aggregate(forums=Count("pk"), people=Sum("attended_count", default=0))
    sheets = Consultation.objects.filter(poll__in=polls).aggregate(
        issued=Sum("issued_count", default=0), returned=Sum("returned_count", default=0)
    )
    return ForumFigures(**forums, **sheets)


def counted_by_poll(polls: Iterable[Poll]) -> Counter[int]:
    """「征求意见建议N条」 of each poll by its key; one query."""
    counted = Opinion.objects.filter(target__poll__in=polls).exclude(SET_ASIDE).order_by()
    return Counter(counted.values_list("target__poll_id", flat=True))


def reading_of(opinion: Opinion) -> OpinionReading | None:
    """The reading of an opinion; None while nobody has read it."""
    try:
        return opinion.reading
    except OpinionReading.DoesNotExist:
        return None


def origin_of(opinion: Opinion) -> OpinionOrigin | None:
    """The way by which an opinion came that was recorded; None of one from a ballot."""
    try:
        return opinion.origin
    except OpinionOrigin.DoesNotExist:
        return None


def shown_text(opinion: Opinion) -> str:
    """The words in which an opinion may be shown: masked ones where there are any."""
    reading = reading_of(opinion)
    return reading.shown_text if reading else opinion.text


def says_nothing(text: str) -> bool:
    """Whether somebody only wrote that there is nothing to say."""
    words = PUNCTUATION.sub("", text)
    return not words or NOTHING.fullmatch(words) is not None


def unread_and_empty(poll: Poll) -> list[Opinion]:
    """The opinions of a poll that nobody has read and that say nothing; by their key and text alone."""
    unread = Opinion.objects.filter(target__poll=poll, reading=None).only("text")
    return [opinion for opinion in unread if says_nothing(opinion.text)]


def categories_of(polls: Iterable[Poll]) -> list[str]:
    """The usual categories, and those that readers of these polls thought of."""
    readings = OpinionReading.objects.filter(opinion__target__poll__in=polls).exclude(category__in=("", *CATEGORIES))
    return [*CATEGORIES, *readings.order_by("category").values_list("category", flat=True).distinct()]
