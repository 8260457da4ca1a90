"""Opinions as a reader leaves them, and what is shown of them."""

from reports.models import OpinionReading
from reports.opinions import OpinionEntry, desk, opinions_content
from reports.scope import Scope


def read(opinion, **columns):
    """A reader's answers about an opinion whose reading is as it was last loaded."""
    reading = OpinionReading.objects.filter(opinion=opinion).first()
    return desk.read_opinion(opinion, by=None, answers=desk.Answers(columns, seen=reading.revision if reading else ""))


def merge(*merged):
    return desk.merge_opinions(merged[0].target.poll, [opinion.pk for opinion in merged], by=None)


def in_order(*unordered):
    """As the desk has them: by their random keys."""
    return sorted(unordered, key=lambda opinion: opinion.pk)


def entry(opinion, **facts):
    facts = {"category": "", "text": opinion.text, "times": 1, "verdicts": (), "went_to": "", **facts}
    target = opinion.target
    return OpinionEntry(opinion.pk, target.poll.organization.name, target.name, "意见建议", **facts)


def content(poll):
    return opinions_content(Scope.of_poll(poll))
