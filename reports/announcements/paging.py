"""A notice on a page: of each part a page of its entries, so that nobody loads five hundred to read ten."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator

from .extras import ChosenPart
from .shape import AnnouncedEntry, AnnouncedGroup, AnnouncedList, AnnouncementContent

# A table is ten times as long as an entry.
ENTRIES_PER_PAGE, TABLES_PER_PAGE = 50, 10


class AskedPage(NamedTuple):
    """The part that somebody turns to a page; all others are at their first."""

    part: str = ""
    number: str = ""

    def number_of(self, part: str) -> str:
        return self.number if self.part == part else ""


# Of a notice that is opened and not turned.
FIRST_PAGES = AskedPage()


@dataclass(frozen=True)
class ShownGroup:
    """Neighbouring tables of which one page is shown."""

    key: str
    group: AnnouncedGroup
    page: Page
    is_open: bool

    @property
    def heading(self) -> str:
        return self.group.first.title


@dataclass(frozen=True)
class ShownList:
    """A part beside the results; `part` has the entries of the shown page alone."""

    part: AnnouncedList
    page: Page
    is_open: bool

    @property
    def key(self) -> str:
        return self.part.kind

    @property
    def heading(self) -> str:
        return self.part.heading

    @property
    def total(self) -> int:
        return self.page.paginator.count


@dataclass(frozen=True)
class ShownNotice:
    """The parts of a notice that have pages."""

    groups: tuple[ShownGroup, ...]
    lists: tuple[ShownList, ...]

    @property
    def lines(self) -> int:
        """How many lines of tables and entries the whole notice has."""
        rows = sum(len(table.rows) for shown in self.groups for table in shown.group.tables)
        return rows + sum(shown.total for shown in self.lists)


def shown_notice(content: AnnouncementContent, asked: AskedPage = FIRST_PAGES) -> ShownNotice:
    """A whole notice by pages."""
    lists = (_shown(part.kind, part.entries, asked, partial(_with_entries, part)) for part in content.lists)
    return ShownNotice(shown_groups(content, asked), tuple(lists))


def _with_entries(part: AnnouncedList, entries: Sequence[AnnouncedEntry]) -> AnnouncedList:
    return replace(part, entries=tuple(entries))


def shown_lists(parts: Iterable[ChosenPart], asked: AskedPage = FIRST_PAGES) -> tuple[ShownList, ...]:
    """The chosen parts of a draft, of which only the entries of the shown pages are fetched."""
    return tuple(_shown(part.kind.value, part.keys, asked, part.listed) for part in parts if part.keys)


def shown_groups(content: AnnouncementContent, asked: AskedPage = FIRST_PAGES) -> tuple[ShownGroup, ...]:
    """The tables of the results by groups."""
    return tuple(
        _shown_group(f"results-{number}", group, asked) for number, group in enumerate(content.groups, start=1)
    )


def _shown_group(key: str, group: AnnouncedGroup, asked: AskedPage) -> ShownGroup:
    page = Paginator(group.tables, TABLES_PER_PAGE).get_page(asked.number_of(key))
    return ShownGroup(key, group, page, is_open=asked.part == key)


def _shown(
    key: str, things: Sequence[Any], asked: AskedPage, listed: Callable[[Sequence[Any]], AnnouncedList]
) -> ShownList:
    page = Paginator(things, ENTRIES_PER_PAGE).get_page(asked.number_of(key))
    return ShownList(listed(list(page.object_list)), page, is_open=asked.part == key or len(things) <= 3)
