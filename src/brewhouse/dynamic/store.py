"""The warehouse as a refresh needs it: relations of the moment, rows by key, and what differs by engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from brewhouse.dynamic.query import Dialect
from brewhouse.dynamic.table import Name
from brewhouse.warehouse.engine import Engine, quoted

SCHEMA: Final = "brewhouse_dynamic"
"""Holds everything that is ours: declarations, history, logs of changes, states."""


class DriftError(Exception):
    """What is kept does not go with what changed: an invariant of a refresh is broken."""


@dataclass(frozen=True)
class Keys:
    """Keys of rows, each once; ``nulls``: whether a part of any is null."""

    relation: str
    columns: tuple[str, ...]
    rows: int
    nulls: bool
    digest: str
    """Equal for the same keys."""

    def match(self, columns: Sequence[str]) -> str:
        """A condition on rows of ``t``: that ``columns`` of it are one of the keys."""
        mine = ", ".join(quoted("t", column) for column in columns)
        keys = ", ".join(quoted(column) for column in self.columns)
        found = f"({mine}) in (select {keys} from {self.relation})"
        if not self.nulls:
            return found
        same = " and ".join(
            f"{quoted('k', key)} is not distinct from {quoted('t', column)}"
            for key, column in zip(self.columns, columns, strict=True)
        )
        empty = " or ".join(f"{quoted('k', key)} is null" for key in self.columns)
        return f"({found} or exists (select 1 from {self.relation} as k where ({empty}) and {same}))"

    def rows_of(self, relation: str, columns: Sequence[str]) -> str:
        """``(select …)``: the rows of ``relation`` that have one of the keys."""
        return f"(select t.* from {relation} as t where {self.match(columns)})"


@dataclass(frozen=True)
class Delta:
    """What changed in a relation: rows that came and rows that went, each as often as it did."""

    plus: str
    minus: str
    plus_rows: int
    minus_rows: int

    @property
    def rows(self) -> int:
        """How many rows changed."""
        return self.plus_rows + self.minus_rows


@dataclass(frozen=True)
class Found:
    """Rows of a relation that have one of some keys, found once: ``rows`` is ``(select …)``."""

    relation: str
    rows: str
    places: str
    """A condition on the rows of ``relation`` as ``t``; empty if there are none."""
    count: int | None = None
    """How many there are, where that is known."""


def nothing_of(relation: str) -> Found:
    """No row."""
    return Found(relation, f"(select * from {relation} where false)", "", 0)


class Store:
    """One warehouse during a refresh."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect: Dialect = engine.dialect
        self._numbers = count(1)
        self._temporary: list[str] = []
        self._found: dict[tuple[str, tuple[str, ...], str], Found] = {}
        self._aggregates: frozenset[str] = frozenset()

    def run(self, sql: str) -> None:
        """Execute statements."""
        self.engine.run(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.engine.rows(sql)

    def value(self, sql: str) -> Any:
        """The first value of a query's first row."""
        return self.rows(sql)[0][0]

    def count(self, relation: str) -> int:
        """Rows of a relation."""
        return int(self.value(f"select count(*) from {relation}"))

    @contextmanager
    def wave(self) -> Iterator[None]:
        """One transaction, which sees one moment throughout; temporary relations are gone after it."""
        try:
            with self.engine.transaction():
                if self.dialect == "postgres":
                    self.run("set transaction isolation level repeatable read")
                yield
                self.forget()
        finally:
            self._temporary.clear()
            self._begin_anew()

    def forget(self) -> None:
        """Drop the temporary relations."""
        if self._temporary:
            self.run("; ".join(f"drop table if exists {name}" for name in self._temporary))
            self._temporary.clear()
        self._begin_anew()

    def _begin_anew(self) -> None:
        """The same names again, so that the statements of the next wave are the same texts."""
        self._numbers = count(1)
        self._found.clear()

    def temporary(self, sql: str) -> str:
        """A relation of this refresh, with quotes."""
        name = f"brewhouse_t{next(self._numbers)}"
        schema = "pg_temp" if self.dialect == "postgres" else "temp"
        self.run(f"create temporary table {quoted(name)} as {sql}")
        relation = quoted(schema, name)
        self._temporary.append(relation)
        if self.dialect == "postgres":
            self.run(f"analyze {relation}")
        return relation

    def keys(self, sql: str, columns: Sequence[str]) -> Keys:
        """The distinct keys that a query gives."""
        relation = self.temporary(f"select distinct * from ({sql}) as k")
        empty = " or ".join(f"{quoted(column)} is null" for column in columns)
        listed = ", ".join(map(quoted, columns))
        digest = f"sum(cast(hash({listed}) as hugeint))" if self.dialect == "duckdb" else "null"
        [(rows, nulls, content)] = self.rows(
            f"select count(*), count(case when {empty} then 1 end), {digest} from {relation}"
        )
        same = relation if content is None else f"{rows} {content}"
        return Keys(relation, tuple(columns), int(rows), bool(nulls), same)

    def delta(self, plus: str, minus: str) -> Delta:
        """The difference between two relations: what is in both is no change."""
        more, less = self.count(plus), self.count(minus)
        if more and less:
            plus, minus = (
                self.temporary(f"select * from {plus} except all select * from {minus}"),
                self.temporary(f"select * from {minus} except all select * from {plus}"),
            )
            more, less = self.count(plus), self.count(minus)
        return Delta(plus, minus, more, less)

    def find(self, name: Name, columns: Sequence[str], keys: Keys) -> Found:
        """The rows of these keys. DuckDB scans: so it looks at the columns of the key alone, and once."""
        relation = name.sql
        where = (relation, tuple(columns), keys.digest)
        if where not in self._found:
            self._found[where] = self._find(name, columns, keys)
        return self._found[where]

    def _find(self, name: Name, columns: Sequence[str], keys: Keys) -> Found:
        relation = name.sql
        if self.dialect == "postgres" or not self.is_table(name):
            return Found(relation, keys.rows_of(relation, columns), keys.match(columns))
        places = self.temporary(f"select t.rowid as place from {relation} as t where {keys.match(columns)}")
        if not (rows := self.count(places)):
            return nothing_of(relation)
        condition = f"t.rowid in (select place from {places})"
        return Found(relation, f"(select t.* from {relation} as t where {condition})", condition, rows)

    def delete(self, found: Found) -> None:
        """Delete what was found."""
        self._changed(found.relation)
        if found.places:
            self.run(f"delete from {found.relation} as t where {found.places}")

    def _changed(self, relation: str) -> None:
        """What was found in a relation is true no more."""
        for where in [where for where in self._found if where[0] == relation]:
            del self._found[where]

    def is_table(self, name: Name) -> bool:
        """Whether it is a table and no view."""
        kind = self.value(
            "select table_type from information_schema.tables where "
            f"table_schema = {literal(name.schema)} and table_name = {literal(name.table)}"
        )
        return bool(kind == "BASE TABLE")

    def insert(self, relation: str, columns: Sequence[str], source: str, where: str = "") -> None:
        """Insert the rows of ``source``, column by column of the same name."""
        names = ", ".join(map(quoted, columns))
        self._changed(relation)
        self.run(f"insert into {relation} ({names}) select {names} from {source} as s {where}")

    def columns(self, name: Name) -> dict[str, str]:
        """Names and types of a relation's columns; empty if there is no such relation."""
        if not self.exists(name):
            return {}
        return dict(self.engine.columns(name.sql))

    def exists(self, name: Name) -> bool:
        """Whether there is a table or view of that name."""
        found = self.rows(
            "select 1 from information_schema.tables where "
            f"table_schema = {literal(name.schema)} and table_name = {literal(name.table)}"
        )
        return bool(found)

    def estimate(self, name: Name) -> int:
        """About how many rows a relation has."""
        if self.dialect == "duckdb":
            return self.count(name.sql)
        found = self.value(
            f"select reltuples from pg_class where oid = cast({literal(name.sql)} as regclass)"
        )
        return int(found) if found and found > 0 else self.count(name.sql)

    def types(self, query: str) -> dict[str, str]:
        """Names and types of what a query gives, which is not executed."""
        if self.dialect == "duckdb":
            return {row[0]: row[1] for row in self.rows(f"describe {query}")}
        from brewhouse.warehouse.postgres.connection import execute
        from brewhouse.warehouse.postgres.engine import Postgres

        assert isinstance(self.engine, Postgres)  # noqa: S101  # by its dialect
        with execute(self.engine.session, f"select * from ({query}) as q limit 0") as cursor:
            described = {column.name: column.type_code for column in cursor.description or ()}
        listed = ", ".join(map(str, described.values()))
        kinds = dict(self.rows(f"select oid::bigint, typname from pg_type where oid in ({listed})"))
        return {name: kinds[kind] for name, kind in described.items()}

    def aggregates(self) -> frozenset[str]:
        """Names of the engine's functions that put rows together."""
        if self._aggregates:
            return self._aggregates
        sql = "select distinct proname from pg_proc where prokind = 'a'"
        if self.dialect == "duckdb":
            sql = "select distinct function_name from duckdb_functions() where function_type = 'aggregate'"
        self._aggregates = frozenset(name.lower() for (name,) in self.rows(sql))
        return self._aggregates

    def create(self, name: Name, sql: str) -> None:
        """Make a table from a query, in the place of what is there; readers of a server don't wait for it."""
        if self.dialect == "duckdb":
            self.run(f"create or replace table {name.sql} as {sql}")
            return
        fresh = self.temporary(sql)
        there = self.columns(name)
        kinds = dict(self.engine.columns(fresh))
        if there != kinds:
            self.run(f"drop table if exists {name.sql} cascade")
            self.run(f"create table {name.sql} as select * from {fresh}")
        else:
            self.run(f"delete from {name.sql}")
            self.insert(name.sql, tuple(kinds), fresh)

    def index(self, name: Name, columns: Sequence[str]) -> None:
        """On a server: let rows be found by ``columns``; DuckDB scans."""
        if self.dialect == "postgres" and columns:
            listed = ", ".join(map(quoted, columns))
            number = self.value(f"select cast({literal(name.sql)} as regclass)::oid")
            label = quoted(f"brewhouse_{number}_{'_'.join(columns)}"[:63])
            self.run(f"create index if not exists {label} on {name.sql} ({listed})")

    def looked_at(self, name: Name) -> None:
        """On a server: tell the planner about a table that was filled."""
        if self.dialect == "postgres":
            self.run(f"analyze {name.sql}")


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"
