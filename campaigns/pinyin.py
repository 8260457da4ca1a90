"""Names in the order of a Chinese dictionary, by pinyin, alike on PostgreSQL and SQLite; and as people type them in pinyin.

`library/pinyin.txt` has the characters of Unicode's first block in the order of ICU's Chinese collation, which PostgreSQL
brings along and SQLite does not; `library/syllables.txt` the first character of each syllable in that order.
"""

from bisect import bisect_right
from functools import cache
from pathlib import Path
from string import ascii_lowercase

from django.db.models import CharField, F, Func
from django.db.models.expressions import Combinable

FIRST_CHARACTER, AFTER_CHARACTERS = 0x4E00, 0xF000


class ByPinyin(Func):
    """The expression by which a column of names sorts."""

    function = "PINYIN_KEY"
    output_field = CharField()

    def __init__(self, column: str | Combinable):
        super().__init__(F(column) if isinstance(column, str) else column)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "zh-x-icu"', **context)

    def as_sqlite(self, compiler, connection, **context):
        """The statement, for a connection that knows the function by then."""
        connection.ensure_connection()
        connection.connection.create_function("PINYIN_KEY", 1, pinyin_key, deterministic=True)
        return self.as_sql(compiler, connection, **context)


def pinyin_key(name: str | None) -> str | None:
    """A text whose order by code point is that of the name by pinyin: figures stand before characters, letters after."""
    return name and name.translate(_places())


def in_pinyin(name: str) -> str:
    """A name in small letters, its syllables run together; of a character with several readings the usual one."""
    return "".join(map(_syllable, name))


def initials(name: str) -> str:
    """The first letter of each syllable of a name."""
    return "".join(_syllable(character)[0] for character in name)


def _syllable(character: str) -> str:
    place = _places().get(ord(character), AFTER_CHARACTERS)
    if place >= AFTER_CHARACTERS:
        return character.lower()
    firsts, syllables = _syllables()
    return syllables[bisect_right(firsts, place) - 1]


@cache
def _syllables() -> tuple[list[int], list[str]]:
    """The place of each syllable's first character, and the syllables."""
    lines = (Path(__file__).parent / "library" / "syllables.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines]
    return [_places()[ord(character)] for character, _ in pairs], [syllable for _, syllable in pairs]


@cache
def _places() -> dict[int, int]:
    """The code point that stands for each character, in the order of the dictionary."""
    characters = (Path(__file__).parent / "library" / "pinyin.txt").read_text(encoding="utf-8").replace("\n", "")
    places = {ord(character): FIRST_CHARACTER + place for place, character in enumerate(characters)}
    both_cases = "".join(small + small.upper() for small in ascii_lowercase)
    return places | {ord(letter): AFTER_CHARACTERS + place for place, letter in enumerate(both_cases)}
