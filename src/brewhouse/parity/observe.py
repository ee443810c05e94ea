"""Ask a warehouse what is in it: two queries, and more only if rows or moments are wanted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from sys import intern
from typing import TypeVar

from brewhouse.parity.adapters.base import Adapter, Columns, Dialect, Moment
from brewhouse.parity.match import Case, Pair
from brewhouse.parity.names import Key
from brewhouse.parity.observed import Observed, ObservedColumn, ObservedRelation, Statistics

T = TypeVar("T")


def observe(adapter: Adapter) -> Observed:
    """Relations and columns of all that this role can see. Raises the engine's errors."""
    seconds: dict[str, float] = {}
    sight = _timed(seconds, "sight", adapter.sight)
    listed = _timed(seconds, "relations", lambda: list(adapter.relations()))
    found = _timed(seconds, "columns", lambda: list(adapter.columns()))
    dialect = adapter.dialect
    columns = _columns(found, dialect)
    relations: dict[Key, ObservedRelation] = {}
    for one in listed:
        key = _key(dialect, one.database, one.schema, one.name)
        relations[key] = ObservedRelation(
            key,
            one.database,
            one.schema,
            one.name,
            one.kind,
            columns.get(key, ()),
            one.readable,
            one.modified_at,
        )
    stored = dialect.folding.stored
    return Observed(
        engine=dialect.name,
        role=sight.role,
        databases=frozenset(map(stored, sight.databases)),
        hidden=frozenset((stored(database), stored(schema)) for database, schema in sight.hidden),
        relations=relations,
        asked_at=sight.now,
        schemas_complete=sight.complete,
        schemas=frozenset((stored(database), stored(schema)) for database, schema in sight.schemas),
        seconds=seconds,
    )


def with_statistics(adapter: Adapter, case: Case) -> Case:
    """The case with the rows and moments that were asked for, of relations of the project alone."""
    readable = [pair for pair in case.pairs if pair.observed.readable]
    seconds = dict(case.observed.seconds)
    rows: dict[Key, int] = {}
    problems: dict[Key, str] = {}
    if case.counted:
        wanted = {pair.observed.key: case.sql_name(pair.observed) for pair in readable}
        rows, problems = _timed(seconds, "rows", lambda: adapter.counts(wanted))
    if case.timed:
        moments = [moment for pair in readable if (moment := _moment(case, pair))]
        latest_found, more = _timed(seconds, "moments", lambda: adapter.latest(moments))
        problems = {**more, **problems}
        return _with(case, Statistics(rows, latest_found, problems), seconds)
    return _with(case, Statistics(rows, {}, problems), seconds)


def _with(case: Case, statistics: Statistics, seconds: Mapping[str, float]) -> Case:
    return replace(case, observed=replace(case.observed, statistics=statistics, seconds=seconds))


def _moment(case: Case, pair: Pair) -> Moment | None:
    declared = pair.expected.freshness
    if declared is None or not (declared.loaded_at or declared.query):
        return None
    key, relation = pair.observed.key, case.sql_name(pair.observed)
    return Moment(key, relation, declared.loaded_at, declared.query, declared.filter)


def _columns(found: Iterable[Columns], dialect: Dialect) -> dict[Key, tuple[ObservedColumn, ...]]:
    """By relation. Types are few and columns many: each text is kept once."""
    return {
        _key(dialect, database, schema, name): tuple(
            ObservedColumn(intern(column), intern(kind)) for column, kind in zip(names, types, strict=True)
        )
        for database, schema, name, names, types in found
    }


def _key(dialect: Dialect, database: str, schema: str, name: str) -> Key:
    stored = dialect.folding.stored
    return Key(intern(stored(database)), intern(stored(schema)), stored(name))


def _timed(seconds: dict[str, float], what: str, ask: Callable[[], T]) -> T:
    start = time.perf_counter()
    answer = ask()
    seconds[what] = time.perf_counter() - start
    return answer
