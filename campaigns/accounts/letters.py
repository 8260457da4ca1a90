"""Letters with initial passwords: one for each new account, to be handed over in person. Nothing of them is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from pingyi.drawing import draw_pdf

from .listing import AccountLine


@dataclass(frozen=True)
class AccountLetter:
    """A letter to one person: the account, each role with its unit, and the password for the first sign-in."""

    name: str
    username: str
    password: str
    roles: tuple[str, ...]


def letters_of(opened: Iterable[tuple[AccountLine, str]]) -> list[AccountLetter]:
    """A letter for each account, in the order of the lines; several roles of somebody stand in one."""
    lines: dict[str, list[tuple[AccountLine, str]]] = {}
    for line, password in opened:
        lines.setdefault(line.username, []).append((line, password))
    return [
        AccountLetter(
            first.name, username, password, tuple(f"{line.unit_name}：{line.kind_label}" for line, _ in of_account)
        )
        for username, of_account in lines.items()
        for first, password in of_account[:1]
    ]


def draw_letters(letters: Iterable[AccountLetter], *, site: str, until: date) -> bytes:
    """The letters as PDF, three on a sheet to be cut; raises CannotDraw."""
    context = {"letters": list(letters), "site": site, "until": until}
    return draw_pdf(render_to_string("print/account_letters.html", context))
