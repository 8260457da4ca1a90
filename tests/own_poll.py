"""Reads SQL: which tables a statement touches without saying whose rows it means.

A table that is split by poll has columns that tell a row's poll: the poll's own key, or that of a batch, a target, a keying
that belongs to one poll. A statement keeps to a poll where each such table in it is bound: one of these columns equals a
value that belongs to the poll, or such a column of a table that is bound.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

# Words that begin a statement without a table in it.
WITHOUT_TABLES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PREPARE", "SET", "RESET", "PRAGMA")


@dataclass
class Layout:
    """The tables that are split by poll: by table, its columns that tell a row's poll, each with the kind of key in it."""

    keys: dict[str, dict[str, str]]
    # By kind, the values that belong to the poll in hand.
    own: dict[str, set[int]] = field(default_factory=dict)
    # Statements that are carried out by name, with $1 and so on for what is given.
    prepared: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unbound:
    """A table that a statement touches beyond one poll, or whose poll it does not tell."""

    verb: str
    table: str
    sql: str


def unbound_tables(statements: Iterable[str], layout: Layout, *, dialect: str) -> list[Unbound]:
    """The tables of many statements that are not bound to the layout's poll."""
    return [unbound for sql in statements for unbound in _unbound(sql, layout, dialect)]


def touched_tables(statements: Iterable[str], layout: Layout, *, dialect: str) -> set[str]:
    """The tables split by poll that the statements touch at all."""
    trees = [tree for sql in statements if (tree := _parsed(sql, layout, dialect))]
    return {table.name for tree in trees for table in tree.find_all(exp.Table)} & layout.keys.keys()


def _parsed(sql: str, layout: Layout, dialect: str) -> exp.Expression | None:
    verb = sql.split(None, 1)[0].upper().rstrip(";")
    if verb in WITHOUT_TABLES:
        return None
    if verb == "EXECUTE":
        name, _, given = sql.split(None, 1)[1].partition("(")
        tree = sqlglot.parse_one(layout.prepared[name.strip()], dialect=dialect)
        values = sqlglot.parse_one(f"SELECT f({given}", dialect=dialect).find(exp.Anonymous).expressions
        return tree.transform(lambda node: values[int(node.name) - 1].copy() if type(node) is exp.Parameter else node)
    return sqlglot.parse_one(sql, dialect=dialect)


def _unbound(sql: str, layout: Layout, dialect: str) -> Iterator[Unbound]:
    if tree := _parsed(sql, layout, dialect):
        for verb, table in _Reading(layout).of_statement(tree, {}):
            yield Unbound(verb, table, sql)


# The columns that a part of a statement gives, by name, each with whether its values belong to the poll.
_Columns = dict[str, bool]


