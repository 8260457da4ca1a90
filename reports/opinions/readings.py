"""Opinions with what readers made of them: which there are, how many, and in which words each may be shown.

The one place that counts opinions; `opinions` makes what is printed of it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ballots.models import Opinion
from campaigns.models import Poll

from ..models import OpinionReading

CATEGORIES = ("思想认识", "工作作风", "工作成效", "服务群众", "民生实事", "队伍建设", "办事效率", "其他")
# By unit and target as everywhere; within them by the random keys that the seal gave.
ORDER = ("target__poll__path", "target__position", "target_id", "kind", "id")
SET_ASIDE = Q(reading__is_set_aside=True)
# An opinion without a reading stands for itself, too.
STANDING = Q(reading__merged_into=None)
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

    @property
    def counted(self) -> int:
        """「征求意见建议N条」: alike ones count each, what is no opinion does not."""
        return self.received - self.set_aside

    @property
    def unread(self) -> int:
        return self.received - self.read


def opinions_of(polls: Iterable[Poll]) -> QuerySet[Opinion]:
    """Every opinion about the targets of polls, with what was made of it; each knows how often it was said (`times`)."""
    opinions = Opinion.objects.filter(target__poll__in=polls).select_related("target__poll__organization", "reading")
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


def opinion_figures(polls: Iterable[Poll]) -> OpinionFigures:
    """The figures of the opinions of polls; one query."""
    matter = STANDING & ~SET_ASIDE
    counts = Opinion.objects.filter(target__poll__in=polls).aggregate(
        received=Count("pk"),
        set_aside=Count("pk", filter=SET_ASIDE),
        read=Count("pk", filter=Q(reading__isnull=False)),
        matters=Count("pk", filter=matter),
        sent=Count("pk", filter=Q(reading__problem__isnull=False)),
    )
    return OpinionFigures(**counts)


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
