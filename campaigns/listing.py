"""Lists alike: sorted by their heads, counted, and paged. Which rows there are is the business of each page's form.

The address carries the order: `?sort=due` upwards, `?sort=-due` downwards. An order that a list does not have is told,
and the rows stand in their usual order; a page that is not there is the nearest one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Model, QuerySet, Value, When
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Expression, OrderBy
from django.http import QueryDict

from .pinyin import ByPinyin

Order = str | F | Expression

# So many rows before those of a page are passed over as they are.
FAR_IN = 500


@dataclass(frozen=True)
class Head:
    """The head of a column, with what it sorts by: names of columns or expressions, empty where it does not sort.

    `key` is its word in the address; `is_number` sets it to the right.
    """

    label: str
    key: str = ""
    by: tuple[Order, ...] = ()
    is_number: bool = False
    # Left out on paper: a column of deeds.
    is_deeds: bool = False


@dataclass(frozen=True)
class ShownHead:
    """A head as a page shows it: how its rows stand now, and the address that a click asks for."""

    head: Head
    # 「ascending」, 「descending」, or empty where another head sorts.
    sorted: str
    address: str

    @property
    def css(self) -> str:
        """The classes of its cell."""
        return " ".join(
            name
            for name, holds in (
                ("number", self.head.is_number),
                ("d-print-none", self.head.is_deeds),
                ("sorts", self.head.by),
            )
            if holds
        )

    @property
    def sign(self) -> str:
        return {"ascending": "▲", "descending": "▼"}.get(self.sorted, "")


class FromBothEnds(Paginator):
    """The pages of an ordered queryset; those beyond the middle are read from its end, which the database comes to sooner."""

    object_list: QuerySet

    def page(self, number) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = self.count - first
        if last > self.count / 2:
            return Page(_between(self.object_list, first, first + self.per_page), number, self)
        rows = _between(self.object_list.reverse(), max(last - self.per_page, 0), last)
        return Page(list(rows)[::-1], number, self)


def _between(rows: QuerySet, first: int, last: int) -> QuerySet:
    """Some rows of an ordered queryset.

    Far in, their keys are found first: the database works out every column of the rows that it passes over, their counts too.
    """
    if first < FAR_IN:
        return rows[first:last]
    return rows.filter(pk__in=rows.values("pk")[first:last])


class Listing:
    """The rows of a queryset in the order that an address asks for, a page of them, and the heads to click on."""

    def __init__(
        self,
        asked: QueryDict,
        rows: QuerySet,
        heads: Sequence[Head],
        *,
        size: int,
        prefix: str = "",
        page: str = "",
    ):
        """`prefix` tells the lists of one page apart in its address; `page` is the word for its page, where links have another."""
        self._asked = asked
        self._page_word, self._sort_word = page or f"{prefix}page", f"{prefix}sort"
        self.sort = asked.get(self._sort_word, "")
        self._sorting = {head.key: head for head in heads if head.by}
        self._heads = heads
        self.rows = rows.order_by(*self._order(rows))
        self.page: Page = FromBothEnds(self.rows, size).get_page(asked.get(self._page_word))

    def __iter__(self) -> Iterator:
        """The rows of the page."""
        return iter(self.page)

    def __len__(self) -> int:
        return len(self.page.object_list)

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def sorted_by(self) -> str:
        """The key of the head that sorts; empty in the usual order."""
        return self._head.key if self._head else ""

    @property
    def refusal(self) -> str:
        """The sentence about an order that this list does not have; empty where there is nothing to say."""
        if not self.sort or self._head:
            return ""
        words = "、".join(head.label for head in self._sorting.values())
        return f"没有这样的排列方式，按通常的次序列出；可以按{words}排列。"

    @property
    def heads(self) -> list[ShownHead]:
        return [ShownHead(head, self._sorted(head), self._address(head)) for head in self._heads]

    @property
    def _head(self) -> Head | None:
        return self._sorting.get(self.sort.removeprefix("-"))

    def _sorted(self, head: Head) -> str:
        if not head.by or head is not self._head:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"

    @property
    def previous_address(self) -> str:
        """The address of the page before; empty on the first."""
        page = self.page
        return self._asking({self._page_word: str(page.previous_page_number())}) if page.has_previous() else ""

    @property
    def next_address(self) -> str:
        page = self.page
        return self._asking({self._page_word: str(page.next_page_number())}) if page.has_next() else ""

    def _address(self, head: Head) -> str:
        """The address that sorts by a head, from the first page on."""
        sort = f"-{head.key}" if self._sorted(head) == "ascending" else head.key
        return self._asking({self._sort_word: sort}, without=self._page_word)

    def _asking(self, words: Mapping[str, str], *, without: str = "") -> str:
        """The present address with some words changed."""
        asked = self._asked.copy()
        asked.pop(without, None)
        for word, value in words.items():
            asked[word] = value
        return f"?{asked.urlencode()}"

    def _order(self, rows: QuerySet) -> list[Order]:
        """The asked order, and within it the usual one."""
        usual = [*(rows.query.order_by or rows.model._meta.ordering), "pk"]
        if self._head is None:
            return usual
        return [_directed(order, self.sort.startswith("-"), rows.model) for order in self._head.by] + usual


def _directed(order: Order, is_descending: bool, model: type[Model]) -> OrderBy:
    """An order upwards or downwards; rows without a value come last both ways.

    Where every row has one nothing is said of the others: an index then has the rows in that order, both ways.
    """
    expression = F(order) if isinstance(order, str) else order
    return OrderBy(
        expression, descending=is_descending, nulls_last=None if _is_always_there(expression, model) else True
    )


def _is_always_there(expression: F | Expression, model: type[Model]) -> bool:
    """Whether a column, or a name by its pinyin, is there in every row of a model."""
    column = expression.get_source_expressions()[0] if isinstance(expression, ByPinyin) else expression
    owner: type[Model] | None = model
    for part in getattr(column, "name", "").split(LOOKUP_SEP):
        field = {field.name: field for field in owner._meta.concrete_fields}.get(part) if owner else None
        if field is None or field.null:
            return False
        owner = field.related_model
    return True


def in_order_of(column: str, values: Sequence[str]) -> Case:
    """An order by the place of a column's value among some values, as people know them; others come last."""
    return Case(
        *(When(**{column: value}, then=Value(place)) for place, value in enumerate(values)), default=Value(len(values))
    )
