"""Names of files, made of the names of units, that every file system takes."""

import re
from collections.abc import Iterable

from .plain_text import shortened

LONGEST_NAME = 60
# Characters that some file system refuses in a name, or that nobody sees in one.
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')


def unique_names(places: Iterable[tuple[str, ...]]) -> list[str]:
    """A name in the archive for each (folders and name), told apart on systems that ignore case too."""
    taken, names = set(), []
    for parts in places:
        wanted = name = "/".join(parts)
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted}（{number}）"
        taken.add(name.casefold())
        names.append(name)
    return names


def fit_name(name: str) -> str:
    """A name as every file system takes it."""
    return shortened(_UNFIT.sub("_", name), LONGEST_NAME).strip(" .") or "_"
