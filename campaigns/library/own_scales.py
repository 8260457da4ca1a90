"""The rules that a scale of one's own has to keep; the ready-made ones keep them too."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .entries import UNKNOWN_GRADE, LibraryGrade

FEWEST_GRADES, MOST_GRADES = 2, 7
# A grade that people mark; a blank is then called otherwise (`tally.UNMARKED_LABEL`).
ABSTENTION = "弃权"
# Names of what is no grade, on every table.
_TAKEN = ("未选", "空白", "多选", "无效", "行无效", "该项无效", "未投票")


class ScaleFault(NamedTuple):
    """A broken rule: the grade's place from 0, and its field; of a scale as a whole neither."""

    place: int | None
    field: str
    message: str


def scale_faults(grades: Sequence[LibraryGrade]) -> list[ScaleFault]:
    """The rules that the grades break, best grade first; empty for a scale that can be used."""
    if not FEWEST_GRADES <= len(grades) <= MOST_GRADES:
        return [ScaleFault(None, "", f"一个量表有{FEWEST_GRADES}至{MOST_GRADES}档，现在有{len(grades)}档。")]
    return [*_label_faults(grades), *_base_faults(grades), *_positive_faults(grades), *_score_faults(grades)]


def _label_faults(grades: Sequence[LibraryGrade]) -> Iterator[ScaleFault]:
    seen: set[str] = set()
    for place, grade in enumerate(grades):
        if grade.label in seen:
            yield ScaleFault(place, "label", f"等次“{grade.label}”写了两次。")
        seen.add(grade.label)
        if grade.label in _TAKEN:
            yield ScaleFault(place, "label", f"“{grade.label}”是计票时的名称，等次不能叫这个；请换一个词。")


def _base_faults(grades: Sequence[LibraryGrade]) -> Iterator[ScaleFault]:
    for place, grade in enumerate(grades):
        if grade.is_in_base and grade.label == UNKNOWN_GRADE.label:
            yield ScaleFault(place, "is_in_base", f"“{UNKNOWN_GRADE.label}”总是不计入分母。")
        elif not grade.is_in_base and grade.label == ABSTENTION:
            yield ScaleFault(place, "is_in_base", f"“{ABSTENTION}”是一种表示，总是计入分母。")
        elif not grade.is_in_base and any(after.is_in_base for after in grades[place + 1 :]):
            yield ScaleFault(place, "is_in_base", f"“{grade.label}”不计入分母，应排在计入分母的各档后面。")
    judging = [grade for grade in grades if grade.is_in_base and grade.label != ABSTENTION]
    if len(judging) < FEWEST_GRADES:
        yield ScaleFault(None, "", f"计入分母的等次，“{ABSTENTION}”以外至少要有{FEWEST_GRADES}档。")
    yield from _abstention_faults(grades)


def _abstention_faults(grades: Sequence[LibraryGrade]) -> Iterator[ScaleFault]:
    """弃权 stands behind the grades that judge, as on ballots: 同意、不同意、弃权."""
    for place, grade in enumerate(grades):
        if grade.label != ABSTENTION:
            continue
        if any(after.is_in_base for after in grades[place + 1 :]):
            yield ScaleFault(place, "label", f"“{ABSTENTION}”应排在计入分母的各档后面。")
        if grade.is_positive:
            yield ScaleFault(place, "is_positive", f"“{ABSTENTION}”不属满意范围。")
        if grade.score is not None:
            yield ScaleFault(place, "score", f"弃权的人没有给分，“{ABSTENTION}”不填分值。")


def _positive_faults(grades: Sequence[LibraryGrade]) -> Iterator[ScaleFault]:
    if not grades[0].is_positive:
        yield ScaleFault(0, "is_positive", "第一档是最好的一档，应属满意范围。")
    for place, (before, grade) in enumerate(pairwise(grades), start=1):
        if grade.is_positive and not before.is_positive:
            yield ScaleFault(
                place, "is_positive", f"“{before.label}”不属满意范围，排在它后面的“{grade.label}”也不能属。"
            )
    if all(grade.is_positive for grade in grades if grade.is_in_base and grade.label != ABSTENTION):
        yield ScaleFault(None, "", "各档都属满意范围，就分不出满意不满意；最后一档不应属满意范围。")


def _score_faults(grades: Sequence[LibraryGrade]) -> Iterator[ScaleFault]:
    for place, grade in enumerate(grades):
        if grade.score is not None and not grade.is_in_base:
            yield ScaleFault(place, "score", f"“{grade.label}”不计入分母，没有分值。")
        elif grade.score is not None and not 0 <= grade.score <= 100:
            yield ScaleFault(place, "score", "分值应为0至100的整数。")
    scored = [(place, grade) for place, grade in enumerate(grades) if grade.is_in_base and grade.label != ABSTENTION]
    scores = [grade.score for _, grade in scored]
    if None in scores and any(score is not None for score in scores):
        missing = next(place for place, grade in scored if grade.score is None)
        yield ScaleFault(missing, "score", "各档要么都有分值，要么都没有。")
        return
    for (_, before), (place, grade) in pairwise(scored):
        if before.score is not None and grade.score is not None and grade.score > before.score:
            yield ScaleFault(place, "score", f"分值应从高到低，不能比前一档“{before.label}”的{before.score}分还高。")