class _Reading:
    """Reads a statement from its innermost parts outwards."""

    def __init__(self, layout: Layout):
        self.layout = layout

    def of_statement(self, tree: exp.Expression, known: dict[str, _Columns]) -> list[tuple[str, str]]:
        """Verb and table of everything in the statement that is not bound; `known` are the parts that have a name."""
        return self._read(tree, dict(known))[0]

    def _read(self, tree, known) -> tuple[list[tuple[str, str]], _Columns]:
        if isinstance(tree, exp.Subquery):
            return self._read(tree.this, known)
        if isinstance(tree, exp.SetOperation):
            left, columns = self._read(tree.left, known)
            return left + self._read(tree.right, known)[0], columns
        problems = []
        if with_ := tree.args.get("with_") or tree.args.get("with"):
            for part in with_.expressions:
                more, columns = self._read(part.this, known)
                problems += more
                known = known | {part.alias: columns}
        if isinstance(tree, exp.Insert):
            more, columns = self._insert(tree, known)
        else:
            more, columns = self._look_up(tree, known)
        return problems + more, columns

    def _insert(self, tree: exp.Insert, known):
        """The rows that are written name their poll by a value or by a column that is bound."""
        table, names = tree.this.this.name, [column.name for column in tree.this.expressions]
        source = tree.expression
        problems = []
        if isinstance(source, exp.Values):
            rows = [row.expressions for row in source.expressions]
            written = {
                name: all(self._belongs(row[place], self._kind(table, name)) for row in rows)
                for place, name in enumerate(names)
            }
        else:
            problems, _ = self._read(source, known)
            given = self._projected(source, known)
            written = {
                name: bound or self._belongs(value, self._kind(table, name))
                for name, (value, bound) in zip(names, given, strict=True)
            }
        if self._is_split(table) and not any(written.get(column) for column in self.layout.keys[table]):
            problems.append(("INSERT", table))
        return problems, written

    def _look_up(self, tree, known):
        """A SELECT, UPDATE or DELETE: the tables in it that no condition binds, and the columns that it gives."""
        sources, problems = self._sources(tree, known)
        bound = self._bound(tree, sources, known)
        verb = type(tree).__name__.upper()
        for alias, table in sources.items():
            if isinstance(table, str) and self._is_split(table) and alias not in bound:
                problems.append((verb, table))
        for inner in self._inner_queries(tree):
            # Columns of this statement stand in the inner one too.
            outer = {alias: self._columns(table, alias in bound) for alias, table in sources.items()}
            problems += self._read(inner, known | outer)[0]
        given = tree.args.get("returning") or tree
        columns = {
            expression.alias_or_name: self._is_bound(expression.unalias(), sources, bound, known)
            for expression in given.expressions
        }
        return problems, columns

    def _projected(self, source, known):
        """Each value that a SELECT gives, of an unnest the array that it is of, with whether it is bound."""
        unnests = list(source.find_all(exp.Unnest))
        if source.is_star and len(unnests) == 1:
            return [(value, False) for value in unnests[0].expressions]
        sources, _ = self._sources(source, known)
        bound = self._bound(source, sources, known)
        arrays = {
            (unnest.alias, name): value
            for unnest in unnests
            for name, value in zip(unnest.alias_column_names, unnest.expressions, strict=True)
        }
        values = [value.unalias() for value in source.expressions]
        return [
            (arrays.get((getattr(value, "table", ""), value.name), value), self._is_bound(value, sources, bound, known))
            for value in values
        ]

    def _sources(self, tree, known):
        """The table behind each alias, by its name, or the columns of a part that has a name; with problems of inner queries."""
        tables = [tree.this] if isinstance(tree, (exp.Update, exp.Delete)) else []
        if from_ := tree.args.get("from_") or tree.args.get("from"):
            tables.append(from_.this)
        tables += tree.args.get("using") or []
        tables += [join.this for join in [*(tree.args.get("joins") or []), *self._joins_within(tables)]]
        sources, problems = {}, []
        for table in tables:
            if isinstance(table, exp.Table):
                sources[table.alias_or_name] = known.get(table.name, table.name)
            elif isinstance(table, exp.Subquery):
                more, columns = self._read(table.this, known)
                problems += more
                sources[table.alias] = columns
        return sources, problems

    @staticmethod
    def _joins_within(tables):
        return [join for table in tables for join in table.args.get("joins") or []]

    def _conditions(self, tree) -> list[tuple[exp.Expression, str]]:
        """WHERE and the joins' ON, taken apart at each AND; with the one alias that it binds where that is of a LEFT JOIN."""
        asked = [(tree.args["where"].this, "")] if tree.args.get("where") else []
        for join in tree.args.get("joins") or []:
            if join.args.get("on"):
                asked.append((join.args["on"], join.this.alias_or_name if join.side else ""))
        return [(part, alone) for condition, alone in asked for part in _ands(condition)]

    def _bound(self, tree, sources, known) -> set[str]:
        """The aliases whose rows are of the poll."""
        bound = {alias for alias, table in sources.items() if isinstance(table, dict) and any(table.values())}
        conditions = self._conditions(tree)
        while True:
            more = {
                alias
                for condition, alone in conditions
                for alias in self._binds(condition, sources, bound, known)
                if alone in ("", alias)
            } - bound
            if not more:
                return bound
            bound |= more

    def _binds(self, condition, sources, bound, known) -> Iterator[str]:
        """The aliases that a condition binds."""
        if isinstance(condition, exp.EQ):
            sides = [(condition.left, condition.right), (condition.right, condition.left)]
        elif isinstance(condition, exp.In):
            sides = [(condition.this, condition)]
        else:
            return
        for column, value in sides:
            alias, kind = self._key_of(column, sources)
            if kind and self._gives(value, kind, sources, bound, known):
                yield alias

    def _gives(self, value, kind, sources, bound, known) -> bool:
        if isinstance(value, exp.In):
            if query := value.args.get("query"):
                return self._query_gives(query, sources, bound, known)
            return bool(value.expressions) and all(self._belongs(each, kind) for each in value.expressions)
        if isinstance(value, exp.Subquery):
            return self._query_gives(value, sources, bound, known)
        return self._belongs(value, kind) or self._is_bound(value, sources, bound, known)

    def _query_gives(self, query, sources, bound, known) -> bool:
        outer = {alias: self._columns(table, alias in bound) for alias, table in sources.items()}
        columns = self._read(query, known | outer)[1]
        return all(columns.values()) and bool(columns)

    def _key_of(self, column, sources) -> tuple[str, str]:
        """Alias and kind of a column that tells a row's poll; both empty for any other."""
        if isinstance(column, exp.Column):
            for alias, table in sources.items():
                if isinstance(table, str) and column.table in ("", alias) and (kind := self._kind(table, column.name)):
                    return alias, kind
        return "", ""

    def _is_bound(self, value, sources, bound, known) -> bool:
        """Whether a value is a column that tells the poll, of something that is bound."""
        if not isinstance(value, exp.Column):
            return False
        behind = sources.get(value.table) or known.get(value.table)
        if value.table == "" and len(sources) == 1:
            ((alias, behind),) = sources.items()
        else:
            alias = value.table
        if isinstance(behind, dict):
            return behind.get(value.name, False)
        return isinstance(behind, str) and alias in bound and bool(self._kind(behind, value.name))

    def _columns(self, table, is_bound) -> _Columns:
        return table if isinstance(table, dict) else dict.fromkeys(self.layout.keys.get(table, ()), is_bound)

    def _kind(self, table: str, column: str) -> str:
        return self.layout.keys.get(table, {}).get(column, "")

    def _is_split(self, table: str) -> bool:
        return table in self.layout.keys

    def _belongs(self, value, kind: str) -> bool:
        """Whether a value, or each of an array, is one of the poll's own keys of that kind."""
        if isinstance(value, (exp.Paren, exp.Cast)):
            return self._belongs(value.this, kind)
        if isinstance(value, exp.Array):
            return all(self._belongs(each, kind) for each in value.expressions)
        return (
            isinstance(value, exp.Literal)
            and value.name.isdecimal()
            and int(value.name) in self.layout.own.get(kind, ())
        )

    def _inner_queries(self, tree) -> Iterator[exp.Expression]:
        """The queries that stand in the statement's conditions and values, not in FROM."""
        for name in ("where", "expressions", "joins"):
            part = tree.args.get(name)
            for node in part if isinstance(part, list) else [part] if part else []:
                inner = node.args.get("on") if isinstance(node, exp.Join) else node
                if inner is not None:
                    yield from _outermost_queries(inner)


def _ands(condition: exp.Expression) -> Iterator[exp.Expression]:
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from _ands(condition.left)
        yield from _ands(condition.right)
    else:
        yield condition


def _outermost_queries(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Query):
        yield node
        return
    for child in node.iter_expressions():
        yield from _outermost_queries(child)
