"""The reading desk of the demo: each opinion gets a category, the words in which it may be shown, and answers."""

from collections.abc import Callable

from ballots.models import Opinion
from campaigns.models import Poll

from ..opinions.desk import Answers, merge_opinions, read_opinion, set_aside_empty
from ..opinions.readings import opinions_of
from . import words
from .stage import Stage

# How many of a hundred opinions are asked the three questions.
ASKED = 40


def sort_opinions(
    stage: Stage, poll: Poll, *, share: int = 100, category_of: Callable[[str], str] = words.category_of
) -> None:
    """Read so many of a hundred opinions of a poll; what says nothing is set aside first."""
    set_aside_empty(poll, by=stage.secretary)
    # By their words: the seal left them in an order of its own each time.
    for opinion in sorted(opinions_of([poll]).filter(reading=None), key=lambda opinion: opinion.text):
        if stage.chance.randrange(100) < share:
            read_opinion(opinion, by=stage.secretary, answers=Answers(_columns(stage, opinion.text, category_of)))


def merge(stage: Stage, poll: Poll, texts: tuple[str, ...]) -> None:
    """Put the opinions with these texts together."""
    opinions = Opinion.objects.filter(target__poll=poll, text__in=texts)
    merge_opinions(poll, opinions.values_list("pk", flat=True), by=stage.secretary)


def _columns(stage: Stage, text: str, category_of: Callable[[str], str]) -> dict[str, str | bool]:
    if text in words.POLITENESS:
        return {"is_set_aside": True}
    return {"category": category_of(text), "masked_text": words.MASKED.get(text, ""), **_verdicts(stage)}


def _verdicts(stage: Stage) -> dict[str, str]:
    """Answers to the three questions, of some opinions."""
    if stage.chance.randrange(100) >= ASKED:
        return {}
    questions = ("is_in_place", "is_reasonable", "is_effective")
    return dict(zip(questions, stage.chance.choices(("yes", "no", ""), weights=(6, 2, 2), k=3), strict=True))
