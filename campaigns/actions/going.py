"""The rows that go with some rows: found, counted and deleted by the database, none of them read."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CASCADE, PROTECT, RESTRICT, SET_NULL, Count, Field, Max, Min, Model, ProtectedError, Q
from django.db.models.deletion import get_candidate_relations_to_delete


@dataclass(frozen=True)
class _Going:
    """Some rows of a model that go: the way along the keys from them to the rows that are deleted, their first and last,
    and the condition that they are these.
    """

    model: type[Model]
    way: str
    first: int
    last: int
    rows: Q

    def held_by(self, field: Field) -> Q:
        """The condition on rows that refer to these by a key; by its range an index leads to them past those of others."""
        return Q(**{f"{field.name}__gte": self.first, f"{field.name}__lte": self.last})

    def way_from(self, field: Field) -> str:
        """The way of the rows that refer to these by a key."""
        return "__".join(filter(None, (field.name, self.way)))


class GoingRows:
    """The rows that go with some rows of a model, found along the keys as Django's own deletion would, in queries that no row
    adds to: a province has a hundred thousand polls, and nothing but numbers is read.
    """

    def __init__(self, model: type[Model], root: dict[str, Any]):
        self._root = root
        self._counts: Counter[type[Model]] = Counter()
        self._counted: dict[type[Model], Q] = defaultdict(lambda: Q(pk__in=[]))
        # In the order in which they were found: rows stand before those that refer to them.
        self._going: list[_Going] = []
        self._cleared: list[tuple[type[Model], str, Q]] = []
        self._restricted: list[tuple[type[Model], Q]] = []
        self._holding: set[Model] = set()
        self._waiting: deque[_Going] = deque()
        self._find(model, "", Q(**root))
        while self._waiting:
            self._follow(self._waiting.popleft())

    def check(self) -> None:
        """Raise ProtectedError where something holds a row, with one row of each kind that does."""
        for model, below in self._restricted:
            self._holding.update(model._base_manager.filter(below).exclude(self._counted[model]).order_by()[:1])
        if self._holding:
            raise ProtectedError("other rows hold what would go", self._holding)

    @property
    def numbers(self) -> list[tuple[str, int]]:
        """The labels of the models and how many rows of each go; raises ProtectedError."""
        self.check()
        return [(str(model._meta.verbose_name), count) for model, count in self._counts.items() if count]

    def delete(self) -> None:
        """Delete them, the farthest first, and empty the keys that may be empty; raises ProtectedError."""
        self.check()
        for model, name, below in self._cleared:
            model._base_manager.filter(below).update(**{name: None})
        for going in reversed(self._going):
            rows = going.model._base_manager.filter(going.rows)
            rows._raw_delete(rows.db)

    def _find(self, model: type[Model], way: str, below: Q) -> None:
        # Rows to which two ways lead are counted once.
        rows = model._base_manager.filter(below).exclude(self._counted[model])
        numbers = rows.aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"))
        self._counts[model] += numbers["count"]
        self._counted[model] |= below
        if numbers["count"]:
            going = _Going(model, way, numbers["first"], numbers["last"], below)
            self._going.append(going)
            self._waiting.append(going)

    def _follow(self, going: _Going) -> None:
        relations: Iterable[Any] = get_candidate_relations_to_delete(going.model._meta)
        for relation in relations:
            model, way = relation.related_model, going.way_from(relation.field)
            below = going.held_by(relation.field) & Q(**{f"{way}__{name}": value for name, value in self._root.items()})
            if relation.on_delete is PROTECT:
                self._holding.update(model._base_manager.filter(below).order_by()[:1])
            elif relation.on_delete is RESTRICT:
                self._restricted.append((model, below))
            elif relation.on_delete is SET_NULL:
                self._cleared.append((model, relation.field.name, below))
            elif relation.on_delete is CASCADE:
                self._find(model, way, below)
