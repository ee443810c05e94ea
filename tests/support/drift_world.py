"""A built project and its manifest, with contracts and freshness, on either engine: drift is planted in it."""

from __future__ import annotations

import copy
import datetime as dt
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from brewhouse.parity import Verdict, compare
from brewhouse.parity.adapters.base import Adapter
from brewhouse.parity.expected import Expected
from brewhouse.parity.manifest import expected_of
from tests.support.parity import Bench, quoted

Found = tuple[str, str, str, str]
"""Code, level, schema.relation, column."""
MOMENTS = ("dbt_updated_at", "_loaded_at")
CONTRACTS = ("marts", "intermediate", "mart", "entity")
GUEST = "parity_guest"


@dataclass(frozen=True)
class Target:
    """A relation that drift may be planted in."""

    schema: str
    name: str
    kind: str
    role: str
    """contract, documented, source, view, under a view."""
    columns: tuple[tuple[str, str], ...]
    declared: frozenset[str]
    tested: frozenset[str]
    freshness: bool = False

    @property
    def sql(self) -> str:
        return quoted(self.schema, self.name)

    @property
    def place(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def plain(self) -> list[tuple[str, str]]:
        """Columns that no moment is read from."""
        return [column for column in self.columns if column[0] not in MOMENTS]


@dataclass(frozen=True, repr=False)
class World:
    """One engine's warehouse of a built project, and the project."""

    bench: Bench
    expected: Expected
    targets: tuple[Target, ...]
    views_over: Mapping[str, tuple[str, ...]]
    """Views (schema.name) that read a relation, directly or through others."""
    now: dt.datetime
    tests: tuple[str, ...]
    """Names of stored failures that are not there."""
    file: Path | None = None
    """Of DuckDB: whence it can be copied."""

    @property
    def engine(self) -> str:
        return self.bench.engine

    @contextmanager
    def planted(self, statements: list[str], *, breaks: bool = False) -> Iterator[Verdict]:
        """The verdict on the warehouse with drift in it; afterwards it is as before.

        ``breaks``: some queries will fail, which DuckDB does not forgive within a transaction.
        """
        if breaks and self.file:
            with tempfile.TemporaryDirectory() as folder:
                copied = Path(shutil.copyfile(self.file, Path(folder, "warehouse.duckdb")))
                with duckdb.connect(copied) as connection:
                    for statement in statements:
                        connection.execute(statement)
                yield self._compare(f"duckdb:///{copied}")
            return
        self.bench.run("begin")
        try:
            self.bench.run(*statements)
            if self.engine == "postgres":
                self.bench.run(f"set local role {GUEST}")
            yield self._compare(self.bench.adapter)
        finally:
            self.bench.run("rollback")

    def _compare(self, warehouse: str | Adapter) -> Verdict:
        return compare(self.expected, warehouse, counts=True, freshness=True, now=self.now)


@dataclass
class Plan:
    """Drift that is planted together: each relation at most once."""

    world: World
    chance: random.Random
    used: set[str] = field(default_factory=set)
    number: int = 0

    def take(self, *roles: str, having: Any = None) -> Target | None:
        """A relation that nothing was planted in; None: there is none left."""
        free = [
            one
            for one in self.world.targets
            if one.role in roles and one.place not in self.used and (having is None or having(one))
        ]
        if not free:
            return None
        chosen = self.chance.choice(free)
        self.used.add(chosen.place)
        return chosen

    def fresh(self, stem: str) -> str:
        """A name that nothing has."""
        self.number += 1
        return f"{stem}_{self.number}"


def contracted(manifest: dict[str, Any], bench: Bench, database: str) -> dict[str, Any]:
    """The manifest with contracts, types, freshness, an ephemeral and a disabled model, all true of the warehouse."""
    changed = copy.deepcopy(manifest)
    relations = _columns(bench)
    for node in [*changed["nodes"].values(), *changed["sources"].values()]:
        if not node.get("relation_name"):
            continue
        name = node.get("identifier") or node["alias"]
        node["database"], node["relation_name"] = database, quoted(database, node["schema"], name)
        there = relations.get((node["schema"], name))
        if there is None or node["resource_type"] == "test":
            continue
        if node["resource_type"] == "source":
            _declare(node, there, documented_only=True)
            if "_loaded_at" in dict(there):
                node["loaded_at_field"] = "_loaded_at"
                limits = {
                    "warn_after": {"count": 12, "period": "hour"},
                    "error_after": {"count": 1, "period": "day"},
                }
                node["freshness"] = limits
        elif node["schema"] in CONTRACTS and node["config"]["materialized"] == "table":
            node["config"]["contract"] = {"enforced": True}
            _declare(node, there, documented_only=False)
            if "dbt_updated_at" in dict(there):
                node["config"]["meta"] = {"loaded_at_field": "dbt_updated_at"}
    model = next(node for node in changed["nodes"].values() if node["resource_type"] == "model")
    absent = {**copy.deepcopy(model), "columns": {}, "relation_name": None}
    changed["nodes"]["model.x.helper"] = {
        **absent, "unique_id": "model.x.helper", "name": "helper", "alias": "helper", "schema": "intermediate",
        "config": {**absent["config"], "materialized": "ephemeral"},
    }  # fmt: skip
    changed["disabled"]["model.x.retired"] = [
        {**absent, "unique_id": "model.x.retired", "name": "retired", "alias": "retired", "schema": "marts"}
    ]
    return changed


def _declare(node: dict[str, Any], there: list[tuple[str, str]], *, documented_only: bool) -> None:
    known = node["columns"]
    blank = {"description": "", "quote": None}
    node["columns"] = {
        name: {**known.get(name, blank), "name": name, "data_type": kind}
        for name, kind in there
        if name in known or not documented_only
    }


def _columns(bench: Bench) -> dict[tuple[str, str], list[tuple[str, str]]]:
    return {
        (schema, name): list(zip(names, types, strict=True))
        for _, schema, name, names, types in bench.adapter.columns()
    }


def make_world(bench: Bench, manifest: dict[str, Any], database: str, file: Path | None = None) -> World:
    content = contracted(manifest, bench, database)
    expected = expected_of(content)
    there = _columns(bench)
    kinds = {(one.schema, one.name): one.kind for one in bench.adapter.relations()}
    places = {one.id: (one.place.schema.text, one.place.name.text) for one in expected.relations}
    views_over = _views_over(
        expected, {key for key, place in places.items() if kinds.get(place) == "view"}, places
    )
    targets = []
    for one in expected.relations:
        schema, name = places[one.id]
        role = "contract" if one.contract else "source" if one.is_source else "documented"
        if kinds[schema, name] == "view":
            role = "view"
        elif views_over.get(f"{schema}.{name}"):
            role = "under a view"
        targets.append(
            Target(
                schema, name, kinds[schema, name], role, tuple(there[schema, name]),
                frozenset(column.name for column in one.columns),
                frozenset(column.name for column in one.columns if column.tests),
                bool(one.freshness and one.freshness.error_after),
            )
        )  # fmt: skip
    tests = {place.name.text for place in expected.tolerated} - {
        name for schema, name in kinds if schema == "audit"
    }
    loaded = [one.sql for one in targets if one.freshness]
    newest = max(_rows(bench, f"select max(_loaded_at) from {sql}")[0][0] for sql in loaded)
    now = newest.replace(tzinfo=dt.UTC) + dt.timedelta(hours=1)
    return World(bench, expected, tuple(targets), views_over, now, tuple(sorted(tests)), file)


def _views_over(
    expected: Expected, views: set[str], places: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """By relation the views that break with it."""
    over: dict[str, set[str]] = {}
    for view in views:
        waiting = list(expected.parents.get(view, ()))
        while waiting:
            parent = waiting.pop()
            if parent in places:
                over.setdefault(".".join(places[parent]), set()).add(".".join(places[view]))
            if parent in views or parent not in places:
                waiting += expected.parents.get(parent, ())
    return {place: tuple(sorted(found)) for place, found in over.items()}


def _rows(bench: Bench, sql: str) -> list[tuple[Any, ...]]:
    if bench.engine == "duckdb":
        rows: list[tuple[Any, ...]] = bench.connection.execute(sql).fetchall()
        return rows
    with bench.connection.cursor() as cursor:
        cursor.execute(sql)
        fetched: list[tuple[Any, ...]] = cursor.fetchall()
        return fetched


_TYPES = {"VARCHAR": "character varying(200)", "DOUBLE": "double precision", "UBIGINT": "numeric(20,0)"}


def copy_to_postgres(file: Path, bench: Bench) -> None:
    """All relations of a DuckDB file with up to three rows each; of views what they show, as views of a table."""
    with duckdb.connect(file, read_only=True) as source:
        found = source.execute(
            "select schema_name, table_name, false from duckdb_tables() union all "
            "select schema_name, view_name, true from duckdb_views() where not internal order by all"
        ).fetchall()
        bench.run(
            *(f"create schema if not exists {quoted(schema)}" for schema in sorted({row[0] for row in found}))
        )
        for schema, name, is_view in found:
            columns = source.execute(f"describe {quoted(schema, name)}").fetchall()
            shape = ", ".join(f"{quoted(column)} {_TYPES.get(kind, kind)}" for column, kind, *_ in columns)
            table = f"_dlt_{name}" if is_view else name
            bench.run(f"create table {quoted(schema, table)} ({shape})")
            few = source.execute(f"select * from {quoted(schema, name)} limit 3").fetchall()
            rows = [[value[:200] if isinstance(value, str) else value for value in row] for row in few]
            marks = ", ".join(["%s"] * len(columns))
            with bench.connection.cursor() as cursor:
                cursor.executemany(f"insert into {quoted(schema, table)} values ({marks})", rows)
            if is_view:
                bench.run(f"create view {quoted(schema, name)} as select * from {quoted(schema, table)}")
