"""Text of a 小结: full-width punctuation, fields, and the runs that a paragraph is drawn in. Pure text, no Django."""

import re
from collections.abc import Iterable, Mapping

from .shape import Piece

_MISSING = re.compile(r"【待填[^】]*】")
# Half-width punctuation beside a Chinese character is a slip of typing (DOMAIN A14).
_HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff”》】）%｝}])[,;:!?]|[,;:!?](?=[\u4e00-\u9fff“《【（])")
_FULL_WIDTH = str.maketrans(",;:!?", "，；：！？")
# A Chinese keyboard gives wide braces. A sign behind a rate's field would print it twice.
FIELD = re.compile(r"[{｛]\s*([^{}｛｝\n]*?)\s*[}｝]([%％]?)")
_BRACES = re.compile(r"[{}｛｝]")


def full_width(text: str) -> str:
    """Chinese text with full-width punctuation; figures and Latin words keep theirs."""
    return _HALF_WIDTH.sub(lambda mark: mark.group().translate(_FULL_WIDTH), text)


def paragraphs_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def field_names(text: str) -> list[str]:
    """The fields that a text names, in order."""
    return [name for name, _ in FIELD.findall(text)]


def without_fields(text: str) -> str:
    return FIELD.sub("", text)


def has_stray_brace(text: str) -> bool:
    """Whether a brace is left that belongs to no field."""
    return bool(_BRACES.search(without_fields(text)))


def pieces(text: str, people: Iterable[str], fields: Mapping[str, str | None] | None = None) -> tuple[Piece, ...]:
    """A paragraph cut into plain runs, missing facts, figures and persons' names; without `fields` braces are text."""
    if fields is None:
        return tuple(_plain(text, people))
    parts: list[Piece] = []
    end = 0
    for place in FIELD.finditer(text):
        parts += _plain(text[end : place.start()], people)
        parts.append(_figure(place.group(1), place.group(2), fields))
        end = place.end()
    return (*parts, *_plain(text[end:], people))


def _figure(name: str, sign: str, fields: Mapping[str, str | None]) -> Piece:
    value = fields.get(name)
    if value is None:
        return Piece(f"【待填：{name}】", "missing")
    return Piece(value if value.endswith("%") else value + sign, "figure")


def _plain(text: str, people: Iterable[str]) -> Iterable[Piece]:
    names = "|".join(re.escape(name) for name in sorted(set(people), key=len, reverse=True))
    pattern = f"({_MISSING.pattern}" + (f"|{names})" if names else ")")
    for place, run in enumerate(re.split(pattern, text)):
        if run:
            kind = "" if place % 2 == 0 else "missing" if _MISSING.fullmatch(run) else "name"
            yield Piece(run, kind)
