"""Deeds at the opinions desk. Deeds on one poll take turns: each locks the poll before it looks."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ballots.counting.masking import drop_originals
from ballots.models import Opinion
from campaigns.models import Poll
from campaigns.ways import Refusal

from ..ledger.actions import register_problem
from ..models import OpinionReading, Problem
from .masking import Masked, carry_over, in_one_line, mask_originals
from .readings import ORDER, unread_and_empty


@dataclass(frozen=True)
class Answers:
    """A reader's entry about one opinion: columns of OpinionReading, and the revision of it that was shown."""

    columns: Mapping[str, str | bool]
    seen: str = ""


class CannotSort(Refusal):
    """Contradictory requests; the message is for the user, and nothing was written."""


@contextmanager
def _desk(poll_id: int):
    """A transaction in which nobody else sorts the opinions of the poll; gives the poll."""
    with transaction.atomic():
        polls = Poll.objects.select_for_update(of=["self"]).select_related("organization", "campaign")
        yield polls.get(pk=poll_id)


def read_opinion(opinion: Opinion, *, by, answers: Answers) -> OpinionReading:
    """Record what a reader made of an opinion.

    Raises CannotSort where an opinion that stands for others, or went somewhere, is no longer to count as one, and
    where somebody else has read it since the page was shown.
    """
    with _desk(opinion.target.poll_id) as poll:
        before = _words(opinion)
        reading = _answered(opinion, answers)
        reading.mark_read(by=by)
        reading.save()
        carry_over(poll, _masked([reading], before), by=by)
    return reading


def _answered(opinion: Opinion, answers: Answers) -> OpinionReading:
    """The reading with a reader's answers, unsaved."""
    reading = _reading(opinion)
    if reading.revision != answers.seen:
        raise CannotSort("这条意见刚刚由别人阅办过，请核对后再保存：上面是现在的文字，下面是您填写的内容。")
    for column, value in answers.columns.items():
        setattr(reading, column, value)
    if reading.is_set_aside and (reading.problem_id or reading.merged_into_id):
        raise CannotSort("这条意见已经转入台账或并入其他意见，不能再作为“不作为意见”。")
    if reading.is_set_aside and reading.pk and reading.alike.exists():
        raise CannotSort("有其他意见并入这一条，请先分开，再作为“不作为意见”。")
    return reading


def set_aside_empty(poll: Poll, *, by) -> int:
    """Set aside every unread opinion that says 「无」 or the like; returns how many."""
    with _desk(poll.pk):
        empty = unread_and_empty(poll)
        OpinionReading.objects.bulk_create(
            OpinionReading(opinion=opinion, is_set_aside=True, read_by=by) for opinion in empty
        )
    return len(empty)


def merge_opinions(poll: Poll, chosen: Collection[int], *, by) -> Opinion:
    """Put alike opinions of one target together, those that were merged into them too; the first stands for them all.

    Whatever one of them became in the ledger, all are now; raises CannotSort where that is more than one thing.
    """
    with _desk(poll.pk):
        opinions = list(Opinion.objects.filter(target__poll=poll, pk__in=chosen).order_by(*ORDER))
        if len(opinions) < max(2, len(set(chosen))):
            raise CannotSort("请至少勾选两条意见，再并为一条。")
        if len({opinion.target_id for opinion in opinions}) > 1:
            raise CannotSort("只能把对同一个评议对象的意见并为一条。")
        readings = [_reading(opinion) for opinion in opinions]
        if any(reading.is_set_aside or reading.merged_into_id for reading in readings):
            raise CannotSort("勾选的意见里有“不作为意见”的，或者已并入其他意见的，不能再归并。")
        first, *others = readings
        problems = {reading.problem_id for reading in readings if reading.problem_id}
        if len(problems) > 1:
            raise CannotSort("勾选的意见已经转入台账的不同问题，不能并为一条。")
        _save_merged(first, others, problem_id=problems.pop() if problems else None, by=by)
    return opinions[0]


