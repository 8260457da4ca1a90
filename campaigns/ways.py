"""A refusal that names the page where it is mended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A page that mends what was refused: its name for the user, its route, and the keys in its address."""

    label: str
    route: str
    keys: tuple[int | str, ...]


def way_to(label: str, route: str, *keys: int | str) -> Way:
    return Way(label, route, keys)


class Refusal(Exception):
    """A deed that is refused; the message is for the user, and the way leads to the page that mends it, where there is one."""

    def __init__(self, *args, way: Way | None = None):
        super().__init__(*args)
        self.way = way
