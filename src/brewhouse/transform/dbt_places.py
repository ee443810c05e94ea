"""Where nodes of a manifest are built: dbt asks the manifest itself for schemas, so they are set there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from brewhouse.transform.execute import DYNAMIC, relation_kind
from brewhouse.transform.inputs import Columns
from brewhouse.transform.plan import Plan
from brewhouse.transform.target import EMPTY, URL_VARIABLE, Target
from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.engine import Engine, quoted

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


def fresh(manifest: Manifest) -> Manifest:
    """A copy: dbt keeps what it compiled in the manifest and would not compile it again.

    Disabled nodes are never compiled; dbt's own copying stumbles over them.
    """
    disabled, manifest.disabled = manifest.disabled, {}
    try:
        copy: Manifest = manifest.deepcopy()  # type: ignore[no-untyped-call]
    finally:
        manifest.disabled = disabled
    copy.disabled = disabled
    return copy


def move_nodes(manifest: Manifest, suffix: str) -> None:
    """Let dbt build all nodes in schemas whose names end with ``suffix``, save for dynamic tables, which stay."""
    for node in manifest.nodes.values() if suffix else ():
        if node.config.materialized != DYNAMIC:
            _move(node, node.schema + suffix)


def _move(node: Any, schema: str) -> None:
    if node.relation_name:
        node.relation_name = node.relation_name.replace(f"{quoted(node.schema)}.", f"{quoted(schema)}.", 1)
    node.schema = schema


@dataclass(frozen=True)
class EmptyPlace:
    """A warehouse without rows: a file, or schemas of their own on a server."""

    engine: Engine
    file: Path | None
    plan: Plan
    manifest: Manifest
    names: Mapping[str, str]
    """How schemas are called there."""

    def moved(self, columns: Columns) -> Columns:
        """``columns`` of tables that are there."""
        return [[self.names.get(schema, schema), *rest] for schema, *rest in columns]


@contextmanager
def empty_place(target: Target, manifest: Manifest, plan: Plan, scratch: Path) -> Iterator[EmptyPlace]:
    """A place for the models of ``plan`` and their sources; on a server it is gone afterwards."""
    if not target.suffix:
        file = scratch / "warehouse.duckdb"
        engine = DuckDB(lambda: duckdb.connect(file))  # configured as dbt's, which opens it beside
        yield EmptyPlace(engine, file, plan, manifest, {})
        engine.close()
        return
    from brewhouse.warehouse.postgres.engine import Postgres

    moved = fresh(manifest)
    nodes = [*moved.nodes.values(), *moved.sources.values()]
    names = {node.schema: node.schema.removesuffix(target.suffix) + EMPTY for node in nodes}
    for node in nodes:
        _move(node, names[node.schema])
    server = Postgres(os.environ[URL_VARIABLE])
    _drop(server)
    try:
        yield EmptyPlace(server, None, plan.renamed(names), moved, names)
    finally:
        _drop(server)
        server.close()


def _drop(engine: Engine) -> None:
    found = engine.rows("select nspname from pg_namespace where pg_has_role(nspowner, 'usage')")
    for (schema,) in found:
        if schema.endswith(EMPTY):
            engine.run(f"drop schema {quoted(schema)} cascade")


def build_empty(place: EmptyPlace) -> None:
    """Build the plan's plain models on empty inputs; the build itself will tell what is wrong with them."""
    engine = place.engine
    for schema in place.plan.schemas():
        engine.create_schema(schema)
    kinds = engine.relations()
    for node in place.plan.nodes:
        if node.kind == "model" and node.sql and node.relation not in kinds:
            with suppress(*engine.errors):
                engine.replace(relation_kind(node), node.relation, node.sql, None)
