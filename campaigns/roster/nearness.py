"""Names of units that are so alike that one may be the other, written otherwise."""

from dataclasses import dataclass
from functools import lru_cache

from ..plain_text import name_key

# A name shorter than this stands in too many others.
SHORTEST = 4
# Characters that tell units apart: 第一党支部 is not 第二党支部, 东区 not 西区.
_TELLING = frozenset("0123456789〇零一二三四五六七八九十百甲乙丙丁戊己庚辛壬癸东南西北中上下前后左右内外大小男女")


@dataclass(frozen=True)
class NearUnit:
    """A name that comes in and the units there are that it may mean, by path; `row` is the first that has it."""

    name: str
    sheet: str
    row: int
    others: tuple[str, ...]


# A roster's few thousand names are compared with each other.
_key = lru_cache(maxsize=20_000)(name_key)


def is_near(name: str, other: str) -> bool:
    """Whether a name stands in the other, or differs from it by a character that tells nothing apart."""
    shorter, longer = sorted((_key(name), _key(other)), key=len)
    if len(shorter) < SHORTEST or shorter == longer:
        return False
    return shorter in longer or _is_one_edit(shorter, longer)


def _is_one_edit(shorter: str, longer: str) -> bool:
    """Whether one character was changed or left out, none that tells units apart."""
    if len(longer) - len(shorter) > 1:
        return False
    start = next((place for place, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        start = len(shorter)
    is_changed = len(longer) == len(shorter)
    if shorter[start + is_changed :] != longer[start + 1 :]:
        return False
    return not _TELLING.intersection(longer[start] + (shorter[start] if is_changed else ""))
