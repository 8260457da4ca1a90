"""Answers about the sealed polls of large units, each with all below it, kept along the tree (DESIGN 9).

A sealed poll gives up the answers of the units that it lies in, no others: a county is asked for anew, and the units
above it are joined again from what is kept of their parts.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import Substr

from campaigns.models import Campaign, Poll
from campaigns.models.place import STEP
from campaigns.models.reach import within_paths

from .kept import SealedSoFar, keep_answers, kept_answers

# Sealed polls at or below a unit from which on its answer is kept, and beyond which it is joined from those of its parts.
LARGE_FROM, DIVIDED_FROM = 100, 1000


@dataclass(frozen=True)
class Stretch:
    """Parts that follow each other in tree order, without a sealed poll between them that lies in none."""

    first: str
    last: str
    # Whether the last is a poll of a unit by itself, without those below.
    ends_with_a_poll: bool

    def contains(self, field: str) -> Q:
        """The condition that a path column lies in it."""
        if self.ends_with_a_poll and self.first == self.last:
            return Q(**{field: self.last})  # of which the database knows that it is one row
        end = {f"{field}__lte": self.last} if self.ends_with_a_poll else {f"{field}__lt": self.last + "z"}
        return Q(**{f"{field}__gte": self.first}, **end)


@dataclass(frozen=True)
class Chosen:
    """Some sealed polls of a campaign, in parts of the tree that are cut at `level` digits of their paths."""

    campaign: Campaign
    stretches: tuple[Stretch, ...]
    level: int

    def condition(self, poll: str = "") -> Q:
        """The condition on rows of polls, or on rows whose column `poll` refers to one."""
        prefix = f"{poll}__" if poll else ""
        within = Q()
        for stretch in self.stretches:
            within |= stretch.contains(f"{prefix}path")
        return within & Q(**{f"{prefix}campaign": self.campaign, f"{prefix}state": Poll.State.SEALED})

    def part(self, path: str = "path") -> Substr:
        return Substr(path, 1, self.level)


@dataclass(frozen=True)
class SubtreeQuestion:
    """A question about sealed polls, whose answers are JSON; one about a unit follows from those about its parts."""

    # By which its answers are found again.
    name: str
    # The answers about some polls by their part, in a number of queries that no poll adds to.
    ask: Callable[[Chosen], Mapping[str, Any]]
    # The answer about a unit: from its path, that of its own poll if there is one, and those of the parts below it.
    join: Callable[[str, Any, Sequence[Any]], Any]
    # The answer about polls that have nothing to answer with.
    nothing: Any


def answers_of_parts(campaign: Campaign, paths: Sequence[str], level: int, question: SubtreeQuestion) -> dict[str, Any]:
    """By path, the answer about each part of some subtrees, or of all polls, that has a sealed poll.

    A part is a unit of the level with all below it, or a poll of a unit above that level by itself. The number of queries
    grows with the levels of the tree, not with its units.
    """
    sealed = _sealed_by_part(campaign, paths, level)
    large = {path: polls for path, polls in sealed.items() if polls.number >= LARGE_FROM and len(path) == level}
    answers = kept_answers(campaign, question.name, large)
    divided = [path for path in large.keys() - answers.keys() if large[path].number > DIVIDED_FROM]
    lacking = sealed.keys() - answers.keys() - set(divided)
    if lacking:
        stretches = tuple(_stretches(sealed, lacking, paths, level))
        asked = question.ask(Chosen(campaign, stretches, level))
        answers |= {path: asked.get(path, question.nothing) for path in lacking}
    if divided:
        answers |= _joined(divided, answers_of_parts(campaign, divided, level + STEP, question), question)
    keep_answers(
        campaign, question.name, {path: (large[path], answers[path]) for path in large.keys() & {*lacking, *divided}}
    )
    return answers


def answer_about(campaign: Campaign, path: str, question: SubtreeQuestion) -> Any:
    """The answer about one unit with all below it, or about the whole tree, which has the empty path."""
    if path:
        return answers_of_parts(campaign, [path], len(path), question).get(path, question.nothing)
    return question.join("", None, list(answers_of_parts(campaign, (), STEP, question).values()))


def answers_made_anew(campaign: Campaign, path: str, level: int, question: SubtreeQuestion) -> Mapping[str, Any]:
    """By path, the answer about each part of one subtree, where too few polls are sealed for any to be kept."""
    return question.ask(Chosen(campaign, (Stretch(path, path, ends_with_a_poll=False),), level))


def _sealed_by_part(campaign: Campaign, paths: Sequence[str], level: int) -> dict[str, SealedSoFar]:
    polls = Poll.objects.sealed().filter(campaign=campaign)
    polls = polls.filter(within_paths(paths)) if paths else polls
    rows = polls.annotate(part=Substr("path", 1, level)).order_by().values_list("part")
    return {part: SealedSoFar(*facts) for part, *facts in rows.annotate(count=Count("*"), last=Max("sealed_at"))}


def _stretches(sealed: Iterable[str], chosen: set[str], paths: Sequence[str], level: int) -> Iterator[Stretch]:
    """The chosen among the parts of some subtrees as the fewest stretches; between two subtrees there may be other polls."""
    tops = sorted(paths) or [""]

    def of_a_stretch(part: str) -> tuple[bool, int]:
        return part in chosen, bisect_right(tops, part)

    for (is_chosen, _), parts in groupby(sorted(sealed), key=of_a_stretch):
        if is_chosen:
            first, *rest = parts
            last = rest[-1] if rest else first
            yield Stretch(first, last, ends_with_a_poll=len(last) < level)


def _joined(paths: Sequence[str], below: Mapping[str, Any], question: SubtreeQuestion) -> dict[str, Any]:
    level = len(paths[0])
    parts: dict[str, list[Any]] = defaultdict(list)
    for part in sorted(below):
        if len(part) > level:
            parts[part[:level]].append(below[part])
    return {path: question.join(path, below.get(path), parts[path]) for path in paths}
