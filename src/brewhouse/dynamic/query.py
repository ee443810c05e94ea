"""A declared query as a syntax tree: what it reads, what it gives, and the same query over other rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from brewhouse.dynamic.table import DynamicTable, Name
from brewhouse.errors import DynamicTableError

_MOST_TEXTS: Final = 500
"""Texts of one query that are remembered: waves that do the same have the same."""

Dialect = Literal["duckdb", "postgres"]
Columns = Mapping[str, str]
"""Names and types of a relation's columns, in their order."""

_VOLATILE: Final = (exp.Rand, exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Uuid)
_VOLATILE_NAMES: Final = frozenset({
    "random", "setseed", "now", "today", "nextval", "currval", "gen_random_uuid", "uuid", "clock_timestamp",
    "statement_timestamp", "transaction_timestamp", "timeofday", "current_localtimestamp", "current_localtime",
    "get_current_timestamp", "txid_current", "pg_current_xact_id", "localtimestamp", "localtime",
})  # fmt: skip


@dataclass(frozen=True)
class Query:
    """A table's query, in which each column says which relation it is of and no star is left."""

    table: DynamicTable
    dialect: Dialect
    tree: exp.Query
    aggregates: frozenset[str] = frozenset()
    """Functions of the engine that put rows together, by name."""
    memo: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What was found out about it, as it is read once in a process."""

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of the columns that it gives."""
        return tuple(self.tree.named_selects)

    @cached_property
    def references(self) -> tuple[Name, ...]:
        """The relation of each place in which one is read: the order that ``over`` counts in."""
        return tuple(name_of(node) for node in base_tables(self.tree))

    @cached_property
    def inputs(self) -> tuple[Name, ...]:
        """The relations that it reads, each once."""
        return tuple(dict.fromkeys(self.references))

    def over(self, places: Mapping[int, str], tree: exp.Query | None = None) -> str:
        """The query with other relations, or ``(select …)``, in some places."""
        key = f"over {sorted(places.items())} {id(tree)}"
        if tree is None and key in self.memo:
            return str(self.memo[key])
        text = self._over(places, tree)
        if tree is None and len(self.memo) < _MOST_TEXTS:
            self.memo[key] = text
        return text

    def _over(self, places: Mapping[int, str], tree: exp.Query | None) -> str:
        copy = (tree or self.tree).copy()
        for number, node in enumerate(list(base_tables(copy))):
            if number in places:
                put(node, places[number], self.dialect)
        return copy.sql(self.dialect)

    def over_names(self, names: Mapping[Name, str], tree: exp.Query | None = None) -> str:
        """The query with other relations wherever those of ``names`` are read."""
        nodes = base_tables(tree or self.tree)
        places = {
            number: names[name] for number, node in enumerate(nodes) if (name := name_of(node)) in names
        }
        return self.over(places, tree)

    @cached_property
    def volatile(self) -> str:
        """What in it gives another value each time; empty if nothing does."""
        for node in self.tree.find_all(*_VOLATILE, exp.Anonymous):
            called = node.name.lower() if isinstance(node, exp.Anonymous) else node.sql_name().lower()
            if not isinstance(node, exp.Anonymous) or called in _VOLATILE_NAMES:
                return called
        return ""

    @cached_property
    def unknown(self) -> str:
        """A function in it that puts rows together in a way that only the engine knows; empty if there is none."""
        names = (node.name.lower() for node in self.tree.find_all(exp.Anonymous))
        return next((name for name in names if name in self.aggregates), "")


def parse(table: DynamicTable, dialect: Dialect) -> exp.Query:
    """The tree as it was written, without names of databases; raises ``DynamicTableError``."""
    try:
        tree = sqlglot.parse_one(table.sql, dialect=dialect)
    except SqlglotError as error:
        problem = "its query can't be read: " + str(error).splitlines()[0].rstrip(".")
        raise DynamicTableError(table=table.name, problem=problem) from error
    if not isinstance(tree, exp.Query):
        raise DynamicTableError(table=table.name, problem="its query is not a select")
    for node in tree.find_all(exp.Table):
        node.set("catalog", None)
    return tree


@lru_cache(maxsize=256)
def inputs_of(table: DynamicTable, dialect: Dialect) -> tuple[Name, ...]:
    """The relations that a table's query reads; raises ``DynamicTableError``."""
    return tuple(dict.fromkeys(name_of(node) for node in base_tables(parse(table, dialect))))


def read(
    table: DynamicTable,
    dialect: Dialect,
    columns: Mapping[Name, Columns],
    aggregates: frozenset[str] = frozenset(),
) -> Query:
    """The query with all names resolved, given the columns of what it reads; raises ``DynamicTableError``."""
    frozen = tuple((name, tuple(kinds.items())) for name, kinds in columns.items())
    return _read(table, dialect, frozen, aggregates)


@lru_cache(maxsize=256)
def _read(
    table: DynamicTable,
    dialect: Dialect,
    columns: tuple[tuple[Name, tuple[tuple[str, str], ...]], ...],
    aggregates: frozenset[str],
) -> Query:
    tree = parse(table, dialect)
    schema: dict[str, dict[str, object]] = {}
    for name, kinds in columns:
        schema.setdefault(name.schema, {})[name.table] = dict(kinds)
    try:
        resolved = qualify(tree, dialect=dialect, schema=dict(schema))
    except SqlglotError as error:
        problem = "its query can't be resolved: " + str(error).splitlines()[0].rstrip(".")
        raise DynamicTableError(table=table.name, problem=problem) from error
    assert isinstance(resolved, exp.Query)  # noqa: S101  # as parse gave one
    return Query(table, dialect, resolved, aggregates)


def base_tables(tree: exp.Expr) -> Iterator[exp.Table]:
    """The places where a relation of the warehouse is read, in a fixed order."""
    for node in tree.find_all(exp.Table, bfs=False):
        if isinstance(node.this, exp.Identifier) and not _is_cte(node):
            yield node


def name_of(node: exp.Table) -> Name:
    """The relation that is read."""
    return Name(node.db, node.name)


def put(node: exp.Table, relation: str, dialect: Dialect) -> None:
    """Read another relation in that place, or the rows of ``(select …)``, under the same alias."""
    source = sqlglot.parse_one(f"select * from {relation}", dialect=dialect).find(exp.From)
    assert source is not None  # noqa: S101  # it was just written
    node.replace(exp.alias_(source.this, node.alias_or_name, table=True, quoted=True))


def _is_cte(node: exp.Table) -> bool:
    """Whether the name is one that a ``with`` around it gives."""
    if node.db:
        return False
    above = node.parent
    while above is not None:
        found = above.args.get("with_") or above.args.get("with")
        if found and any(cte.alias == node.name for cte in found.expressions):
            return True
        above = above.parent
    return False