def _save_merged(first: OpinionReading, others: list[OpinionReading], *, problem_id: int | None, by) -> None:
    first.category = first.category or next((reading.category for reading in others if reading.category), "")
    first.problem_id = problem_id
    first.mark_read(by=by)
    first.save()
    for other in others:
        other.problem, other.merged_into = None, first
        other.mark_read(by=by)
        other.save()
    OpinionReading.objects.filter(merged_into__in=others).update(merged_into=first)


def part_opinion(opinion: Opinion, *, by) -> None:
    """Take an opinion out of the one it was merged into: it stands for itself again, and is in no ledger."""
    with _desk(opinion.target.poll_id):
        reading = _reading(opinion)
        if reading.merged_into_id:
            reading.merged_into = None
            reading.mark_read(by=by)
            reading.save()


def send_to_ledger(opinion: Opinion, *, by, answers: Answers | None = None) -> tuple[Problem, bool]:
    """Make an opinion, with those merged into it, a problem of its unit's ledger, in the words that a reader gave it.

    Returns the problem and whether it is new: a second time gives the same one and changes nothing.
    """
    with _desk(opinion.target.poll_id) as poll:
        reading, before = _reading(opinion), _words(opinion)
        if reading.problem:
            return reading.problem, False
        if answers:
            reading = _answered(opinion, answers)
        if reading.is_set_aside:
            raise CannotSort("“不作为意见”的，不转入台账。")
        if reading.merged_into_id:
            raise CannotSort("这条意见已并入其他意见，请转那一条。")
        reading.problem = register_problem(
            poll.organization,
            by=by,
            content=in_one_line(reading.shown_text),
            source=Problem.Source.OPINION,
            campaign=poll.campaign,
            target=opinion.target,
            category=reading.category,
        )
        reading.mark_read(by=by)
        reading.save()
        carry_over(poll, _masked([reading], before), by=by)
    return reading.problem, True


def has_other_words_in_the_ledger(reading: OpinionReading) -> bool:
    """Whether the problem that was made of an opinion has been worded anew: then it does not follow what is masked."""
    if reading.problem_id is None:
        return False
    problems = Problem.objects.filter(pk=reading.problem_id)
    return problems.exclude(content=in_one_line(reading.shown_text)).exists()


def file_opinions(poll: Poll, *, by) -> int:
    """Let the masked words take the place of the originals, for good: the 小结 is filed. Returns how many.

    `by`, who files it, is the last to have dealt with them.
    """
    with _desk(poll.pk) as locked:
        masked = OpinionReading.objects.filter(opinion__target__poll=locked).exclude(masked_text="")
        readings = list(masked.select_related("opinion"))
        carry_over(locked, _masked(readings), by=by)
        shown = {reading.opinion_id: reading.masked_text for reading in readings}
        drop_originals(locked, shown)
        mask_originals(shown)
        masked.update(masked_text="", read_by=by, read_at=timezone.now())
    return len(readings)


def _words(opinion: Opinion) -> frozenset[str]:
    """All words that an opinion has now: the original and those in which it is shown."""
    return frozenset({opinion.text, _reading(opinion).shown_text})


def _masked(readings: Iterable[OpinionReading], before: frozenset[str] = frozenset()) -> list[Masked]:
    """The words to be carried over of readings; none where nothing is masked."""
    return [
        Masked(reading.opinion_id, reading.opinion.target_id, before | {reading.opinion.text}, reading.masked_text)
        for reading in readings
        if reading.masked_text
    ]


def _reading(opinion: Opinion) -> OpinionReading:
    """The opinion's reading as it is now, new where nobody has read it; unsaved. Only at the desk."""
    reading = OpinionReading.objects.filter(opinion=opinion).first() or OpinionReading(opinion=opinion)
    opinion.reading = reading
    return reading
