"""Answers about the sealed polls of large units, each with all below it, kept along the tree (DESIGN 9).

A sealed poll gives up the answers of the units that it lies in, no others. Where an answer grows with the polls, those
sealed since are added to it, however many units they lie in; else the lowest unit is asked for anew, and the units above
it are joined again from what is kept of their parts.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import Substr

from campaigns.models import Campaign, Poll
from campaigns.models.place import STEP

from .kept import SealedSoFar, keep_answers, kept_before

# Sealed polls at or below a unit from which on its answer is kept, and beyond which it is joined from those of its parts.
LARGE_FROM, DIVIDED_FROM = 100, 1000
# The same of an answer that does not grow: one more poll asks for the lowest unit anew.
SMALL_FROM, SMALL_DIVIDED_FROM = 10, 100
# Polls that are added to answers at once.
MOST_NEW = 5000
# Ranges of paths in a query: SQLite takes less than a thousand, and PostgreSQL plans the longer for each.
MOST_STRETCHES = 900


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
    # The keys of some polls, where not all in the stretches are meant.
    keys: tuple[int, ...] = ()

    def condition(self, poll: str = "") -> Q:
        """The condition on rows of polls, or on rows whose column `poll` refers to one."""
        prefix = f"{poll}__" if poll else ""
        within = Q(**{f"{prefix}pk__in": self.keys}) if self.keys else Q()
        for stretch in () if self.keys else self.stretches:
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
    # Whether more polls are joined to the answer about the others like a part below.
    grows: bool = False

    @property
    def kept_from(self) -> int:
        return LARGE_FROM if self.grows else SMALL_FROM

    @property
    def divided_from(self) -> int:
        return DIVIDED_FROM if self.grows else SMALL_DIVIDED_FROM


def answers_of_parts(campaign: Campaign, paths: Sequence[str], level: int, question: SubtreeQuestion) -> dict[str, Any]:
    """By path, the answer about each part of some subtrees, or of all polls, that has a sealed poll.

    A part is a unit of the level with all below it, or a poll of a unit above that level by itself. The number of queries
    grows with the levels of the tree, not with its units.
    """
    within = (Stretch(path, path, ends_with_a_poll=False) for path in sorted(paths) or [""])
    return _answers(Chosen(campaign, tuple(within), level), question)


def made_ahead(campaign: Campaign, question: SubtreeQuestion) -> Iterator[None]:
    """Keeps the answers about all large units that are not kept, from the lowest up; a unit at a time."""
    whole = Stretch("", "", ends_with_a_poll=False)
    return _made_ahead(Chosen(campaign, (whole,), len(campaign.path) + STEP), question)


def _made_ahead(within: Chosen, question: SubtreeQuestion) -> Iterator[None]:
    sealed = _sealed_by_part(within)
    large = {part for part in sealed if len(part) == within.level and sealed[part].number >= question.kept_from}
    made_from = {part: polls for part, (polls, _) in kept_before(within.campaign, question.name, large).items()}
    for part in sorted(part for part in large if made_from.get(part) != sealed[part]):
        unit = replace(within, stretches=(Stretch(part, part, ends_with_a_poll=False),))
        if sealed[part].number > DIVIDED_FROM and not (question.grows and part in made_from):
            yield from _made_ahead(replace(unit, level=within.level + STEP), question)
        _answers(unit, question)
        yield


def answer_about(campaign: Campaign, path: str, question: SubtreeQuestion) -> Any:
    """The answer about one unit with all below it, or about the whole tree, which has the empty path."""
    if not path:
        return question.join("", None, answers_of_roots(campaign, question))
    if campaign.path.startswith(path):
        return _joined_up_to(campaign, [path], len(path), question).get(path, question.nothing)
    return answers_of_parts(campaign, [path], len(path), question).get(path, question.nothing)


def answers_of_roots(campaign: Campaign, question: SubtreeQuestion) -> list[Any]:
    """The answers about the whole tree by its roots."""
    roots = _joined_up_to(campaign, (), STEP, question)
    return [roots[path] for path in sorted(roots)]


def _joined_up_to(campaign: Campaign, paths: Sequence[str], top: int, question: SubtreeQuestion) -> dict[str, Any]:
    """The answers about the units of a level at or above the organizer. They are not kept: any seal would give them up."""
    level = len(campaign.path) + STEP
    answers = answers_of_parts(campaign, paths, level, question)
    for depth in range(level - STEP, top - STEP, -STEP):
        above = {path[:depth] for path in answers if len(path) > depth}
        shorter = {path: answer for path, answer in answers.items() if len(path) <= depth}
        answers = shorter | _joined(sorted(above), answers, question, level=depth)
    return answers


def answers_made_anew(campaign: Campaign, path: str, level: int, question: SubtreeQuestion) -> Mapping[str, Any]:
    """By path, the answer about each part of one subtree, where too few polls are sealed for any to be kept."""
    return question.ask(Chosen(campaign, (Stretch(path, path, ends_with_a_poll=False),), level))


def _answers(within: Chosen, question: SubtreeQuestion) -> dict[str, Any]:
    campaign, level = within.campaign, within.level
    sealed = _sealed_by_part(within)
    large = {part: polls for part, polls in sealed.items() if polls.number >= question.kept_from and len(part) == level}
    kept = kept_before(campaign, question.name, large)
    answers = {part: value for part, (polls, value) in kept.items() if polls == sealed[part]}
    made = large.keys() - answers.keys()
    if question.grows and (before := {part: kept[part] for part in made & kept.keys()}):
        answers |= _grown(before, sealed, within, question)
    lacking = sealed.keys() - answers.keys()
    divided = {part for part in large.keys() & lacking if large[part].number > question.divided_from}
    if anew := lacking - divided:
        asked = question.ask(_parts_of(anew, sealed, within))
        answers |= {part: asked.get(part, question.nothing) for part in anew}
    if divided:
        parts = replace(_parts_of(divided, sealed, within), level=level + STEP)
        answers |= _joined(sorted(divided), _answers(parts, question), question, level=level)
    if question.grows and made:
        # Of a poll that was sealed meanwhile nobody knows whether it is in; it would be added once more.
        again = _sealed_by_part(_parts_of(made, sealed, within))
        made = {part for part in made if again.get(part) == sealed[part]}
    keep_answers(campaign, question.name, {part: (sealed[part], answers[part]) for part in made})
    return answers


def _grown(
    before: Mapping[str, tuple[SealedSoFar, Any]],
    sealed: Mapping[str, SealedSoFar],
    within: Chosen,
    question: SubtreeQuestion,
) -> dict[str, Any]:
    """Answers from before with the polls that were sealed since; without those whose polls are more or fewer than these."""
    earliest = min(polls.last_at for polls, _ in before.values() if polls.last_at)
    parts = _parts_of(before.keys(), sealed, within)
    since = Poll.objects.filter(parts.condition(), sealed_at__gt=earliest).order_by()
    new: dict[str, list[int]] = defaultdict(list)
    rows = list(since.values_list("pk", "path", "sealed_at")[: MOST_NEW + 1])
    for key, path, at in rows if len(rows) <= MOST_NEW else ():
        part = path[: within.level]
        if at and part in before and before[part][0].is_before(at) and not sealed[part].is_before(at):
            new[part].append(key)
    grown = {part: keys for part, keys in new.items() if before[part][0].number + len(keys) == sealed[part].number}
    if not grown:
        return {}
    added = question.ask(replace(parts, keys=tuple(sorted(key for keys in grown.values() for key in keys))))
    return {part: question.join(part, before[part][1], [added.get(part, question.nothing)]) for part in grown}


def _sealed_by_part(polls: Chosen) -> dict[str, SealedSoFar]:
    rows = Poll.objects.filter(polls.condition()).annotate(part=polls.part()).order_by().values_list("part")
    return {part: SealedSoFar(*facts) for part, *facts in rows.annotate(count=Count("*"), last=Max("sealed_at"))}


def _parts_of(chosen: Collection[str], sealed: Iterable[str], within: Chosen) -> Chosen:
    """The chosen parts as the fewest stretches; between two stretches of those that they lie in there may be other polls.

    Of very many the nearest are taken together, with the few parts between them, which nobody then looks up.
    """
    tops = [stretch.first for stretch in within.stretches]

    def of_a_stretch(placed: tuple[int, str]) -> tuple[bool, int]:
        return placed[1] in chosen, bisect_right(tops, placed[1])

    runs = [[*run] for (is_chosen, _), run in groupby(enumerate(sorted(sealed)), key=of_a_stretch) if is_chosen]
    gaps = {number: runs[number][0][0] - runs[number - 1][-1][0] for number in range(1, len(runs))}
    closed = {*nsmallest(len(runs) - MOST_STRETCHES, gaps, key=gaps.__getitem__)}
    stretches: list[Stretch] = []
    for number, run in enumerate(runs):
        first, last = stretches.pop().first if number in closed else run[0][1], run[-1][1]
        stretches.append(Stretch(first, last, ends_with_a_poll=len(last) < within.level))
    return replace(within, stretches=tuple(stretches))


def _joined(paths: Sequence[str], below: Mapping[str, Any], question: SubtreeQuestion, *, level: int) -> dict[str, Any]:
    parts: dict[str, list[Any]] = defaultdict(list)
    for part in sorted(below):
        if len(part) > level:
            parts[part[:level]].append(below[part])
    return {path: question.join(path, below.get(path), parts[path]) for path in paths}
