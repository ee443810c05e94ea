"""Small manifests, as dbt writes them, and warehouses to hold against them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb

from brewhouse.parity import Verdict, compare
from brewhouse.parity.adapters.base import Adapter
from brewhouse.parity.adapters.duckdb import DuckDB
from brewhouse.parity.adapters.postgres import Postgres
from brewhouse.warehouse.postgres.connection import connect
from tests.support.postgres import Server

Columns = Mapping[str, str | None] | Sequence[str]


def quoted(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


@dataclass
class Manifest:
    """A manifest that grows by nodes."""

    database: str = "memory"
    adapter: str = "duckdb"
    schema: str = "main"
    quotes: bool = True
    version: int = 12
    nodes: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    disabled: dict[str, list[Any]] = field(default_factory=dict)

    def model(
        self,
        name: str,
        columns: Columns = (),
        *,
        materialized: str = "table",
        contract: bool = False,
        resource: str = "model",
        alias: str | None = None,
        schema: str | None = None,
        database: str | None = None,
        parents: Sequence[str] = (),
        quote: Sequence[str] = (),
        meta: Mapping[str, Any] | None = None,
        tags: Sequence[str] = (),
        enabled: bool = True,
        package: str = "shop",
        **config: Any,
    ) -> str:
        key = f"{resource}.{package}.{name}"
        place = (database or self.database, schema or self.schema, alias or name)
        node = {
            "unique_id": key, "resource_type": resource, "name": name, "package_name": package,
            "database": place[0], "schema": place[1], "alias": place[2], "fqn": [package, "marts", name],
            "original_file_path": f"models/marts/{name}.sql", "tags": list(tags), "meta": dict(meta or {}),
            "relation_name": None if materialized == "ephemeral" else self.rendered(*place),
            "checksum": {"name": "none", "checksum": ""}, "depends_on": {"nodes": list(parents), "macros": []},
            "columns": _columns(columns, quote),
            "config": {"materialized": materialized, "enabled": enabled, "meta": dict(meta or {}),
                       "contract": {"enforced": contract}, **config},
        }  # fmt: skip
        if enabled:
            self.nodes[key] = node
        else:
            self.disabled.setdefault(key, []).append(node)
        return key

    def source(
        self,
        name: str,
        columns: Columns = (),
        *,
        schema: str = "raw",
        identifier: str | None = None,
        database: str | None = None,
        quote: Sequence[str] = (),
        **more: Any,
    ) -> str:
        key = f"source.shop.app.{name}"
        place = (database or self.database, schema, identifier or name)
        self.sources[key] = {
            "unique_id": key, "resource_type": "source", "name": name, "source_name": "app",
            "package_name": "shop", "database": place[0], "schema": place[1], "identifier": place[2],
            "fqn": ["shop", "app", name], "original_file_path": "models/sources.yml", "tags": [], "meta": {},
            "relation_name": self.rendered(*place), "columns": _columns(columns, quote), "config": {"enabled": True},
            **more,
        }  # fmt: skip
        return key

    def test(self, name: str, tested: str, column: str | None = None, *, stored: bool = False) -> str:
        key = f"test.shop.{name}.abc"
        self.nodes[key] = {
            "unique_id": key, "resource_type": "test", "name": name, "package_name": "shop",
            "database": self.database, "schema": "audit", "alias": name, "fqn": ["shop", name],
            "original_file_path": "models/shop.yml", "column_name": column, "attached_node": tested,
            "relation_name": self.rendered(self.database, "audit", name) if stored else None, "columns": {},
            "checksum": {"name": "none", "checksum": ""}, "depends_on": {"nodes": [tested], "macros": []},
            "config": {"materialized": "test", "enabled": True},
        }  # fmt: skip
        return key

    def rendered(self, *place: str) -> str:
        return quoted(*place) if self.quotes else ".".join(place)

    def content(self) -> dict[str, Any]:
        return {
            "metadata": {
                "dbt_schema_version": f"https://schemas.getdbt.com/dbt/manifest/v{self.version}.json",
                "dbt_version": "1.11.0", "generated_at": "2026-06-30T12:00:00.000000Z",
                "project_name": "shop", "adapter_type": self.adapter,
            },
            "nodes": self.nodes, "sources": self.sources, "disabled": self.disabled,
        }  # fmt: skip


def _columns(columns: Columns, quote: Sequence[str]) -> dict[str, Any]:
    types = columns if isinstance(columns, Mapping) else dict.fromkeys(columns)
    return {
        name: {"name": name, "description": "It is.", "data_type": kind, "quote": name in quote or None}
        for name, kind in types.items()
    }


@dataclass
class Bench:
    """A warehouse of one engine, open for a test to write and for parity to read."""

    engine: str
    adapter: Adapter
    connection: Any
    database: str
    url: str = ""

    def run(self, *statements: str) -> None:
        for statement in statements:
            if self.engine == "duckdb":
                self.connection.execute(statement)
            else:
                with self.connection.cursor() as cursor:
                    cursor.execute(statement)

    def manifest(self) -> Manifest:
        return Manifest(database=self.database, adapter=self.engine)

    def verdict(self, manifest: Manifest, **more: Any) -> Verdict:
        return compare(manifest.content(), self.adapter, **more)


@contextmanager
def duckdb_bench() -> Iterator[Bench]:
    with duckdb.connect() as connection:
        yield Bench("duckdb", DuckDB(connection), connection, "memory")


@contextmanager
def postgres_bench(server: Server) -> Iterator[Bench]:
    """A database of its own; parity has a session that can only read."""
    with server.database() as name:
        url = server.url(database=name)
        with (
            contextlib.closing(connect(url)) as writer,
            contextlib.closing(connect(url, read_only=True)) as reader,
        ):
            yield Bench("postgres", Postgres(reader), writer, name, url)


def found(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Code, relation (without its database) and column of each finding."""
    return [(one.code, one.relation.partition(".")[2], one.column) for one in verdict.findings]
