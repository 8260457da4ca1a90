"""The polls of a deed for many, as its page shows them: in pages, with a mark of which they are.

The page sends the mark back, and where other polls would be meant by then nothing is done: nobody acts on what they have not seen.
Their keys are read once, in the order of the tree; whatever else a page needs of them is read of its own polls alone.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.core.paginator import Page, Paginator
from django.db.models import Case
from django.http import QueryDict

from .models import Poll, PollQuerySet

# So many are named at once; more of them stand in pages.
NAMED_AT_ONCE = 200


class NamedPolls:
    """A page of polls by their keys; `prefix` tells the lists of one page apart in its address."""

    def __init__(self, asked: QueryDict, keys: Sequence[int], *, prefix: str):
        self._asked, self._word = asked, f"{prefix}-page"
        self.page: Page = Paginator(keys, NAMED_AT_ONCE).get_page(asked.get(self._word))

    def __iter__(self) -> Iterator[Poll]:
        return iter(polls_in_turn(list(self.page)).defer("form"))

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def is_paged(self) -> bool:
        return self.page.has_other_pages()

    @property
    def previous_address(self) -> str:
        """The address of the page before; empty on the first."""
        return self._address(self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next_address(self) -> str:
        return self._address(self.page.number + 1) if self.page.has_next() else ""

    def _address(self, number: int) -> str:
        asked = self._asked.copy()
        asked[self._word] = str(number)
        return f"?{asked.urlencode()}"


def keys_of(polls: PollQuerySet) -> list[int]:
    """The keys of polls in the order in which a deed comes to them."""
    return list(polls.order_by("path", "pk").values_list("pk", flat=True))


def keys_by(polls: PollQuerySet, kind: Case) -> dict[str, list[int]]:
    """The same under the kind that the database finds for each poll, in one query that reads no ballot."""
    keys: dict[str, list[int]] = defaultdict(list)
    for key, name in polls.order_by("path", "pk").values_list("pk", kind):
        keys[name].append(key)
    return keys


def beginning_at(keys: Sequence[int], begin: str) -> list[int]:
    """Keys from the one where a deed stopped before, then those before it; as they are where none of them is meant."""
    at = next((at for at, key in enumerate(keys) if str(key) == begin), 0) if begin else 0
    return [*keys[at:], *keys[:at]]


def named_refusals(refused: Sequence[tuple[int, str]]) -> list[tuple[Poll, str]]:
    """The first polls for which a deed was refused, each with the reason."""
    reasons = dict(refused[:NAMED_AT_ONCE])
    return [(poll, reasons[poll.pk]) for poll in polls_in_turn(list(reasons)).defer("form")]


def refusals_shown(refused: Sequence[tuple[int, str]]) -> dict:
    """The refusals of a deed as a page shows them: the first by name, and how many more there are."""
    named = named_refusals(refused)
    return {"refused": named, "unnamed": len(refused) - len(named)}


def polls_in_turn(keys: Sequence[int]) -> PollQuerySet:
    """The polls of some keys as they are now, in that order."""
    return Poll.objects.filter(pk__in=keys).select_related("campaign", "organization").order_by("path", "pk")


def mark_of(*lists: Sequence[int]) -> str:
    """A short text that is another where one of the lists of keys has others."""
    return hashlib.sha256(";".join(",".join(map(str, keys)) for keys in lists).encode()).hexdigest()[:16]


def is_as_seen(sent: QueryDict, mark: str, *lists: NamedPolls) -> bool:
    """Whether whoever sends a page saw the polls that it is about; a page that named all of them needs no mark."""
    seen = sent.get("seen", "")
    return seen == mark or (not seen and not any(polls.is_paged for polls in lists))
